"""APIs and their permissions: the writes."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from apis.models import API, Permission, SigningAlg
from tenants import changes
from tenants.changes import Actor
from tenants.keys import encryption, rotation
from tenants.models import Domain, Tenant

MAX_PERMISSIONS = 1_000
# Bytes. Auth0 takes 16; a key shorter than the hash makes tokens that can be forged.
MIN_SIGNING_SECRET = 32
# OIDC Core §5.4 and §11: what they open is the person's own to allow, never an API's.
RESERVED_SCOPES = frozenset({"openid", "profile", "email", "address", "phone", "offline_access"})
# What may be changed of the Management API: it is ours to define, a tenant may only say how long its tokens live.
SYSTEM_API_SETTINGS = frozenset({"token_lifetime", "token_lifetime_for_web"})
# Tokens in use carry the identifier; the rest would turn one tenant's API into another's.
FIXED = ("identifier", "tenant", "is_system")


@dataclass(frozen=True, slots=True)
class Scope:
    """A permission as it is asked for: Auth0's `{value, description}`."""

    value: str
    description: str = ""


@transaction.atomic
def create_api(tenant: Tenant, identifier: str, *, by: Actor, permissions: Iterable[Scope] = (), **settings: Any) -> API:
    """An API of `tenant`. With HS256 it gets a signing secret, `signing_secret` or one of ours.

    Another `signing_alg` brings the tenant's keys for it. Raises ValidationError, also when the tenant may have none.
    """
    changes.wait_for_turn(tenant.pk)
    permissions = list(permissions)
    chosen = settings.pop("signing_secret", "")
    api = API(tenant=tenant, identifier=identifier, **settings)
    _refuse_reserved(tenant, identifier)
    _shorten_for_web(api, settings)
    _fit_signing_secret(api, chosen)
    api.full_clean()
    rotation.ensure_alg(tenant, api.signing_alg, by=by, field="signing_alg")
    api.save()
    _replace_permissions(api, permissions)
    changes.changed(
        tenant, by, "Create an API", target=identifier, values=settings | {"scopes": [p.value for p in permissions]}
    )
    return api


@transaction.atomic
def update_api(api: API, *, by: Actor, **settings: Any) -> API:
    """Changes `settings`. The identifier never changes; of the Management API only lifetimes do.

    `signing_secret` replaces that of an HS256 API. Raises ValidationError.
    """
    changes.wait_for_turn(api.tenant_id, api)
    changes.refuse_fixed(api, settings, FIXED)
    if api.is_system and (refused := set(settings) - SYSTEM_API_SETTINGS):
        raise ValidationError(f"System resource servers cannot be patched: {', '.join(sorted(refused))}.")
    for field in settings.keys() - {"signing_secret"}:
        setattr(api, field, settings[field])
    _shorten_for_web(api, settings)
    _fit_signing_secret(api, settings.get("signing_secret", ""))
    api.full_clean()
    rotation.ensure_alg(api.tenant, api.signing_alg, by=by, field="signing_alg")
    api.save()
    changes.changed(api.tenant, by, "Update an API", target=api.identifier, values=settings)
    return api


@transaction.atomic
def set_permissions(api: API, permissions: Iterable[Scope], *, by: Actor) -> None:
    """The API's permissions become exactly `permissions`; one that goes leaves every client grant with it."""
    changes.wait_for_turn(api.tenant_id, api)
    if api.is_system:
        raise ValidationError("The permissions of the Management API are given.")
    permissions = list(permissions)
    _replace_permissions(api, permissions)
    changes.changed(
        api.tenant,
        by,
        "Update the permissions of an API",
        target=api.identifier,
        values={"scopes": [permission.value for permission in permissions]},
    )


@transaction.atomic
def rotate_signing_secret(api: API, *, by: Actor) -> str:
    """A new secret for an HS256 API; the old one signs no more. Returns it: this is the one time it is shown."""
    changes.wait_for_turn(api.tenant_id, api)
    if api.signing_alg != SigningAlg.HS256:
        raise ValidationError("Only an API with HS256 has a signing secret.")
    secret = _set_signing_secret(api)
    api.save(update_fields=["signing_secret", "updated_at"])
    changes.changed(api.tenant, by, "Rotate the signing secret of an API", target=api.identifier)
    return secret


def reveal_signing_secret(api: API) -> str:
    """The signing secret of an HS256 API, to be shown to whoever just created it."""
    return encryption.decrypt(api.signing_secret or b"").decode()


def rewrap_signing_secrets() -> int:
    """Re-encrypts every signing secret under the first key-encryption key. Returns how many."""
    count = 0
    for api in API.objects.exclude(signing_secret=None).only("signing_secret"):
        old = bytes(api.signing_secret or b"")
        # Only what is still there: the secret may have been rotated or dropped since it was read.
        count += API.objects.filter(pk=api.pk, signing_secret=old).update(signing_secret=encryption.rewrap(old))
    return count


@transaction.atomic
def delete_api(api: API, *, by: Actor) -> None:
    """Removes an API with its permissions and client grants. The Management API stays."""
    if api.is_system:
        raise ValidationError("System resource servers cannot be deleted.")
    tenant, identifier = api.tenant, api.identifier
    changes.wait_for_turn(tenant.pk)
    changes.hold_for_deletion(API.objects.filter(pk=api.pk))
    Tenant.objects.filter(pk=tenant.pk, default_audience=identifier).update(default_audience="")
    api.delete()
    changes.changed(tenant, by, "Delete an API", target=identifier)


def _shorten_for_web(api: API, settings: dict[str, Any]) -> None:
    """When only the lifetime is said, tokens for browsers follow: they may not live longer than the others."""
    said = "token_lifetime" in settings and "token_lifetime_for_web" not in settings
    if said and isinstance(api.token_lifetime, int):
        api.token_lifetime_for_web = min(api.token_lifetime_for_web, api.token_lifetime)


def _fit_signing_secret(api: API, chosen: str) -> None:
    """HS256 has a secret, the `chosen` one or one of ours; the other algorithms have none."""
    if api.signing_alg == SigningAlg.HS256:
        if chosen or not api.signing_secret:
            _set_signing_secret(api, chosen)
    elif chosen:
        raise ValidationError({"signing_secret": "Only an API with HS256 has a signing secret."})
    else:
        api.signing_secret = None


def _set_signing_secret(api: API, chosen: str = "") -> str:
    secret = chosen or secrets.token_urlsafe(48)
    if len(secret.encode()) < MIN_SIGNING_SECRET:
        raise ValidationError(
            {"signing_secret": f"HS256 needs a secret of at least {MIN_SIGNING_SECRET} bytes (RFC 7518 §3.2)."}
        )
    api.signing_secret = encryption.encrypt(secret.encode())
    return secret


def _refuse_reserved(tenant: Tenant, identifier: str) -> None:
    """The Management API answers at every domain of the tenant, so no other API may carry one of those names."""
    if identifier.startswith("/") or identifier in {f"{domain.issuer}api/v2/" for domain in Domain.objects.of(tenant)}:
        raise ValidationError({"identifier": "This identifier is reserved for the Management API."})


def _replace_permissions(api: API, permissions: Iterable[Scope]) -> None:
    wanted = {permission.value: permission for permission in permissions}
    if reserved := sorted(RESERVED_SCOPES.intersection(wanted)):
        raise ValidationError({"scopes": f"OpenID Connect has scopes of these names: {', '.join(reserved)}."})
    if len(wanted) > MAX_PERMISSIONS:
        raise ValidationError({"scopes": f"An API has at most {MAX_PERMISSIONS} permissions."})
    held = {permission.value: permission for permission in api.permissions.all()}
    fresh: list[Permission] = []
    redescribed: list[Permission] = []
    for value, scope in wanted.items():
        known = held.get(value)
        if known is not None and known.description == scope.description:
            continue
        row = known or Permission(api=api, value=value)
        row.description = scope.description
        # Field by field: what a row is checked for beyond that (its API, uniqueness) would cost two queries for each.
        row.clean_fields(exclude=["api"])
        (fresh if known is None else redescribed).append(row)
    api.permissions.filter(pk__in=[row.pk for value, row in held.items() if value not in wanted]).delete()
    Permission.objects.bulk_create(fresh)
    Permission.objects.bulk_update(redescribed, ["description"])
