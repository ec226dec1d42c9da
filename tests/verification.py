"""A resource server as its author would write it: it knows an issuer, an audience and the key set, nothing of us."""

from typing import Any

import jwt

from tests.conftest import World


def verified(world: World, token: str, audience: str | None = None) -> dict[str, Any]:
    """The claims of `token`, verified with PyJWT from the published key set alone."""
    key_set = jwt.PyJWKSet.from_dict(world.http().get("/.well-known/jwks.json").json())
    key = key_set[jwt.get_unverified_header(token)["kid"]]
    claims: dict[str, Any] = jwt.decode(
        token, key, algorithms=["RS256"], audience=audience or world.api.identifier, issuer=world.issuer
    )
    return claims
