"""POST /oauth/token (RFC 6749 §3.2): the phases that every grant shares, in the order that matters."""

from django.http import HttpResponse
from rest_framework.request import Request

from authserver import client_auth, errors, params, token_events, tokens
from authserver.authorization import Authorization
from authserver.client_auth import AuthenticatedClient
from authserver.endpoints.base import OAuthEndpoint
from authserver.endpoints.responses import json_response
from authserver.grants import GRANTS
from authserver.params import TokenRequest
from tenants import config_cache
from tenants.http import TenantRequest, http_request


class TokenEndpoint(OAuthEndpoint):
    """The phases. What a subclass may answer differently: who is asking, what that is worth, what the log hears."""

    asked: TokenRequest | None = None
    client: AuthenticatedClient | None = None

    def post(self, request: Request) -> HttpResponse:
        http = http_request(request)
        self.asked = asked = params.token_request(
            http.META.get("CONTENT_TYPE", ""),
            params.read_body(http),
            ip=http.META.get("REMOTE_ADDR", ""),
            forwarded_for=http.META.get("HTTP_AUTH0_FORWARDED_FOR", ""),
        )
        if asked.grant_type not in GRANTS:
            raise errors.UnsupportedGrantType(grant_type=asked.grant_type)
        try:
            return self._answer(http, asked)
        except errors.OAuthError as refusal:
            if not refusal.depends_on_settings:
                raise
            # What was switched on a moment ago, through another process, must not be refused on older knowledge.
            newer = config_cache.fresh(http.tenant)
            if newer is http.tenant:
                raise
            http.tenant = newer
            return self._answer(http, asked)

    def _answer(self, http: TenantRequest, asked: TokenRequest) -> HttpResponse:
        self.client = client = self.authenticated(http, asked)
        # Only now, so that nobody learns what an application may do without being that application.
        if asked.grant_type not in client.application.grant_types:
            raise errors.GrantTypeNotAllowed(grant_type=asked.grant_type)
        authorization = self.authorized(http, asked, client)
        try:
            issued = tokens.issue(authorization)
        except tokens.ClaimLostError:
            # Whoever came second is judged on what the first one left.
            authorization = self.authorized(http, asked, client)
            issued = tokens.issue(authorization)
        self.issued(http, asked, authorization)
        return json_response(issued.body())

    def authenticated(self, http: TenantRequest, asked: TokenRequest) -> AuthenticatedClient:
        """Who is asking. Raises what `client_auth.authenticate` raises."""
        header = http.META.get("HTTP_AUTHORIZATION", "")
        return client_auth.authenticate(http.tenant, asked.values, header, again=self.client is not None)

    def authorized(self, http: TenantRequest, asked: TokenRequest, client: AuthenticatedClient) -> Authorization:
        """What `client` may have. Raises what its grant raises."""
        return GRANTS[asked.grant_type](http.tenant, client, asked)

    def issued(self, http: TenantRequest, asked: TokenRequest, authorization: Authorization) -> None:
        """Told of every token, so that it is recorded."""
        token_events.issued(http, asked.grant_type, authorization)

    def refused(self, error: errors.OAuthError) -> None:
        token_events.refused(http_request(self.request), error, self.asked, self.client)
