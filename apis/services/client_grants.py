"""Client grants: which application may call which API with which scopes. The writes."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from apis.models import API, Application, ClientGrant, Permission
from tenants import changes
from tenants.changes import Actor


@transaction.atomic
def create_client_grant(application: Application, api: API, scopes: Iterable[str], *, by: Actor) -> ClientGrant:
    """`application` may call `api` with `scopes`. Raises ValidationError: foreign tenant, unknown scope, granted before."""
    grant = ClientGrant(tenant_id=api.tenant_id, application=application, api=api)
    grant.full_clean()
    grant.save()
    grant.permissions.set(_permissions(api, scopes))
    _tell(grant, "Create a client grant", by)
    return grant


@transaction.atomic
def update_client_grant(grant: ClientGrant, scopes: Iterable[str], *, by: Actor) -> ClientGrant:
    """The grant's scopes become exactly `scopes`. Raises ValidationError for a scope that the API does not have."""
    grant.permissions.set(_permissions(grant.api, scopes))
    _tell(grant, "Update a client grant", by)
    return grant


@transaction.atomic
def delete_client_grant(grant: ClientGrant, *, by: Actor) -> None:
    """The application may no longer call the API."""
    _tell(grant, "Delete a client grant", by)
    grant.delete()


def _permissions(api: API, scopes: Iterable[str]) -> list[Permission]:
    wanted = set(scopes)
    found = [permission for permission in api.permissions.all() if permission.value in wanted]
    if unknown := wanted - {permission.value for permission in found}:
        raise ValidationError({"scope": f"{api} has no permission {', '.join(sorted(unknown))}."})
    return found


def _tell(grant: ClientGrant, description: str, by: Actor) -> None:
    values = {
        "client_id": grant.application.client_id if grant.application else grant.default_for,
        "audience": grant.api.identifier,
        "scope": list(grant.permissions.values_list("value", flat=True)),
    }
    changes.changed(grant.tenant, by, description, target=grant.id, values=values)
