"""The parsed keys of a tenant, in the configuration cache: what signs now, and what the key set publishes."""

import hashlib
from dataclasses import dataclass
from typing import Any

import orjson

from tenants.config_cache import CurrentTenant
from tenants.keys import encryption, jws
from tenants.models import SigningKey
from tenants.models.scoping import HasId


class NoSigningKeyError(Exception):
    """The tenant has no current signing key. The message is for the admin."""


@dataclass(frozen=True, slots=True)
class Keyring:
    signer: jws.Signer
    headers: dict[str, bytes]
    public_keys: dict[str, Any]
    jwks: bytes
    etag: str

    def sign(self, claims: dict[str, Any], typ: str = "JWT") -> str:
        """`claims` as a JWT of this tenant's current key; `typ` is "JWT" or "at+jwt" (RFC 9068 §2.1)."""
        return self.signer.sign(self.headers[typ], claims)


def keyring(tenant: CurrentTenant) -> Keyring:
    """The keys of `tenant`, parsed once. Raises NoSigningKeyError when none is current."""
    return tenant.cached("keys", "", lambda: _load(tenant, hide_alg=tenant.flags["remove_alg_from_jwks"]))


def _load(tenant: HasId, *, hide_alg: bool) -> Keyring:
    keys = list(SigningKey.objects.of(tenant).filter(state__in=SigningKey.PUBLISHED))
    current = next((key for key in keys if key.state == SigningKey.State.CURRENT), None)
    if current is None:
        raise NoSigningKeyError("The tenant has no current signing key: manage.py rotate_keys makes one.")
    signer = jws.rsa_signer(current.kid, encryption.decrypt(current.private_key))
    order: list[str] = list(SigningKey.PUBLISHED)
    published = [_public(key.jwk, hide_alg) for key in sorted(keys, key=lambda key: order.index(key.state))]
    document = orjson.dumps({"keys": published})
    return Keyring(
        signer=signer,
        headers={typ: signer.encode_header(typ) for typ in ("JWT", "at+jwt")},
        public_keys={key.kid: jws.public_key(key.jwk) for key in keys},
        jwks=document,
        etag=f'"{hashlib.sha256(document).hexdigest()[:32]}"',
    )


def _public(jwk: dict[str, Any], hide_alg: bool) -> dict[str, Any]:
    return {name: value for name, value in jwk.items() if not (hide_alg and name == "alg")}
