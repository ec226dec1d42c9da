"""Access tokens given back to us, at userinfo and introspection: whose they are, and whether they still hold.

A JWT is judged by its signature, then by its family and the blacklist; an opaque token by its row. One that an API could
have made itself (HS256) proves nothing to us and holds nowhere here. The Management API has a check of its own on the
ground floor (`tenants.rest.bearer`), which asks `is_revoked` here.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Exists
from django.utils import timezone

from apis import registry
from authserver import access_tokens, errors, families
from authserver.models import AccessToken, RevokedToken, TokenFamily
from authserver.random_secrets import digest
from tenants.config_cache import CurrentTenant
from tenants.keys import jws
from tenants.keys.keyring import keyring

# No token of ours is longer; what is need not be looked at.
MAX_LENGTH = 8_192


@dataclass(frozen=True, slots=True)
class BearerToken:
    """A token that holds. `family` is None for a machine's. `claims` are the JWT's, or what an opaque one would say."""

    claims: dict[str, Any]
    client_id: str
    scopes: frozenset[str]
    family: TokenFamily | None
    opaque: AccessToken | None = None


def holding(tenant: CurrentTenant, token: str) -> BearerToken:
    """The access token `token` of this tenant. One statement while the configuration is warm. Raises InvalidToken."""
    if not token or len(token) > MAX_LENGTH or "\x00" in token:
        raise errors.InvalidToken(reason="There is no access token, or it is not one of ours.")
    found = _jwt(tenant, token) if token.count(".") == 2 else _opaque(tenant, token)
    client = registry.application(tenant, found.client_id)
    if found.family is not None and (reason := families.why_ended(tenant, client, found.family)):
        raise errors.InvalidToken(reason=reason)
    if client is None or not client.enabled:
        raise errors.InvalidToken(reason="The application is disabled: enable it in its settings.")
    return found


def is_revoked(tenant: CurrentTenant, claims: dict[str, Any]) -> bool:
    """Whether a verified access token ended before its time: itself, its family, or its application. One statement."""
    client = registry.application(tenant, str(claims.get("azp") or claims.get("client_id") or ""))
    if client is None or not client.enabled:
        return True
    jti = str(claims.get("jti", ""))
    blacklisted = RevokedToken.objects.of(tenant).filter(jti=jti)
    if family_id := access_tokens.family_of(jti):
        live = families.live().filter(~Exists(blacklisted), pk=family_id, tenant=tenant.id, user__blocked=False)
        return not live.exists()
    return blacklisted.exists()


def revoke(tenant: CurrentTenant, found: BearerToken) -> None:
    """Ends the access token: with its whole family where a person stands behind it, else by itself."""
    if found.family is not None:
        families.revoke_one(found.family.pk)
        return
    api = registry.api(tenant, found.claims["aud"])
    about = {"expires_at": datetime.fromtimestamp(found.claims["exp"], tz=UTC), "api_id": api.id if api else None}
    RevokedToken.objects.get_or_create(tenant_id=tenant.id, jti=found.claims["jti"], defaults=about)


def _jwt(tenant: CurrentTenant, token: str) -> BearerToken:
    try:
        claims = jws.verify(token, keyring(tenant).public_keys, issuer=tenant.issuer, audience=None)
    except jws.InvalidTokenError as error:
        raise errors.InvalidToken(reason=f"The access token does not verify: {error}.") from error
    jti, client_id = claims.get("jti"), claims.get("azp") or claims.get("client_id")
    # ID tokens have neither (T-070).
    if not isinstance(jti, str) or not isinstance(client_id, str):
        raise errors.InvalidToken(reason="The token is no access token.")
    blacklisted = RevokedToken.objects.of(tenant).filter(jti=jti)
    family = None
    if family_id := access_tokens.family_of(jti):
        rows = TokenFamily.objects.of(tenant).select_related("user").filter(~Exists(blacklisted), pk=family_id)
        family = rows.first()
    has_ended = family is None if family_id else blacklisted.exists()
    if has_ended:
        raise errors.InvalidToken(reason="The access token was revoked.")
    return BearerToken(claims, client_id, frozenset(str(claims.get("scope", "")).split()), family)


def _opaque(tenant: CurrentTenant, token: str) -> BearerToken:
    rows = AccessToken.objects.of(tenant).select_related("family__user", "application")
    row = rows.filter(token_checksum=digest(token), expires__gt=timezone.now()).first()
    if row is None:
        raise errors.InvalidToken(reason="There is no such access token, or it has expired.")
    claims = {
        "iss": tenant.issuer,
        "sub": row.family.user.user_id,
        "aud": f"{tenant.issuer}userinfo",
        "iat": int(row.created.timestamp()),
        "exp": int(row.expires.timestamp()),
    }
    return BearerToken(claims, row.application.client_id, frozenset(row.scope.split()), row.family, row)
