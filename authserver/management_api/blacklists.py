"""/api/v2/blacklists/tokens: access tokens that ended one by one, by jti. Auth0 has taken it off; its SDKs still call it."""

from django.db.models import Q, QuerySet
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from apis.management_api.resource_servers import named
from apis.models import API
from authserver import services
from authserver.management_api.audiences import MAX_LENGTH, has_audience
from authserver.models import RevokedToken
from tenants.rest.errors import ManagementError
from tenants.rest.fields import Text
from tenants.rest.operations import operation
from tenants.rest.serializers import Body, PageQuery
from tenants.rest.views import ManagementView


class BlacklistedTokensQuery(PageQuery):
    aud = serializers.CharField(required=False, max_length=MAX_LENGTH, help_text="Only those for this API.")


class BlacklistedToken(Body):
    aud = Text(max_length=MAX_LENGTH, help_text="The identifier of the API that the token is for.")
    jti = Text(max_length=255, help_text="Which token.")


class BlacklistedTokenAnswer(Body):
    aud = serializers.SerializerMethodField(help_text="Not there for a token whose API is gone.")
    jti = Text()

    def get_aud(self, token: RevokedToken) -> str | None:
        return token.api.audience_at(self.context["view"].http.tenant.issuer) if token.api else None


class BlacklistedTokens(ManagementView):
    @operation(
        "Get blacklisted tokens",
        "blacklist:tokens",
        query=BlacklistedTokensQuery,
        answer=BlacklistedTokenAnswer,
        lists="tokens",
    )
    def get(self, request: Request) -> QuerySet[RevokedToken]:
        tenant = self.http.tenant
        which = has_audience(tenant, self.query["aud"]) if "aud" in self.query else Q()
        return RevokedToken.objects.of(tenant).filter(which, expires_at__gt=timezone.now()).select_related("api")

    @operation("Blacklist a token", "blacklist:tokens", status=204, body=BlacklistedToken)
    def post(self, request: Request) -> None:
        """Twice is no error. Nobody here knows which tokens there are, so the jti is taken as it is."""
        tenant = self.http.tenant
        api = API.objects.of(tenant).filter(named(tenant.issuer, self.body["aud"])).first()
        if api is None:
            raise ManagementError(404, "The resource server does not exist", "inexistent_resource_server")
        services.blacklist_token(api, self.body["jti"], by=self.actor)
