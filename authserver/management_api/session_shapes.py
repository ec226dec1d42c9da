"""The session as /api/v2 writes and reads it (`wire.md` §2.6). The cookie's secret is nowhere, not even hashed."""

from typing import Any

from django.db.models import Min, Prefetch, QuerySet
from rest_framework import serializers

from authserver.models import Session, TokenFamily
from tenants.rest.fields import Document, Items, Moment, Text
from tenants.rest.serializers import Body


class SessionPatch(Body):
    session_metadata = Document(
        required=False, allow_null=True, help_text="Replaces all: up to 25 names with text of up to 255 characters."
    )
    cleared = {"session_metadata": dict}


class SessionDevice(Body):
    """`last_…` is of the last login, `initial_…` of the first: not known any more once there was another."""

    initial_ip = serializers.SerializerMethodField()
    initial_user_agent = serializers.SerializerMethodField()
    last_ip = Text(source="ip")
    last_user_agent = Text(source="user_agent")

    def get_initial_ip(self, session: Session) -> str | None:
        return session.ip if _is_first_login(session) else None

    def get_initial_user_agent(self, session: Session) -> str | None:
        return session.user_agent if _is_first_login(session) else None


class SessionClient(Body):
    client_id = Text(source="application.client_id")


class AuthenticationMethod(Body):
    name = Text(help_text="An amr value (RFC 8176), such as pwd.")
    timestamp = Moment()


class AuthenticationMethods(Items):
    child = AuthenticationMethod()

    def get_attribute(self, instance: Session) -> list[dict[str, Any]]:
        return [{"name": name, "timestamp": instance.auth_time} for name in instance.amr]


class SessionAuthentication(Body):
    methods = AuthenticationMethods()


class SessionCookie(Body):
    mode = serializers.SerializerMethodField(help_text="persistent or non-persistent: the tenant's setting.")

    def get_mode(self, session: Session) -> str:
        settings = self.context["view"].http.tenant.settings
        return "persistent" if settings.session_cookie_persistent else "non-persistent"


class SessionAnswer(Body):
    """A session of `shown`."""

    id = Text()
    user_id = Text(source="user.user_id")
    created_at = Moment()
    updated_at = Moment(source="last_seen_at", help_text="To the minute.")
    authenticated_at = Moment(source="auth_time")
    idle_expires_at = Moment()
    expires_at = Moment()
    last_interacted_at = Moment(source="last_seen_at", help_text="To the minute.")
    device = SessionDevice(source="*")
    clients = Items(child=SessionClient(), source="families", help_text="Which got tokens in this session.")
    authentication = SessionAuthentication(source="*")
    cookie = SessionCookie(source="*")
    session_metadata = Document(source="metadata")


def shown(rows: QuerySet[Session], *, among: QuerySet[TokenFamily]) -> QuerySet[Session]:
    """`rows` with all that the answer says of them. Two statements.

    An application gets a family whenever it asks, so one is read for all that it has in a session. `among` says which there
    can be, that those of the whole world need not be looked at.
    """
    one_each = among.order_by().values("session", "application").annotate(one=Min("pk")).values("one")
    families = TokenFamily.objects.filter(pk__in=one_each).select_related("application").order_by("application")
    return rows.select_related("user", "tenant").prefetch_related(
        Prefetch("token_families", queryset=families, to_attr="families")
    )


def _is_first_login(session: Session) -> bool:
    """A later one in the same browser moves `auth_time` past the moment in which the row was made."""
    return session.auth_time <= session.created_at
