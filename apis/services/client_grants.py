"""Client grants: which application may call which API with which scopes. The writes."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from apis.models import API, Application, ClientGrant, Permission, SubjectType
from tenants import changes
from tenants.changes import Actor

# What a caller may name; an API has no more permissions than these either.
MAX_SCOPES = 1_000
# So many wrong ones a refusal names.
MOST_NAMED = 10


@transaction.atomic
def create_client_grant(
    application: Application | None,
    api: API,
    scopes: Iterable[str],
    *,
    by: Actor,
    subject_type: str = SubjectType.CLIENT,
    allow_all_scopes: bool = False,
    default_for: str = "",
) -> ClientGrant:
    """`application` may call `api` with `scopes`, for itself or on behalf of people (`subject_type`).

    Without an application it is for all of a kind that have no grant of their own (`default_for`). `allow_all_scopes` counts
    instead of `scopes`, whatever permissions the API gets later. Raises ValidationError: foreign tenant, unknown scope,
    granted before, what may not be granted of the Management API.
    """
    changes.wait_for_turn(api.tenant_id, api, *([application] if application else []))
    grant = ClientGrant(
        tenant_id=api.tenant_id,
        application=application,
        api=api,
        subject_type=subject_type,
        allow_all_scopes=allow_all_scopes,
        default_for=default_for,
    )
    grant.full_clean()
    grant.save()
    grant.permissions.set(_permissions(api, scopes))
    _tell(grant, "Create a client grant", by)
    return grant


@transaction.atomic
def update_client_grant(
    grant: ClientGrant, scopes: Iterable[str] | None, *, by: Actor, allow_all_scopes: bool | None = None
) -> ClientGrant:
    """The grant's scopes become exactly `scopes`; None leaves them, and `allow_all_scopes`, as they are.

    Raises ValidationError for a scope that the API does not have.
    """
    changes.wait_for_turn(grant.tenant_id, grant)
    if allow_all_scopes is not None:
        grant.allow_all_scopes = allow_all_scopes
        grant.save(update_fields=["allow_all_scopes"])
    if scopes is not None:
        grant.permissions.set(_permissions(grant.api, scopes))
    _tell(grant, "Update a client grant", by)
    return grant


@transaction.atomic
def delete_client_grant(grant: ClientGrant, *, by: Actor) -> None:
    """The application may no longer call the API; where that asks for a grant, refresh tokens get nothing more for it."""
    changes.wait_for_turn(grant.tenant_id)
    _tell(grant, "Delete a client grant", by)
    grant.delete()


def _permissions(api: API, scopes: Iterable[str]) -> list[Permission]:
    wanted = set(scopes)
    if len(wanted) > MAX_SCOPES:
        raise ValidationError({"scope": f"A client grant has at most {MAX_SCOPES} scopes."})
    found = [permission for permission in api.permissions.all() if permission.value in wanted]
    if unknown := wanted - {permission.value for permission in found}:
        named = ", ".join(sorted(unknown)[:MOST_NAMED]) + (" …" if len(unknown) > MOST_NAMED else "")
        raise ValidationError({"scope": f"{api} has no permission {named}."})
    return found


def _tell(grant: ClientGrant, description: str, by: Actor) -> None:
    whose = {"client_id": grant.application.client_id} if grant.application else {"default_for": grant.default_for}
    values = whose | {
        "audience": grant.api.identifier,
        "subject_type": grant.subject_type,
        "allow_all_scopes": grant.allow_all_scopes,
        "scope": list(grant.permissions.values_list("value", flat=True)),
    }
    changes.changed(grant.tenant, by, description, target=grant.id, values=values)
