"""What every tenant has from the start: the Management API, and an application that may use all of it."""

from django.db import transaction

from apis.management_scopes import MANAGEMENT_SCOPES
from apis.models import API, Application, AppType, ClientGrant, Permission, SubjectType
from apis.models.api import SYSTEM_IDENTIFIER
from apis.services.applications import create_application
from apis.services.client_grants import create_client_grant, update_client_grant
from tenants import changes
from tenants.changes import Actor
from tenants.models import Tenant

# The official tools look the Management API up by this name.
SYSTEM_API_NAME = "Auth0 Management API"
MANAGEMENT_APPLICATION_NAME = "Management (machine to machine)"


@transaction.atomic
def provision(tenant: Tenant, *, by: Actor) -> Application:
    """Brings the Management API, its permissions and its application up to date; returns that. Safe to repeat."""
    changes.wait_for_turn(tenant.pk)
    api, _ = API.objects.get_or_create(
        tenant=tenant, is_system=True, defaults={"identifier": SYSTEM_IDENTIFIER, "name": SYSTEM_API_NAME}
    )
    if added := _add_missing_scopes(api):
        changes.changed(
            tenant, by, "Provision the Management API", target=SYSTEM_API_NAME, values={"scopes": [s.value for s in added]}
        )
    scopes = [scope.value for scope in MANAGEMENT_SCOPES]
    application = management_application(tenant)
    if application is None:
        application = create_application(
            tenant,
            MANAGEMENT_APPLICATION_NAME,
            by=by,
            app_type=AppType.NON_INTERACTIVE,
            description="Sets this tenant up through the Management API.",
        )
        create_client_grant(application, api, scopes, by=by)
        return application
    grant = ClientGrant.objects.of(tenant).get(application=application, api=api, subject_type=SubjectType.CLIENT)
    if not grant.allow_all_scopes and grant.permissions.count() < len(scopes):
        update_client_grant(grant, scopes, by=by)
    return application


def management_application(tenant: Tenant) -> Application | None:
    """The oldest application that was set up for the Management API, or None when the tenant deleted it."""
    return (
        Application.objects.of(tenant)
        .filter(
            name=MANAGEMENT_APPLICATION_NAME,
            client_grants__api__is_system=True,
            client_grants__subject_type=SubjectType.CLIENT,
        )
        .order_by("id")
        .first()
    )


def _add_missing_scopes(api: API) -> list[Permission]:
    held = set(api.permissions.values_list("value", flat=True))
    return Permission.objects.bulk_create(
        Permission(api=api, value=scope.value, description=scope.description)
        for scope in MANAGEMENT_SCOPES
        if scope.value not in held
    )
