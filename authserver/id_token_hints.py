"""id_token_hint: an ID token of ours, given back to say who it is about (OIDC Core §3.1.2.1, RP-Initiated Logout §2).

Genuine and for this client is what counts; an expired one still tells who. Anything else is no hint.
"""

import time
from typing import Any

from apis.registry import ApplicationValue
from authserver import errors
from tenants.config_cache import CurrentTenant
from tenants.keys import jws
from tenants.keys.keyring import keyring


def subject(tenant: CurrentTenant, client: ApplicationValue, hint: str) -> str:
    """The `sub` of a hint, "" without one. Raises InvalidRequest for one that is not ours for this client."""
    if not hint:
        return ""
    try:
        return str(verified(tenant, client, hint)["sub"])
    except jws.InvalidTokenError as error:
        raise errors.InvalidRequest(reason="id_token_hint is not an ID token that was issued to this client") from error


def verified(tenant: CurrentTenant, client: ApplicationValue, hint: str) -> dict[str, Any]:
    """The claims of an ID token for `client`. Raises jws.InvalidTokenError: other client, tenant or key (T-101)."""
    if client.id_token_alg == "HS256":
        now = time.time()
        live = [secret for secret in client.secrets if secret.expires_at is None or secret.expires_at > now]
        secrets = [secret.key for secret in live if secret.key is not None]
        claims = jws.verify_hmac(hint, secrets, issuer=tenant.issuer, expired_ok=True)
    else:
        claims = jws.verify(hint, keyring(tenant).public_keys, issuer=tenant.issuer, audience=None, expired_ok=True)
    # An access token names its API as audience: never a client.
    if claims["aud"] != client.client_id or "auth_time" not in claims:
        raise jws.InvalidTokenError("Bad audience")
    return claims


def claimed_audience(hint: str) -> str:
    """The client that a hint says it was issued to, unproven: only to know against which client to verify it."""
    return jws.unverified_audience(hint)
