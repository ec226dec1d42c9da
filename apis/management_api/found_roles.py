"""Roles and permissions by what an address or a body calls them."""

from collections.abc import Collection, Iterable, Mapping

from apis.management_api.resource_servers import named
from apis.models import API, Permission, Role
from tenants.config_cache import CurrentTenant
from tenants.models.scoping import HasId
from tenants.rest.errors import ManagementError
from tenants.rest.views import ManagementView


class RoleView(ManagementView):
    """Base of /roles and what is below it."""

    taken = "The role already exists."

    def _refusal(self, exc: Exception) -> ManagementError:
        # Deleted between two statements of one call: a service that locks the row finds it no more.
        return no_role() if isinstance(exc, Role.DoesNotExist) else super()._refusal(exc)


def no_role() -> ManagementError:
    """404, as Auth0 says it."""
    return ManagementError(404, "The role does not exist")


def first(tenant: HasId, role_id: str) -> Role | None:
    """The role of `tenant` that an address names; one statement."""
    return Role.objects.of(tenant).filter(pk=role_id).first()


def found(tenant: HasId, role_id: str) -> Role:
    """The same. Raises ManagementError 404."""
    role = first(tenant, role_id)
    if role is None:
        raise no_role()
    return role


def every(tenant: HasId, role_ids: Collection[str]) -> list[Role]:
    """The roles that a body names; one statement. Raises ManagementError 404 when one of them is unknown."""
    roles = list(Role.objects.of(tenant).filter(pk__in=set(role_ids)))
    if len(roles) < len(set(role_ids)):
        raise no_role()
    return roles


def permissions(tenant: CurrentTenant, wanted: Iterable[Mapping[str, str]]) -> list[Permission]:
    """The permissions that a body names by `permission_name` and `resource_server_identifier`; two statements.

    Raises ManagementError 404 for one that no API of `tenant` has.
    """
    pairs = {(one["resource_server_identifier"], one["permission_name"]) for one in wanted}
    apis = API.objects.of(tenant).filter(named(tenant.issuer, *{identifier for identifier, _ in pairs}))
    by_id = {api.pk: api for api in apis}
    rows = Permission.objects.filter(api__in=by_id, value__in={value for _, value in pairs})
    found = {(by_id[row.api_id].audience_at(tenant.issuer), row.value): row for row in rows}
    if missing := sorted(pairs - found.keys()):
        identifier, value = missing[0]
        raise ManagementError(404, f"The permission does not exist: {value} of {identifier}")
    return [found[pair] for pair in sorted(pairs)]
