"""ID tokens (OIDC Core §2): that a person signed in, to whom, when, how, and bound to what was issued along with it."""

import time
from typing import Any

from authserver import claims
from authserver.authorization import Authorization, Person
from authserver.profiles import profile
from tenants.keys import jws
from tenants.keys.keyring import keyring

_HS256 = "HS256"


class NoReadableSecretError(Exception):
    """HS256 signs with the client secret, and none in use is kept readable. The message is for the admin."""


def issue(authorization: Authorization, person: Person, *, alone: bool = False, **bound: str) -> str:
    """An ID token for the client. `bound` are values that it vouches for: access_token, code, state.

    `alone`: no access token comes along, so the claims of the scopes must be here (OIDC Core §5.4).
    Raises NoReadableSecretError, NoSigningKeyError.
    """
    alg = authorization.client.id_token_alg
    stated = _claims(authorization, person, alg, bound, alone=alone)
    if alg != _HS256:
        return keyring(authorization.tenant).sign(stated, alg=alg)
    signer = jws.hmac_signer(_secret(authorization))
    return signer.sign(signer.encode_header("JWT"), stated)


def _claims(authorization: Authorization, person: Person, alg: str, bound: dict[str, str], *, alone: bool) -> dict[str, Any]:
    client, rules = authorization.client, profile(authorization.tenant.security_profile)
    scopes = authorization.scopes if alone or rules.id_token_has_profile else ()
    asked = authorization.claims_request.get("id_token", {})
    now = int(time.time())
    stated: dict[str, Any] = {
        "iss": authorization.tenant.issuer,
        "sub": authorization.subject,
        "aud": client.client_id,
        "iat": now,
        "exp": now + client.id_token_lifetime,
        "auth_time": int(person.auth_time.timestamp()),
        "acr": claims.ACR,
        "amr": list(person.amr),
    }
    if person.sid:
        stated["sid"] = person.sid
    if authorization.nonce:
        stated["nonce"] = authorization.nonce
    for name, claim in _HASHES.items():
        if value := bound.get(name):
            stated[claim] = jws.half_hash(alg, value)
    return stated | claims.about(person.user, scopes, asked, rules)


# OIDC Core §3.1.3.6 and §3.3.2.11; s_hash is FAPI 1.0 Part 2 §5.1.
_HASHES = {"access_token": "at_hash", "code": "c_hash", "state": "s_hash"}


def _secret(authorization: Authorization) -> bytes:
    """The readable secret that the client used just now, else its newest one that lives."""
    now = time.time()
    live = [
        secret
        for secret in authorization.client.secrets
        if secret.key is not None and (secret.expires_at is None or secret.expires_at > now)
    ]
    if not live:
        raise NoReadableSecretError("ID tokens with HS256 need a client secret that is kept readable: add one.")
    used = [secret for secret in live if secret.id == authorization.secret_id]
    return (used or live)[-1].key or b""
