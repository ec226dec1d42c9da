"""Here it is: tokens made from an `Authorization`. Decides nothing; what is in the authorization stands in the token."""

from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from authserver import access_tokens, id_tokens
from authserver.authorization import Authorization
from authserver.scopes import OPENID


class ClaimLostError(Exception):
    """Somebody else used the code or refresh token in the same moment: judge the request again on what is there now."""


@dataclass(frozen=True, slots=True)
class IssuedTokens:
    """The successful answer of the token endpoint (RFC 6749 §5.1). `expires_in` in seconds; "" is what was not issued."""

    access_token: str
    expires_in: int
    scope: str
    id_token: str = ""
    refresh_token: str = ""

    def body(self) -> dict[str, Any]:
        """As it stands in the answer. `scope` is left out when the token has none, as Auth0 does."""
        members: dict[str, Any] = {"access_token": self.access_token}
        for name in ("refresh_token", "id_token", "scope"):
            if value := getattr(self, name):
                members[name] = value
        return members | {"expires_in": self.expires_in, "token_type": "Bearer"}

    def __repr__(self) -> str:
        return f"IssuedTokens(expires_in={self.expires_in}, scope={self.scope!r})"


def issue(authorization: Authorization) -> IssuedTokens:
    """The tokens that `authorization` is worth, issued now. Raises ClaimLostError.

    What is used up and what is stored for it go into one transaction: either both or none (L-05). Everything is signed
    inside it, so that a key that is missing uses nothing up.
    """
    stores = authorization.claim or authorization.refresh or authorization.api is None
    with transaction.atomic() if stores else nullcontext():
        if authorization.claim and not authorization.claim():
            raise ClaimLostError
        access = access_tokens.issue(authorization)
        refresh_token = authorization.refresh() if authorization.refresh else ""
        id_token = ""
        if authorization.person and OPENID in authorization.scopes:
            id_token = id_tokens.issue(authorization, authorization.person, access_token=access.value)
    return IssuedTokens(access.value, access.lifetime, " ".join(authorization.scopes), id_token, refresh_token)


def issue_to_browser(
    authorization: Authorization, response_types: frozenset[str], *, code: str = "", state: str = ""
) -> dict[str, str]:
    """The tokens of an implicit or hybrid answer (OIDC Core §3.2.2.5, §3.3.2.5), by parameter name."""
    answer: dict[str, str] = {"code": code} if code else {}
    if "token" in response_types:
        access = access_tokens.issue(authorization, to_browser=True)
        answer |= {"access_token": access.value, "token_type": "Bearer", "expires_in": str(access.lifetime)}
        if authorization.scopes:
            answer["scope"] = " ".join(authorization.scopes)
    if "id_token" in response_types and authorization.person:
        bound = {"access_token": answer.get("access_token", ""), "code": code, "state": state}
        alone = response_types == {"id_token"}
        answer["id_token"] = id_tokens.issue(authorization, authorization.person, alone=alone, **bound)
    return answer
