"""Whose rows an operator may look at and change. The membership decides, not Django's permission rows."""

from dataclasses import dataclass
from typing import Any, cast

from django.contrib.admin.options import BaseModelAdmin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from tenants.changes import Actor
from tenants.models import Membership, Operator, Tenant


@dataclass(frozen=True, slots=True)
class Reach:
    """The tenants, by id, that an operator may look at and those they may change. None means every tenant."""

    looks: frozenset[int] | None
    changes: frozenset[int] | None

    def may_look(self, tenant_id: int | None) -> bool:
        """Whether the rows of this tenant may be seen; without a tenant: of any."""
        return _holds(self.looks, tenant_id)

    def may_change(self, tenant_id: int | None) -> bool:
        """Whether the rows of this tenant may be written; without a tenant: of any."""
        return _holds(self.changes, tenant_id)

    def visible(self, rows: QuerySet) -> QuerySet:
        """Those of `rows` that may be seen."""
        return _limited(rows, self.looks)

    def changeable(self, rows: QuerySet) -> QuerySet:
        """Those of `rows` that may be written, and so also chosen in a form."""
        return _limited(rows, self.changes)


def reach(request: HttpRequest) -> Reach:
    """What the operator of `request` may look at and change; read once per request."""
    found: Reach | None = getattr(request, "console_reach", None)
    if found is None:
        found = _read(cast("Operator", request.user))
        request.console_reach = found  # type: ignore[attr-defined]
    return found


def actor(request: HttpRequest) -> Actor:
    """The operator of `request`, as the audit trail names them."""
    return Actor("operator", request.user.get_username(), request.META.get("REMOTE_ADDR", ""))


def tenant_id_of(row: Model | None) -> int | None:
    """The id of the tenant that `row` belongs to; None when there is no row, or it has no tenant yet."""
    if row is None:
        return None
    return cast("int | None", row.pk if isinstance(row, Tenant) else cast("Any", row).tenant_id)


class TenantAccess(BaseModelAdmin):
    """The permissions of a page or an inline, decided by the membership in the row's tenant."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return reach(request).may_look(None)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return reach(request).may_look(tenant_id_of(obj))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return reach(request).may_change(tenant_id_of(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return reach(request).may_change(tenant_id_of(obj))

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return reach(request).may_change(tenant_id_of(obj))

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet:
        """What a form offers for a foreign key, and accepts: rows of tenants that the operator may change."""
        rows = super().get_field_queryset(db, db_field, request)
        if rows is None:
            rows = db_field.remote_field.model._default_manager.using(db)
        return reach(request).changeable(rows)


def _read(operator: Operator) -> Reach:
    if operator.is_superuser:
        return Reach(None, None)
    roles = dict(Membership.objects.filter(operator_id=operator.pk).values_list("tenant_id", "role"))
    admin = frozenset(tenant_id for tenant_id, role in roles.items() if role == Membership.Role.ADMIN)
    return Reach(frozenset(roles), admin)


def _holds(tenant_ids: frozenset[int] | None, tenant_id: int | None) -> bool:
    if tenant_ids is None:
        return True
    return bool(tenant_ids) if tenant_id is None else tenant_id in tenant_ids


def _limited(rows: QuerySet, tenant_ids: frozenset[int] | None) -> QuerySet:
    if tenant_ids is None:
        return rows
    lookup = "pk__in" if rows.model is Tenant else "tenant__in"
    return rows.filter(**{lookup: tenant_ids})
