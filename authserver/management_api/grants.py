"""/api/v2/grants: what people allowed applications. A row of ours is a `Consent`, and ends with its refresh tokens."""

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request

from authserver import services
from authserver.management_api.audiences import MAX_LENGTH, audience_of, has_audience
from authserver.models import Consent
from tenants.management_api import found_users
from tenants.rest.fields import Items, Text
from tenants.rest.operations import operation
from tenants.rest.serializers import Body, PageQuery, Query
from tenants.rest.views import ManagementView


class UserGrantsQuery(PageQuery):
    user_id = serializers.CharField(required=False, max_length=255, help_text="Only those of this user.")
    client_id = serializers.CharField(required=False, max_length=255, help_text="Only those for this application.")
    audience = serializers.CharField(required=False, max_length=MAX_LENGTH, help_text="Only those about this API.")


class UserGrantsOfUserQuery(Query):
    user_id = serializers.CharField(max_length=255, help_text="Whose consents go, all of them.")


class UserGrantAnswer(Body):
    id = Text()
    clientID = Text(source="application.client_id")  # noqa: N815 - Auth0 spells it so
    user_id = Text(source="user.user_id")
    audience = serializers.SerializerMethodField(help_text="Of the API; that of userinfo where only the profile is meant.")
    scope = Items(child=Text(), source="scopes")

    def get_audience(self, consent: Consent) -> str:
        return audience_of(consent.api, self.context["view"].http.tenant.issuer)


class UserGrants(ManagementView):
    @operation(
        "Get grants of users",
        "read:grants",
        query=UserGrantsQuery,
        answer=UserGrantAnswer,
        lists="grants",
        order=("created_at", "pk"),
    )
    def get(self, request: Request) -> QuerySet[Consent]:
        rows = Consent.objects.of(self.http.tenant).select_related("user", "application", "api")
        if "user_id" in self.query:
            rows = rows.filter(user__user_id=self.query["user_id"])
        if "client_id" in self.query:
            rows = rows.filter(application__client_id=self.query["client_id"])
        if "audience" in self.query:
            rows = rows.filter(has_audience(self.http.tenant, self.query["audience"]))
        return rows

    @operation("Delete all grants of a user", "delete:grants", status=204, query=UserGrantsOfUserQuery)
    def delete(self, request: Request) -> None:
        """No error for a user who allowed nothing, or whom nobody knows."""
        user = found_users.first(self.http.tenant, self.query["user_id"])
        if user is not None:
            services.withdraw_consents_of(user, by=self.actor)


class UserGrant(ManagementView):
    @operation("Delete a grant of a user", "delete:grants", status=204)
    def delete(self, request: Request, key: str) -> None:
        if consent := Consent.objects.of(self.http.tenant).filter(pk=key).first():
            services.withdraw_consent(consent, by=self.actor)
