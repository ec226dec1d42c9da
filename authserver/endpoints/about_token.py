"""What revocation and introspection share: a client proves who it is and names one token."""

from django.http import HttpResponse
from rest_framework.request import Request

from authserver import client_auth, errors, params, people_events
from authserver.client_auth import AuthenticatedClient
from authserver.endpoints.base import OAuthEndpoint
from tenants import config_cache
from tenants.http import TenantRequest, http_request

# The twin of Auth0's `srrt`, which has no code for a refusal.
REFUSED = "frrt"


class AboutTokenEndpoint(OAuthEndpoint):
    """Base of both. A subclass answers `about` with an HttpResponse or raises OAuthError; refusals are recorded here."""

    values: dict[str, str] | None = None
    client: AuthenticatedClient | None = None

    def post(self, request: Request) -> HttpResponse:
        http = http_request(request)
        self.values, _ = params.form_or_json(http.META.get("CONTENT_TYPE", ""), params.read_body(http))
        self.client = client = _authenticated(http, self.values)
        return self.about(http, client, self.values.get("token", ""))

    def about(self, http: TenantRequest, client: AuthenticatedClient, token: str) -> HttpResponse:
        """Answers `client`. `token` is "" when it named none."""
        raise NotImplementedError

    def refused(self, error: errors.OAuthError) -> None:
        http = http_request(self.request)
        claimed = client_auth.claimed_client_id(self.values or {}, http.META.get("HTTP_AUTHORIZATION", ""))
        client = self.client.application if self.client else None
        people_events.refused(http, REFUSED, error, client=client, endpoint=http.path, claimed_client_id=claimed)


def _authenticated(http: TenantRequest, values: dict[str, str]) -> AuthenticatedClient:
    header = http.META.get("HTTP_AUTHORIZATION", "")
    try:
        return client_auth.authenticate(http.tenant, values, header)
    except errors.ClientAuthenticationFailed:
        # As at the token endpoint: a refusal is decided on the newest settings.
        newer = config_cache.fresh(http.tenant)
        if newer is http.tenant:
            raise
        http.tenant = newer
        return client_auth.authenticate(newer, values, header)
