"""Tenants with their settings, and the domains at which they answer: the writes."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from tenants import signals
from tenants.changes import Actor, changed, wait_for_turn
from tenants.keys import rotation
from tenants.models import Connection, Domain, Tenant
from tenants.models.domain import parse_domain
from tenants.services.tenant_flags import refuse_untrue_flags


@transaction.atomic
def create_tenant(name: str, *, by: Actor, **settings: Any) -> Tenant:
    """A tenant with signing keys and whatever the floors above add. Raises ValidationError."""
    refuse_untrue_flags(settings.get("flags", {}))
    tenant = Tenant(name=name, **settings)
    _refuse_dangling_defaults(tenant, settings)
    tenant.full_clean()
    tenant.save()
    rotation.ensure_keys(tenant)
    signals.tenant_created.send(sender=Tenant, tenant=tenant, by=by)
    changed(tenant, by, "Create a tenant", target=name, values=settings)
    return tenant


@transaction.atomic
def update_tenant(tenant: Tenant, *, by: Actor, **settings: Any) -> Tenant:
    """Changes `settings` of `tenant`. Raises ValidationError; the name cannot change.

    `flags` and `other_settings` are merged, each member of theirs as a whole; of the latter, None takes one away.
    """
    wait_for_turn(tenant.pk, tenant)
    if settings.get("name", tenant.name) != tenant.name:
        raise ValidationError({"name": "The name of a tenant cannot be changed."})
    refuse_untrue_flags(settings.get("flags", {}))
    if "flags" in settings:
        settings["flags"] = (tenant.flags or {}) | settings["flags"]
    if "other_settings" in settings:
        kept = (tenant.other_settings or {}) | settings["other_settings"]
        settings["other_settings"] = {name: value for name, value in kept.items() if value is not None}
    _refuse_dangling_defaults(tenant, settings)
    for field, value in settings.items():
        setattr(tenant, field, value)
    tenant.full_clean()
    tenant.save(update_fields=[*settings, "updated_at"])
    changed(tenant, by, "Update tenant settings", target=tenant.name, values=settings)
    return tenant


@transaction.atomic
def add_domain(tenant: Tenant, text: str, *, by: Actor) -> Domain:
    """`tenant` answers at `text` (a host, or scheme://host) from now on. Returns the row that exists if it already did.

    Raises ValidationError when it is no host, plain http off loopback, or another tenant's.
    """
    scheme, host = parse_domain(text)
    wait_for_turn(tenant.pk)
    existing = Domain.objects.select_related("tenant").filter(host=host).first()
    if existing is not None:
        if existing.tenant_id != tenant.pk:
            raise ValidationError({"host": f"{host} already belongs to another tenant."})
        if existing.scheme != scheme:
            raise ValidationError({"host": f"{host} is already a domain of this tenant, with {existing.scheme}."})
        return existing
    domain = Domain(tenant=tenant, scheme=scheme, host=host)
    domain.full_clean()
    signals.domain_adding.send(sender=Domain, tenant=tenant, domain=domain)
    domain.save()
    changed(tenant, by, "Add a domain", target=domain.issuer)
    return domain


@transaction.atomic
def remove_domain(domain: Domain, *, by: Actor) -> None:
    """The domain stops being an issuer; tokens that name it no longer verify. Raises ValidationError for the last one."""
    tenant, issuer = domain.tenant, domain.issuer
    # Two operators who remove one domain each must not leave none.
    wait_for_turn(tenant.pk)
    if Domain.objects.of(tenant).count() == 1:
        raise ValidationError("A tenant needs at least one domain: add the new one first.")
    domain.delete()
    changed(tenant, by, "Remove a domain", target=issuer)


def _refuse_dangling_defaults(tenant: Tenant, settings: dict[str, Any]) -> None:
    """Raises ValidationError when a default names something that the tenant does not have."""
    signals.settings_changing.send(sender=Tenant, tenant=tenant, values=settings)
    name = settings.get("default_directory")
    if name and not Connection.objects.of(tenant).filter(name=name).exists():
        raise ValidationError({"default_directory": f"The tenant has no connection named '{name}'."})
