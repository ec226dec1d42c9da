"""Writes to signing keys: next → current → previous → revoked, for each algorithm. A key is published before it signs."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tenants.changes import Actor, changed, wait_for_turn
from tenants.keys import encryption, generation
from tenants.keys.algorithms import ALGORITHMS, DEFAULT, FLAG_FOR, published
from tenants.models import SigningKey, Tenant
from tenants.models.scoping import HasId, TenantQuerySet

# No token outlives the longest lifetime that an API may ask for (seconds).
LONGEST_TOKEN_LIFETIME = 2_592_000


@transaction.atomic
def ensure_keys(tenant: Tenant, alg: str = DEFAULT) -> bool:
    """Gives `tenant` a current and a next key for `alg` where it lacks one. Returns whether it did."""
    held = set(SigningKey.objects.of(tenant).filter(alg=alg).values_list("state", flat=True))
    missing = [state for state in (SigningKey.State.CURRENT, SigningKey.State.NEXT) if state not in held]
    for state in missing:
        _create(tenant, alg, state)
    return bool(missing)


@transaction.atomic
def ensure_alg(tenant: Tenant, alg: str, *, by: Actor, field: str) -> None:
    """An API or application wants `alg`, as its `field` says: `tenant` has keys for it from now on.

    Nothing to do for RS256, which every tenant has, and HS256, which has no key pair. Raises ValidationError for an
    algorithm whose keys the tenant does not publish.
    """
    if alg not in ALGORITHMS or alg == DEFAULT:
        return
    # The lock holds off a second maker of keys, and whoever switches the flag off just now.
    wait_for_turn(tenant.pk)
    flags = Tenant.objects.get(pk=tenant.pk).all_flags
    if alg not in published(flags):
        raise ValidationError(
            {
                field: f"{alg} needs the tenant flag {FLAG_FOR[alg]}, which is off, so the key set holds no such keys. "
                "Some clients, Auth0's Python SDK among them, can read no key set with other keys than RSA."
            }
        )
    if ensure_keys(tenant, alg):
        changed(tenant, by, "Create signing keys", target=alg)


@transaction.atomic
def rotate(tenant: Tenant, *, by: Actor) -> SigningKey:
    """Has the next keys sign from now on, keeps publishing the old ones, and publishes new next ones.

    That for RS256 and every other algorithm that the tenant has keys for. Returns the new current key of RS256.
    """
    wait_for_turn(tenant.pk)
    in_use = SigningKey.objects.of(tenant).filter(state__in=(SigningKey.State.CURRENT, SigningKey.State.NEXT))
    algs = {DEFAULT, *in_use.values_list("alg", flat=True)}
    current = {alg: _rotate(tenant, alg) for alg in ALGORITHMS if alg in algs}
    kids = {alg: key.kid for alg, key in current.items()}
    changed(tenant, by, "Rotate the signing key", target=current[DEFAULT].kid, values={"kids": kids})
    return current[DEFAULT]


def _rotate(tenant: Tenant, alg: str) -> SigningKey:
    ensure_keys(tenant, alg)
    now = timezone.now()
    keys = SigningKey.objects.of(tenant).filter(alg=alg)
    keys.filter(state=SigningKey.State.CURRENT).update(state=SigningKey.State.PREVIOUS, current_until=now)
    current = keys.get(state=SigningKey.State.NEXT)
    current.state, current.current_since = SigningKey.State.CURRENT, now
    current.save(update_fields=["state", "current_since"])
    _create(tenant, alg, SigningKey.State.NEXT)
    return current


@transaction.atomic
def rotate_if_older(tenant: Tenant, age: timedelta, *, by: Actor) -> SigningKey | None:
    """Rotates when a current key has signed for longer than `age`, else returns None. Of two at once, one rotates."""
    wait_for_turn(tenant.pk)
    current = SigningKey.objects.of(tenant).filter(state=SigningKey.State.CURRENT)
    since = dict(current.values_list("alg", "current_since"))
    limit = timezone.now() - age
    is_young = DEFAULT in since and all(moment is not None and moment >= limit for moment in since.values())
    return None if is_young else rotate(tenant, by=by)


@transaction.atomic
def revoke(tenant: Tenant, kid: str, *, by: Actor) -> SigningKey:
    """Takes a previous key out of the key set at once. Raises ValidationError for a key that is not `previous`."""
    wait_for_turn(tenant.pk)
    key = SigningKey.objects.of(tenant).get(kid=kid)
    if key.state != SigningKey.State.PREVIOUS:
        raise ValidationError("Only a previous key can be revoked: rotate first, so that another one signs.")
    key.state, key.revoked_at = SigningKey.State.REVOKED, timezone.now()
    key.save(update_fields=["state", "revoked_at"])
    changed(tenant, by, "Revoke a signing key", target=key.kid)
    return key


def retirable() -> TenantQuerySet[SigningKey]:
    """Previous keys whose last token must have expired."""
    ended = timezone.now() - timedelta(seconds=LONGEST_TOKEN_LIFETIME)
    return SigningKey.objects.filter(state=SigningKey.State.PREVIOUS, current_until__lt=ended)


@transaction.atomic
def retire_expired(tenant: HasId, *, by: Actor) -> int:
    """Revokes previous keys whose last token must have expired. Returns how many."""
    wait_for_turn(tenant.id)
    count = retirable().of(tenant).update(state=SigningKey.State.REVOKED, revoked_at=timezone.now())
    if count:
        changed(tenant, by, "Retire signing keys that no live token needs", values={"count": count})
    return count


def rewrap_all() -> int:
    """Re-encrypts every private key under the first key-encryption key. Returns how many."""
    count = 0
    for pk, private_key in SigningKey.objects.values_list("pk", "private_key").iterator():
        SigningKey.objects.filter(pk=pk).update(private_key=encryption.rewrap(private_key))
        count += 1
    return count


def _create(tenant: Tenant, alg: str, state: SigningKey.State) -> SigningKey:
    material = generation.generate_for(alg, tenant.name)
    return SigningKey.objects.create(
        tenant=tenant,
        kid=material.kid,
        alg=alg,
        state=state,
        jwk=material.jwk,
        certificate=material.certificate,
        private_key=encryption.encrypt(material.private_pem),
        current_since=timezone.now() if state == SigningKey.State.CURRENT else None,
    )
