"""The refresh token as /api/v2 writes and reads it (`wire.md` §2.6). Its id is its family's, so rotation keeps it."""

from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from rest_framework import serializers

from authserver import families
from authserver.management_api.audiences import MAX_LENGTH, audience_of
from authserver.management_api.cursor import CursorQuery
from authserver.models import RefreshToken, Session, TokenFamily
from tenants.rest.fields import Document, Flag, Items, Moment, Text
from tenants.rest.serializers import Body, FieldsQuery


class RefreshTokensQuery(FieldsQuery, CursorQuery):
    user_id = serializers.CharField(max_length=255, help_text="Whose refresh tokens.")
    client_id = serializers.CharField(required=False, max_length=255, help_text="Only those of this application.")


class RefreshTokenPatch(Body):
    refresh_token_metadata = Document(
        required=False, allow_null=True, help_text="Replaces all: up to 25 names with text of up to 255 characters."
    )
    cleared = {"refresh_token_metadata": dict}


class RefreshTokensRevoke(Body):
    """Which refresh tokens: `ids`; or those of a user, of an application or of both, and there those for one API."""

    ids = Items(child=Text(max_length=255), required=False, min_length=1, max_length=100)
    user_id = Text(required=False, allow_blank=False, max_length=255)
    client_id = Text(required=False, allow_blank=False, max_length=255)
    audience = Text(required=False, allow_blank=False, max_length=MAX_LENGTH, help_text="Goes with client_id.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs.keys() & {"ids", "user_id", "client_id"}:
            raise serializers.ValidationError({"": ["Say which: ids, user_id or client_id"]})
        if "ids" in attrs and len(attrs) > 1:
            raise serializers.ValidationError({"": ["Beside ids nothing else is allowed"]})
        if "audience" in attrs and "client_id" not in attrs:
            raise serializers.ValidationError({"": ["audience goes with client_id"]})
        return attrs


class OfToken(Moment):
    """A moment of the refresh token that a family holds now."""

    def get_attribute(self, instance: TokenFamily) -> datetime | None:
        return getattr(families.token_of(instance), str(self.source), None)


class RefreshTokenDevice(Body):
    """The browser in which the user signed in. Not known any more once somebody signed in there anew."""

    initial_ip = Text(source="ip")
    initial_user_agent = Text(source="user_agent")

    def get_attribute(self, instance: TokenFamily) -> Session | None:
        session = instance.session
        return session if session and session.auth_time == instance.auth_time else None


class RefreshTokenResourceServer(Body):
    audience = serializers.SerializerMethodField()
    scopes = serializers.SerializerMethodField(help_text="Separated by spaces.")

    def get_audience(self, family: TokenFamily) -> str:
        return audience_of(family.api, self.context["view"].http.tenant.issuer)

    def get_scopes(self, family: TokenFamily) -> str:
        return " ".join(family.scopes)


class RefreshTokenResourceServers(Items):
    """The API that a refresh token is for: one, here."""

    child = RefreshTokenResourceServer()

    def get_attribute(self, instance: TokenFamily) -> list[TokenFamily]:
        return [instance]


class RefreshTokenAnswer(Body):
    """A refresh token of `shown`. Its value is nowhere."""

    id = Text()
    user_id = Text(source="user.user_id")
    created_at = Moment()
    idle_expires_at = OfToken()
    expires_at = OfToken()
    device = RefreshTokenDevice()
    client_id = Text(source="application.client_id")
    session_id = Text()
    rotating = Flag(source="application.rotates_refresh_tokens")
    resource_servers = RefreshTokenResourceServers()
    last_exchanged_at = Moment()
    refresh_token_metadata = Document(source="metadata")


def shown(rows: QuerySet[TokenFamily]) -> QuerySet[TokenFamily]:
    """`rows` with all that the answer says of them. Two statements."""
    # A rotated token keeps its row, and there the moment in which it was exchanged.
    exchanged = RefreshToken.objects.filter(family=OuterRef("pk"), last_exchanged_at__isnull=False)
    latest = exchanged.order_by("-last_exchanged_at").values("last_exchanged_at")[:1]
    read = families.with_refresh_token(rows).select_related("user", "application", "api", "session", "tenant")
    return read.annotate(last_exchanged_at=Subquery(latest))
