"""The manager through which every tenant-owned row is read."""

from typing import Protocol, Self, TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


class HasId(Protocol):
    """Anything that names a tenant: the row (`Tenant`) or the value that a request carries (`CurrentTenant`)."""

    @property
    def id(self) -> int: ...


class TenantQuerySet(models.QuerySet[Row]):
    def of(self, tenant: HasId) -> Self:
        """The rows of `tenant` and no others."""
        return self.filter(tenant_id=tenant.id)
