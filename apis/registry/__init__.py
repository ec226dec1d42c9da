"""Configuration as the token path reads it: parsed once per tenant version, immutable, free of SQL when warm.

Owns the shape of these values (`values`) and how rows become them (`loading`). What they allow is decided in
`authserver.policy`.
"""

from apis.models import SubjectType
from apis.registry import loading
from apis.registry.loading import look_up
from apis.registry.values import (
    APIValue,
    ApplicationValue,
    ConnectionValue,
    CredentialValue,
    RefreshTokenSettings,
    SecretValue,
)
from tenants.config_cache import CurrentTenant
from tenants.models import Connection

__all__ = [
    "APIValue",
    "ApplicationValue",
    "ConnectionValue",
    "CredentialValue",
    "RefreshTokenSettings",
    "SecretValue",
    "api",
    "api_key",
    "api_with_id",
    "application",
    "connections",
    "every_connection",
    "grant_key",
    "granted_scopes",
    "look_up",
    "origins",
]


def application(tenant: CurrentTenant, client_id: str) -> ApplicationValue | None:
    """The application of this tenant with `client_id`, or None."""
    return tenant.cached("application", client_id, lambda: loading.load_application(tenant, client_id))


def api(tenant: CurrentTenant, audience: str) -> APIValue | None:
    """The API of this tenant whose tokens carry `audience`, or None. The Management API answers per domain."""
    return tenant.cached("api", api_key(tenant, audience), lambda: loading.load_api(tenant, audience))


def api_key(tenant: CurrentTenant, audience: str) -> str:
    """Under which an API is remembered."""
    return f"{tenant.host} {audience}"


def api_with_id(tenant: CurrentTenant, api_id: str | None) -> APIValue | None:
    """The API of this tenant with `api_id`, or None, also for None."""
    if api_id is None:
        return None
    return tenant.cached("api with id", f"{tenant.host} {api_id}", lambda: loading.load_api_with_id(tenant, api_id))


def granted_scopes(
    tenant: CurrentTenant, client: ApplicationValue, target: APIValue, subject_type: str = SubjectType.CLIENT
) -> tuple[str, ...] | None:
    """The scopes of the client grant, in the API's order; None when there is no grant.

    For a third-party application without one of its own that is the API's default grant. `subject_type`: on whose behalf,
    the application's own (`client`) or a person's (`user`).
    """
    key = grant_key(client, target, subject_type)
    return tenant.cached("grant", key, lambda: loading.load_scopes(tenant, client, target, subject_type))


def grant_key(client: ApplicationValue, target: APIValue, subject_type: str) -> str:
    """Under which the scopes of a client grant are remembered."""
    return f"{client.id} {target.id} {subject_type}"


def connections(tenant: CurrentTenant, client: ApplicationValue) -> tuple[ConnectionValue, ...]:
    """The directories that are switched on for `client`, by name. A third-party one may use domain-level ones only."""
    return tenant.cached("connections", str(client.id), lambda: loading.load_connections(client))


def every_connection(tenant: CurrentTenant) -> tuple[ConnectionValue, ...]:
    """Every directory of the tenant, by name: for its own account page."""
    return tenant.cached(
        "connections", "", lambda: loading.connection_values(Connection.objects.of(tenant).order_by("name"))
    )


def origins(tenant: CurrentTenant) -> frozenset[str]:
    """Every origin that some application of this tenant registered for calls from a browser."""
    return tenant.cached("origins", "", lambda: loading.load_origins(tenant))
