"""What a client assertion must say, and that it says it once (private_key_jwt: RFC 7523 §3, OIDC Core §9, `wire.md` §1.3).

The signature is `tenants.keys.assertions`' to verify. `aud` is the issuer that the request came to, or its token endpoint,
and nothing beside it: an assertion that names several servers could be used at each by the others. Clients that are
free to choose send the issuer.
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from apis import registry
from apis.registry import ApplicationValue
from authserver import errors
from tenants.config_cache import CurrentTenant
from tenants.keys import assertions as signatures
from tenants.keys.jws import InvalidTokenError

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
MAX_BYTES = 2_048
MAX_NAME = 64
# Seconds: from issue (or now) to expiry, and what two clocks may differ.
MAX_LIFETIME = 300
SKEW = 10
# One statement decides who is first, on PostgreSQL and SQLite alike, however many processes ask.
_USE = """
    INSERT INTO authserver_usedassertion (application_id, jti, expires_at) VALUES (%s, %s, %s)
    ON CONFLICT DO NOTHING
"""


def claimed_client_id(assertion: str) -> str:
    """Who `assertion` says it is from, unproven. Raises ClientAssertionRefused when it says nothing like that."""
    if len(assertion.encode()) > MAX_BYTES:
        raise errors.ClientAssertionRefused(reason=f"The assertion has more than {MAX_BYTES} bytes.")
    try:
        return _name(signatures.unverified_claims(assertion), "sub")
    except InvalidTokenError as error:
        raise errors.ClientAssertionRefused(reason=f"The assertion is refused. {error}.") from error


def verify(tenant: CurrentTenant, client: ApplicationValue, assertion: str) -> Mapping[str, Any]:
    """The claims of `assertion`, which `client` signed for this very server and now. Raises ClientAssertionRefused."""
    now = time.time()
    keys = [row.key for row in client.credentials if row.expires_at is None or row.expires_at > now]
    if not keys:
        raise errors.ClientAssertionRefused(reason="The application has no key that has not expired: add one.")
    try:
        claims = signatures.verified_claims(assertion, keys)
    except InvalidTokenError as error:
        registry.look_up(tenant, client.client_id)  # an unknown client costs a look into the database: so does this
        raise errors.ClientAssertionRefused(reason=f"The assertion is refused. {error}.") from error
    _check_parties(tenant, client, claims)
    _check_times(claims, now)
    _name(claims, "jti")
    return claims


def use_up(client: ApplicationValue, claims: Mapping[str, Any]) -> None:
    """Uses up the assertion with the verified `claims`, for all processes and restarts. Raises ClientAssertionReused."""
    expires_at = datetime.fromtimestamp(claims["exp"] + SKEW, tz=UTC)
    with connection.cursor() as cursor:
        cursor.execute(_USE, [client.id, claims["jti"], connection.ops.adapt_datetimefield_value(expires_at)])
        if cursor.rowcount != 1:
            raise errors.ClientAssertionReused(reason="The assertion has been used: each one needs a jti of its own.")


def _check_parties(tenant: CurrentTenant, client: ApplicationValue, claims: Mapping[str, Any]) -> None:
    if not _name(claims, "iss") == _name(claims, "sub") == client.client_id:
        raise errors.ClientAssertionRefused(reason="iss and sub of the assertion must both be the client_id.")
    audience = claims.get("aud")
    if isinstance(audience, list) and len(audience) == 1:
        audience = audience[0]
    if not isinstance(audience, str) or audience not in (tenant.issuer, f"{tenant.issuer}oauth/token"):
        raise errors.ClientAssertionRefused(reason=f"aud of the assertion must be {tenant.issuer} and nothing else.")


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    expires, issued, begins = (_seconds(claims, name) for name in ("exp", "iat", "nbf"))
    if expires is None:
        raise errors.ClientAssertionRefused(reason="The assertion has no exp.")
    if expires <= now - SKEW:
        raise errors.ClientAssertionRefused(reason="The assertion has expired.")
    if max(issued or 0, begins or 0) > now + SKEW:
        raise errors.ClientAssertionRefused(reason="The assertion begins in the future (iat, nbf): compare the clocks.")
    if expires - now > MAX_LIFETIME + SKEW or (issued is not None and expires - issued > MAX_LIFETIME):
        raise errors.ClientAssertionRefused(reason=f"The assertion lives for more than {MAX_LIFETIME} seconds.")


def _seconds(claims: Mapping[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise errors.ClientAssertionRefused(reason=f"{name} of the assertion must be a number of seconds.")
    return value


def _name(claims: Mapping[str, Any], name: str) -> str:
    """A text that may be looked for in the database and stored there."""
    value = claims.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= MAX_NAME or not value.isprintable():
        raise errors.ClientAssertionRefused(reason=f"{name} of the assertion must be a text of 1 to {MAX_NAME} characters.")
    return value
