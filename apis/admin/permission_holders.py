"""Who holds the permissions of an API at this moment: client grants, roles and users, counted and named. Writes nothing."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, F, QuerySet

from apis.models import API, ClientGrant, Permission, Role


@dataclass(frozen=True, slots=True)
class Holders:
    """How many hold a permission. `third_parties`: every third-party application that has no grant of its own does."""

    applications: int
    roles: int
    users: int
    third_parties: bool

    def __bool__(self) -> bool:
        return bool(self.applications or self.roles or self.users or self.third_parties)


def holders_of(api: API, permissions: Collection[Permission]) -> dict[int, Holders]:
    """The holders of each of `permissions`, by its id. Six statements, however many they are."""
    ids = [permission.pk for permission in permissions]
    whole = api.client_grants.filter(allow_all_scopes=True)
    everything = whole.exclude(application=None).aggregate(found=Count("application", distinct=True))["found"]
    every_third_party = whole.filter(application=None).exists()
    rows = ClientGrant.permissions.through.objects.filter(permission__in=ids)
    some = rows.exclude(clientgrant__application=None).exclude(
        clientgrant__application__in=whole.exclude(application=None).values("application")
    )
    applications = _by_permission(some, "clientgrant__application")
    third_parties = set(rows.filter(clientgrant__application=None).values_list("permission", flat=True))
    roles = _by_permission(Role.permissions.through.objects.filter(permission__in=ids), "role")
    users = _by_permission(Permission.objects.filter(pk__in=ids).annotate(permission=F("pk")), "holders__user")
    return {
        pk: Holders(
            everything + applications.get(pk, 0),
            roles.get(pk, 0),
            users.get(pk, 0),
            every_third_party or pk in third_parties,
        )
        for pk in ids
    }


def grants_with(permission: Permission) -> QuerySet[ClientGrant]:
    """The grants of its API that hold `permission`, by name or because they hold all."""
    grants = permission.api.client_grants.select_related("application")
    held = grants.filter(permissions=permission, allow_all_scopes=False) | grants.filter(allow_all_scopes=True)
    return held.distinct().order_by("application__name", "id")


def grants_without(permission: Permission) -> QuerySet[ClientGrant]:
    """The grants of its API that do not hold `permission`: their tokens lack it until somebody grants it."""
    grants = permission.api.client_grants.filter(allow_all_scopes=False).exclude(permissions=permission)
    return grants.select_related("application").order_by("application__name", "id")


def _by_permission(rows: QuerySet, holder: str) -> dict[int, int]:
    counted = rows.values("permission").annotate(found=Count(holder, distinct=True)).order_by()
    return dict(counted.values_list("permission", "found"))
