"""GET and POST /userinfo (OIDC Core §5.3): what the person's application may know of the person."""

from django.http import HttpResponse
from rest_framework.request import Request

from authserver import bearer, claims, dialects, errors, params
from authserver.endpoints.base import OAuthEndpoint
from authserver.endpoints.responses import json_response
from authserver.params.reading import FORM
from authserver.profiles import profile
from authserver.scopes import OPENID
from tenants.http import TenantRequest, http_request


class UserinfoEndpoint(OAuthEndpoint):
    came_with_token = False

    def get(self, request: Request) -> HttpResponse:
        return self._answer(http_request(request), {})

    def post(self, request: Request) -> HttpResponse:
        http = http_request(request)
        # The token may stand in the header as well, beside an empty body of whatever type.
        is_form = http.META.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() == FORM
        return self._answer(http, params.form(FORM, params.read_body(http))[0] if is_form else {})

    def _answer(self, http: TenantRequest, body: dict[str, str]) -> HttpResponse:
        token = _token(http, body)
        self.came_with_token = bool(token)
        found = bearer.holding(http.tenant, token)
        audience = found.claims["aud"]
        if f"{http.tenant.issuer}userinfo" not in (audience if isinstance(audience, list) else [audience]):
            raise errors.InvalidToken(reason="The access token was not issued for userinfo: ask with the scope openid.")
        if found.family is None or OPENID not in found.scopes:
            raise errors.InsufficientScope(scope=OPENID)
        user, rules = found.family.user, profile(http.tenant.security_profile)
        asked = found.family.claims_request.get("userinfo", {})
        said = claims.about(user, found.scopes, asked, rules)
        return json_response({"sub": user.user_id} | said)

    def error_response(self, request: TenantRequest, error: errors.OAuthError) -> HttpResponse:
        """RFC 6750 §3: the challenge says why, unless there was no token at all. Auth0's body says "Unauthorized"."""
        rules = profile(request.tenant.security_profile)
        said = dialects.wording(rules.dialect, error)
        challenge = f'Bearer realm="{request.tenant.name}"'
        if self.came_with_token:
            challenge += f', error="{said.code}", error_description="{said.text}"'
        if said.status not in (401, 403):
            return super().error_response(request, error)
        if said.status == 401 and rules.dialect == "auth0":
            response = HttpResponse("Unauthorized", content_type="text/plain; charset=utf-8", status=401)
            response.headers["Cache-Control"] = "no-store"
        else:
            response = json_response({"error": said.code, "error_description": said.text}, said.status)
        response.headers["WWW-Authenticate"] = challenge
        return response


def _token(http: TenantRequest, body: dict[str, str]) -> str:
    """From the header or the form, not from both and never from the address (RFC 6750 §2, T-074)."""
    header = str(http.META.get("HTTP_AUTHORIZATION", ""))
    in_body = body.get("access_token", "")
    if "access_token" in http.GET:
        raise errors.InvalidRequest(reason="An access token must not stand in the address")
    if header and in_body:
        raise errors.InvalidRequest(reason="Send the access token once: in the header or in the body")
    if not header:
        return in_body
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer":
        raise errors.InvalidRequest(reason="The Authorization header must use Bearer")
    return token.strip()
