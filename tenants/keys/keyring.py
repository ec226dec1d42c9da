"""The parsed keys of a tenant, in the configuration cache: what signs now, and what the key set publishes."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from tenants.config_cache import CurrentTenant
from tenants.keys import algorithms, encryption, jws
from tenants.models import SigningKey
from tenants.models.scoping import HasId

TYPES = ("JWT", "at+jwt")


class NoSigningKeyError(Exception):
    """The tenant has no current signing key. The message is for the admin."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """`signers` by algorithm, `encoded_headers` by algorithm and typ, `public_keys` by kid."""

    signers: Mapping[str, jws.Signer]
    encoded_headers: Mapping[str, Mapping[str, bytes]]
    public_keys: Mapping[str, jws.PublicKey]
    jwks: bytes
    etag: str

    def sign(self, claims: dict[str, Any], typ: str = "JWT", alg: str = algorithms.DEFAULT) -> str:
        """`claims` as a JWT of this tenant's current key for `alg`; `typ` is "JWT" or "at+jwt" (RFC 9068 §2.1).

        Raises NoSigningKeyError when the tenant has no key for `alg` or does not publish it.
        """
        signer = self.signers.get(alg)
        if signer is None:
            raise NoSigningKeyError(f"The tenant has no current key for {alg}: {_remedy(alg)}")
        return signer.sign(self.encoded_headers[alg][typ], claims)

    @property
    def algs(self) -> tuple[str, ...]:
        """The algorithms that can sign now."""
        return tuple(self.signers)

    @property
    def signer(self) -> jws.Signer:
        """The signer of RS256, which every tenant has."""
        return self.signers[algorithms.DEFAULT]

    @property
    def headers(self) -> Mapping[str, bytes]:
        """The encoded headers of RS256 by typ."""
        return self.encoded_headers[algorithms.DEFAULT]


def keyring(tenant: CurrentTenant) -> Keyring:
    """The keys of `tenant`, parsed once. Raises NoSigningKeyError when none is current."""
    return tenant.cached("keys", "", lambda: _load(tenant, tenant.flags))


def _load(tenant: HasId, flags: Mapping[str, bool]) -> Keyring:
    algs = algorithms.published(flags)
    keys = list(SigningKey.objects.of(tenant).filter(state__in=SigningKey.PUBLISHED, alg__in=algs))
    order: list[str] = list(SigningKey.PUBLISHED)
    keys.sort(key=lambda key: (algs.index(key.alg), order.index(key.state)))
    signers = _signers(keys)
    if algorithms.DEFAULT not in signers:
        raise NoSigningKeyError("The tenant has no current signing key: manage.py rotate_keys makes one.")
    document = orjson.dumps({"keys": [_public(key.jwk, flags["remove_alg_from_jwks"]) for key in keys]})
    return Keyring(
        signers=signers,
        encoded_headers={alg: {typ: signer.encode_header(typ) for typ in TYPES} for alg, signer in signers.items()},
        public_keys={key.kid: jws.public_key(key.jwk, key.alg) for key in keys},
        jwks=document,
        etag=f'"{hashlib.sha256(document).hexdigest()[:32]}"',
    )


def _signers(keys: Iterable[SigningKey]) -> dict[str, jws.Signer]:
    return {
        key.alg: jws.key_signer(key.alg, key.kid, encryption.decrypt(key.private_key))
        for key in keys
        if key.state == SigningKey.State.CURRENT
    }


def _public(jwk: dict[str, Any], hide_alg: bool) -> dict[str, Any]:
    return {name: value for name, value in jwk.items() if not (hide_alg and name == "alg")}


def _remedy(alg: str) -> str:
    flag = algorithms.FLAG_FOR.get(alg)
    made = f"choosing {alg} once more for an API or application makes one."
    return f"the tenant flag {flag} must be on, then {made}" if flag else made
