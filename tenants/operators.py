"""Writes to memberships: who may look at a tenant and who may change it. The tenant's audit trail hears of each."""

from django.db import transaction

from tenants.changes import Actor, changed, wait_for_turn
from tenants.models import Membership, Operator, Tenant


@transaction.atomic
def set_membership(operator: Operator, tenant: Tenant, role: str, *, by: Actor) -> Membership:
    """`operator` has `role` (a `Membership.Role`) in `tenant` from now on. Raises ValidationError for an unknown role."""
    wait_for_turn(tenant.pk)
    membership = Membership.objects.of(tenant).filter(operator=operator).first()
    membership = membership or Membership(operator=operator, tenant=tenant)
    membership.role = role
    membership.full_clean()
    membership.save()
    changed(tenant, by, "Set the role of an operator", target=operator.get_username(), values={"role": role})
    return membership


@transaction.atomic
def end_membership(membership: Membership, *, by: Actor) -> None:
    """The operator no longer sees anything of the tenant."""
    tenant, name = membership.tenant, membership.operator.get_username()
    wait_for_turn(tenant.pk)
    membership.delete()
    changed(tenant, by, "Remove an operator", target=name)
