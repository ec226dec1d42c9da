"""Access tokens: a JWT in the form that its API asks for, or an opaque one that opens the person's own profile only."""

import secrets
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from apis.models import SigningAlg, TokenDialect
from apis.registry import APIValue
from authserver import claims
from authserver.authorization import Authorization
from authserver.families import OPAQUE_LIFETIME
from authserver.models import AccessToken
from authserver.random_secrets import digest, fresh
from authserver.scopes import OPENID
from tenants.keys.keyring import keyring

_RFC9068 = frozenset({TokenDialect.RFC9068.value, TokenDialect.RFC9068_AUTHZ.value})
_WITH_PERMISSIONS = frozenset({TokenDialect.ACCESS_TOKEN_AUTHZ.value, TokenDialect.RFC9068_AUTHZ.value})
OPAQUE_LIFETIME_FOR_WEB = 7_200


@dataclass(frozen=True, slots=True)
class IssuedAccessToken:
    """An access token in the one moment in which it can be read. `lifetime` in seconds."""

    value: str
    lifetime: int

    def __repr__(self) -> str:
        return f"IssuedAccessToken(lifetime={self.lifetime})"


def issue(authorization: Authorization, *, to_browser: bool = False) -> IssuedAccessToken:
    """The access token of `authorization`. One that a browser is handed directly lives shorter."""
    api = authorization.api
    if api is None:
        return _opaque(authorization, OPAQUE_LIFETIME_FOR_WEB if to_browser else OPAQUE_LIFETIME)
    lifetime = api.token_lifetime_for_web if to_browser else api.token_lifetime
    stated = _claims(authorization, api, int(time.time()), lifetime)
    typ = "at+jwt" if api.token_dialect in _RFC9068 else "JWT"
    if api.signer is not None:
        return IssuedAccessToken(api.signer.sign(api.signer.encode_header(typ), stated), lifetime)
    return IssuedAccessToken(keyring(authorization.tenant).sign(stated, typ, api.signing_alg), lifetime)


def family_of(jti: str) -> str:
    """The family that a person's access token belongs to, "" for a machine's: it stands in front of the jti's dot."""
    return jti.partition(".")[0] if "." in jti else ""


def _opaque(authorization: Authorization, lifetime: int) -> IssuedAccessToken:
    value = fresh()
    AccessToken.objects.create(
        tenant_id=authorization.tenant.id,
        application_id=authorization.client.id,
        user=authorization.person.user if authorization.person else None,
        family_id=authorization.family_id,
        token_checksum=digest(value),
        scope=" ".join(authorization.scopes),
        expires=timezone.now() + timedelta(seconds=lifetime),
    )
    return IssuedAccessToken(value, lifetime)


def _claims(authorization: Authorization, api: APIValue, now: int, lifetime: int) -> dict[str, Any]:
    """Claims in the order of real Auth0 tokens (`wire.md` §1.4). `jti` always: revocation goes by it."""
    issuer = authorization.tenant.issuer
    stated: dict[str, Any] = {
        "iss": issuer,
        "sub": authorization.subject,
        "aud": [api.audience, f"{issuer}userinfo"] if _opens_userinfo(authorization, api) else api.audience,
        "iat": now,
        "exp": now + lifetime,
    }
    if authorization.scopes:
        stated["scope"] = " ".join(authorization.scopes)
    if api.token_dialect in _RFC9068:
        stated["client_id"] = authorization.client.client_id
        if person := authorization.person:
            stated |= {"auth_time": int(person.auth_time.timestamp()), "acr": claims.ACR, "amr": list(person.amr)}
    else:
        if authorization.grant_name:
            stated["gty"] = authorization.grant_name
        stated["azp"] = authorization.client.client_id
    random = secrets.token_urlsafe(16)
    stated["jti"] = f"{authorization.family_id}.{random}" if authorization.family_id else random
    if api.token_dialect in _WITH_PERMISSIONS:
        stated["permissions"] = list(authorization.permissions)
    return stated


def _opens_userinfo(authorization: Authorization, api: APIValue) -> bool:
    """A token that the API could make itself (HS256) proves nothing to us."""
    return authorization.person is not None and OPENID in authorization.scopes and api.signing_alg != SigningAlg.HS256
