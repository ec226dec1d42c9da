"""The token endpoint, asked on an operator's authority: what "Send" on the Test tab of an API does.

The endpoint's own phases decide and answer. What differs stands here: nobody proves to be the application, the token ends
after five minutes at most, and the log names the operator. Who may see the whole token is `api_test_answer`'s.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any, cast
from urllib.parse import urlencode

import orjson
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse

from apis import registry
from apis.models import TokenEndpointAuthMethod
from authserver import errors, token_events
from authserver.admin.proving import can_prove_itself
from authserver.authorization import Authorization
from authserver.client_auth import AuthenticatedClient
from authserver.endpoints.token import TokenEndpoint
from authserver.params import TokenRequest
from authserver.params.reading import FORM
from tenants.config_cache import CurrentTenant
from tenants.http import TenantRequest

# Seconds that a token from the console lives, unless its API's tokens live shorter.
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Asked:
    """What the endpoint answered: `body` is its JSON. Exactly one of `authorization` and `refusal` is set."""

    status: int
    reason: str
    body: dict[str, Any]
    authorization: Authorization | None
    refusal: errors.OAuthError | None

    def __repr__(self) -> str:
        return f"Asked(status={self.status})"


def ask(request: HttpRequest, tenant: CurrentTenant, values: Mapping[str, str]) -> Asked:
    """What `tenant` answers to a token request with the parameters `values`, sent by the operator of `request`."""
    endpoint = OperatorsTokenEndpoint(operator=request.user.get_username())
    sent = _token_request(request, tenant, urlencode(values).encode())
    endpoint.setup(sent)
    response = cast("HttpResponse", endpoint.dispatch(sent))
    authorization = endpoint.authorization if response.status_code == 200 else None
    return Asked(
        response.status_code, response.reason_phrase, orjson.loads(response.content), authorization, endpoint.refusal
    )


class OperatorsTokenEndpoint(TokenEndpoint):
    """Answers whoever may see the console's page, with what the application would be answered."""

    operator: str = ""
    authorization: Authorization | None = None
    refusal: errors.OAuthError | None = None

    def authenticated(self, http: TenantRequest, asked: TokenRequest) -> AuthenticatedClient:
        """The application that `asked` names, if it could authenticate now. Raises ClientAuthenticationFailed."""
        client = registry.application(http.tenant, asked.require("client_id"))
        if client is None:
            raise errors.ClientAuthenticationFailed(reason="The tenant has no application with this client_id.")
        signs = client.token_endpoint_auth_method == TokenEndpointAuthMethod.PRIVATE_KEY_JWT
        refusal = errors.ClientAssertionRefused if signs else errors.ClientAuthenticationFailed
        # A public client is refused by the grant itself, as at the endpoint.
        if not client.is_public and not can_prove_itself(client):
            what = "key" if signs else "client_secret"
            raise refusal(reason=f"The application has no {what} that has not expired: add one to its credentials.")
        if not client.enabled:
            raise refusal(reason="The application is disabled: enable it in its settings.")
        return AuthenticatedClient(client, None)

    def authorized(self, http: TenantRequest, asked: TokenRequest, client: AuthenticatedClient) -> Authorization:
        granted = super().authorized(http, asked, client)
        api = granted.api and replace(granted.api, token_lifetime=min(granted.api.token_lifetime, LONGEST))
        self.authorization = replace(granted, api=api)
        return self.authorization

    def issued(self, http: TenantRequest, asked: TokenRequest, authorization: Authorization) -> None:
        token_events.issued(http, asked.grant_type, authorization, console_test=self.operator)

    def refused(self, error: errors.OAuthError) -> None:
        self.refusal = error
        token_events.refused(
            cast("TenantRequest", self.request._request), error, self.asked, self.client, console_test=self.operator
        )


def _token_request(request: HttpRequest, tenant: CurrentTenant, body: bytes) -> TenantRequest:
    """POST /oauth/token with `body`, from where the operator is, as the middleware would hand it on."""
    meta = request.META
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/oauth/token",
        "CONTENT_TYPE": FORM,
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": tenant.host,
        "HTTP_USER_AGENT": meta.get("HTTP_USER_AGENT", ""),
        "REMOTE_ADDR": meta.get("REMOTE_ADDR", ""),
        "wsgi.url_scheme": tenant.scheme,
        "wsgi.input": BytesIO(body),
    }
    made = cast("TenantRequest", WSGIRequest(environ))
    made.tenant, made.is_page = tenant, False
    made.request_id = cast("TenantRequest", request).request_id
    return made
