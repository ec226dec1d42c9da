"""GET /demo/api/orders: a protected API of thirty lines, as its author would write it with any JWT library.

It knows three facts: the issuer, its own identifier as audience, and the published key set. No token is stored anywhere.
"""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from apis.services.demo import API_IDENTIFIER
from authserver.demo.gate import demo_tenant
from authserver.endpoints.responses import json_response
from tenants.config_cache import CurrentTenant
from tenants.keys import jws
from tenants.keys.keyring import keyring

READ = "read:orders"
_ORDERS = (
    {"number": 1001, "item": "Brass padlock", "status": "delivered"},
    {"number": 1002, "item": "Spare keys, set of three", "status": "on its way"},
)


def orders(request: HttpRequest) -> HttpResponse:
    """The caller's orders. 401 without a good token, 403 without the scope `read:orders` (RFC 6750 §3.1). Raises Http404."""
    tenant = demo_tenant(request)
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return _refusal(401, "", "Send an access token: Authorization: Bearer …")
    try:
        claims = jws.verify(token, _published_keys(tenant), issuer=tenant.issuer, audience=API_IDENTIFIER)
    except jws.InvalidTokenError as error:
        return _refusal(401, "invalid_token", str(error))
    if READ not in str(claims.get("scope", "")).split():
        return _refusal(403, "insufficient_scope", f"The access token lacks the scope {READ}.")
    return json_response({"sub": claims["sub"], "orders": _ORDERS})


def _published_keys(tenant: CurrentTenant) -> dict[str, jws.PublicKey]:
    """The keys as /.well-known/jwks.json has them, by kid."""
    published: list[dict[str, Any]] = json.loads(keyring(tenant).jwks)["keys"]
    return {jwk["kid"]: jws.public_key(jwk) for jwk in published}


def _refusal(status: int, error: str, description: str) -> HttpResponse:
    """RFC 6750 §3: the reason stands in the challenge; a request without any token is told no error code."""
    challenge = 'Bearer realm="orders"'
    if error:
        challenge += f', error="{error}", error_description="{description}"'
    if status == 403:
        challenge += f', scope="{READ}"'
    body = {"error": error or "unauthorized", "error_description": description}
    return json_response(body, status, {"WWW-Authenticate": challenge})
