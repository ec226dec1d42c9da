"""Writes to signing keys: next → current → previous → revoked. A key is published before it signs."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tenants.changes import Actor, changed
from tenants.keys import encryption, generation
from tenants.models import SigningKey, Tenant
from tenants.models.scoping import HasId, TenantQuerySet

# No token outlives the longest lifetime that an API may ask for (seconds).
LONGEST_TOKEN_LIFETIME = 2_592_000


@transaction.atomic
def ensure_keys(tenant: Tenant) -> None:
    """Gives `tenant` a current and a next key where it lacks one."""
    held = set(SigningKey.objects.of(tenant).values_list("state", flat=True))
    if SigningKey.State.CURRENT not in held:
        _create(tenant, SigningKey.State.CURRENT)
    if SigningKey.State.NEXT not in held:
        _create(tenant, SigningKey.State.NEXT)


@transaction.atomic
def rotate(tenant: Tenant, *, by: Actor) -> SigningKey:
    """Has the next key sign from now on, keeps publishing the old one, and publishes a new next. Returns the new current."""
    Tenant.objects.select_for_update().get(pk=tenant.pk)
    ensure_keys(tenant)
    now = timezone.now()
    keys = SigningKey.objects.of(tenant)
    keys.filter(state=SigningKey.State.CURRENT).update(state=SigningKey.State.PREVIOUS, current_until=now)
    current = keys.get(state=SigningKey.State.NEXT)
    current.state, current.current_since = SigningKey.State.CURRENT, now
    current.save(update_fields=["state", "current_since"])
    _create(tenant, SigningKey.State.NEXT)
    changed(tenant, by, "Rotate the signing key", target=current.kid)
    return current


@transaction.atomic
def rotate_if_older(tenant: Tenant, age: timedelta, *, by: Actor) -> SigningKey | None:
    """Rotates when the current key has signed for longer than `age`, else returns None. Of two at once, one rotates."""
    Tenant.objects.select_for_update().get(pk=tenant.pk)
    current = SigningKey.objects.of(tenant).filter(state=SigningKey.State.CURRENT).first()
    is_young = current is not None and current.current_since is not None and current.current_since >= timezone.now() - age
    return None if is_young else rotate(tenant, by=by)


@transaction.atomic
def revoke(tenant: Tenant, kid: str, *, by: Actor) -> SigningKey:
    """Takes a previous key out of the key set at once. Raises ValidationError for a key that is not `previous`."""
    key = SigningKey.objects.of(tenant).select_for_update().get(kid=kid)
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


def _create(tenant: Tenant, state: SigningKey.State) -> SigningKey:
    material = generation.generate(tenant.name)
    return SigningKey.objects.create(
        tenant=tenant,
        kid=material.kid,
        state=state,
        jwk=material.jwk,
        certificate=material.certificate,
        private_key=encryption.encrypt(material.private_pem),
        current_since=timezone.now() if state == SigningKey.State.CURRENT else None,
    )
