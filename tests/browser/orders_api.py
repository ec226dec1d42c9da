"""A protected API of somebody else: it knows an issuer, its own identifier and the key set, and verifies with PyJWT."""

import json
import ssl
from typing import Any

import jwt

from tests.browser.serving import Site

AUDIENCE = "https://orders.example.com"


class Issuer:
    """Whose tokens count. Keys are fetched from its key set."""

    def __init__(self, issuer: str, authority: str) -> None:
        self.issuer = issuer
        context = ssl.create_default_context(cafile=authority)
        self._keys = jwt.PyJWKClient(f"{issuer}.well-known/jwks.json", ssl_context=context)

    def verified(self, token: str, audience: str) -> dict[str, Any]:
        """The claims of `token`. Raises jwt.PyJWTError."""
        key = self._keys.get_signing_key_from_jwt(token)
        claims: dict[str, Any] = jwt.decode(token, key, algorithms=["RS256"], audience=audience, issuer=self.issuer)
        return claims


class OrdersApi(Site):
    def do_GET(self) -> None:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            claims = self.server.issuer.verified(token, AUDIENCE)
        except jwt.PyJWTError:
            return self._say(401, {"error": "invalid_token"})
        if "read:orders" not in claims.get("scope", "").split():
            return self._say(403, {"error": "insufficient_scope"})
        return self._say(200, {"orders": ["Brass padlock"], "sub": claims["sub"]})

    def _say(self, status: int, body: dict[str, Any]) -> None:
        self.answer(json.dumps(body), status, Content_Type="application/json", Access_Control_Allow_Origin="*")
