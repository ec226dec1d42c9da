"""Configuration as the token path reads it: parsed once per tenant version, immutable, free of SQL when warm.

Owns the shape of these values. What they allow is decided in `authserver.policy`.
"""

from dataclasses import dataclass

from apis.models import API, Application, ClientGrant
from apis.models.api import SYSTEM_IDENTIFIER
from tenants.config_cache import CurrentTenant
from tenants.keys import encryption, jws


@dataclass(frozen=True, slots=True)
class SecretValue:
    id: int
    sha256: bytes
    expires_at: float | None


@dataclass(frozen=True, slots=True)
class ApplicationValue:
    """An application with its secrets. Times are seconds since 1970."""

    id: int
    client_id: str
    name: str
    enabled: bool
    grant_types: frozenset[str]
    token_endpoint_auth_method: str
    secrets: tuple[SecretValue, ...]


@dataclass(frozen=True, slots=True)
class APIValue:
    """An API as a token is made for it. `signer` is None when the tenant's key signs (RS256)."""

    id: str
    name: str
    audience: str
    token_lifetime: int
    token_dialect: str
    signer: jws.Signer | None
    is_system: bool


def application(tenant: CurrentTenant, client_id: str) -> ApplicationValue | None:
    """The application of this tenant with `client_id`, or None."""
    return tenant.cached("application", client_id, lambda: _load_application(tenant, client_id))


def api(tenant: CurrentTenant, audience: str) -> APIValue | None:
    """The API of this tenant whose tokens carry `audience`, or None. The Management API answers per domain."""
    return tenant.cached("api", f"{tenant.host} {audience}", lambda: _load_api(tenant, audience))


def granted_scopes(tenant: CurrentTenant, client: ApplicationValue, target: APIValue) -> tuple[str, ...] | None:
    """The scopes of the client grant, in the API's order; None when there is no grant."""
    return tenant.cached("grant", f"{client.id} {target.id}", lambda: _load_scopes(tenant, client, target))


def origins(tenant: CurrentTenant) -> frozenset[str]:
    """Every origin that some application of this tenant registered for calls from a browser."""
    return tenant.cached("origins", "", lambda: _load_origins(tenant))


def look_up(tenant: CurrentTenant, client_id: str) -> Application | None:
    """The row itself, from the database."""
    return Application.objects.of(tenant).filter(client_id=client_id).first()


def _load_application(tenant: CurrentTenant, client_id: str) -> ApplicationValue | None:
    row = look_up(tenant, client_id)
    if row is None:
        return None
    return ApplicationValue(
        id=row.pk,
        client_id=row.client_id,
        name=row.name,
        enabled=row.enabled,
        grant_types=frozenset(row.grant_types),
        token_endpoint_auth_method=row.token_endpoint_auth_method,
        secrets=tuple(
            SecretValue(secret.pk, bytes(secret.sha256), secret.expires_at and secret.expires_at.timestamp())
            for secret in row.secrets.all()
        ),
    )


def _load_api(tenant: CurrentTenant, audience: str) -> APIValue | None:
    rows = API.objects.of(tenant)
    if audience == tenant.issuer + SYSTEM_IDENTIFIER.lstrip("/"):
        row = rows.filter(is_system=True).first()
    else:
        row = rows.filter(identifier=audience, is_system=False).first()
    if row is None:
        return None
    return APIValue(
        id=row.pk,
        name=str(row),
        audience=row.audience_at(tenant.issuer),
        token_lifetime=row.token_lifetime,
        token_dialect=row.token_dialect,
        signer=jws.hmac_signer(encryption.decrypt(row.signing_secret)) if row.signing_secret else None,
        is_system=row.is_system,
    )


def _load_scopes(tenant: CurrentTenant, client: ApplicationValue, target: APIValue) -> tuple[str, ...] | None:
    grant = ClientGrant.objects.of(tenant).filter(application=client.id, api=target.id).first()
    if grant is None:
        return None
    return tuple(grant.permissions.order_by("id").values_list("value", flat=True))


def _load_origins(tenant: CurrentTenant) -> frozenset[str]:
    rows = Application.objects.of(tenant).filter(enabled=True).exclude(allowed_origins="")
    return frozenset(origin for lines in rows.values_list("allowed_origins", flat=True) for origin in lines.split())
