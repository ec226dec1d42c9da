"""Here it is: `issue(Authorization)` makes the tokens. Decides nothing; what is in the authorization stands in the token."""

import secrets
import time
from dataclasses import dataclass
from typing import Any

from apis.models import TokenDialect
from authserver.authorization import Authorization
from tenants.keys.keyring import keyring

_RFC9068 = frozenset({TokenDialect.RFC9068.value, TokenDialect.RFC9068_AUTHZ.value})
_WITH_PERMISSIONS = frozenset({TokenDialect.ACCESS_TOKEN_AUTHZ.value, TokenDialect.RFC9068_AUTHZ.value})


@dataclass(frozen=True, slots=True)
class IssuedTokens:
    """The successful answer of the token endpoint (RFC 6749 §5.1). `expires_in` in seconds."""

    access_token: str
    expires_in: int
    scope: str

    def body(self) -> dict[str, Any]:
        """As it stands in the answer. `scope` is left out when the token has none, as Auth0 does."""
        members: dict[str, Any] = {"access_token": self.access_token}
        if self.scope:
            members["scope"] = self.scope
        return members | {"expires_in": self.expires_in, "token_type": "Bearer"}

    def __repr__(self) -> str:
        return f"IssuedTokens(expires_in={self.expires_in}, scope={self.scope!r})"


def issue(authorization: Authorization) -> IssuedTokens:
    """The tokens that `authorization` is worth, issued now."""
    api = authorization.api
    claims = _access_token_claims(authorization, int(time.time()))
    typ = "at+jwt" if api.token_dialect in _RFC9068 else "JWT"
    if api.signer is not None:
        token = api.signer.sign(api.signer.encode_header(typ), claims)
    else:
        token = keyring(authorization.tenant).sign(claims, typ)
    return IssuedTokens(token, api.token_lifetime, claims.get("scope", ""))


def _access_token_claims(authorization: Authorization, now: int) -> dict[str, Any]:
    """Claims in the order of real Auth0 tokens (`wire.md` §1.4). `jti` always: revocation goes by it."""
    api, client = authorization.api, authorization.client
    claims: dict[str, Any] = {
        "iss": authorization.tenant.issuer,
        "sub": authorization.subject,
        "aud": api.audience,
        "iat": now,
        "exp": now + api.token_lifetime,
    }
    if authorization.scopes:
        claims["scope"] = " ".join(authorization.scopes)
    if api.token_dialect in _RFC9068:
        claims["client_id"] = client.client_id
    else:
        claims["gty"] = authorization.grant_name
        claims["azp"] = client.client_id
    claims["jti"] = secrets.token_urlsafe(16)
    if api.token_dialect in _WITH_PERMISSIONS:
        claims["permissions"] = list(authorization.scopes)
    return claims
