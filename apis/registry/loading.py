"""Rows → values. Every query starts from the tenant."""

from collections.abc import Iterable
from types import MappingProxyType

from django.db.models import F, Q, QuerySet

from apis.models import (
    API,
    Application,
    ClientCredential,
    ClientGrant,
    ClientSecret,
    DefaultFor,
    TokenEndpointAuthMethod,
)
from apis.models.api import SYSTEM_IDENTIFIER
from apis.registry.values import (
    APIValue,
    ApplicationValue,
    ConnectionValue,
    CredentialValue,
    RefreshTokenSettings,
    SecretValue,
)
from tenants.config_cache import CurrentTenant
from tenants.keys import encryption, jws
from tenants.keys.assertions import verification_key
from tenants.models import Connection

# Seconds: a hundred years, which a date can still be added to.
ENDLESS = 3_155_760_000


def look_up(tenant: CurrentTenant, client_id: str) -> Application | None:
    """The row itself, from the database."""
    return Application.objects.of(tenant).filter(client_id=client_id).first()


def load_application(tenant: CurrentTenant, client_id: str) -> ApplicationValue | None:
    row = look_up(tenant, client_id)
    return None if row is None else application_value(row)


def application_value(row: Application, *, with_keys: bool = True) -> ApplicationValue:
    """`row` as a value. Without keys for those who only ask what a request would find: then nothing is decrypted."""
    return ApplicationValue(
        id=row.pk,
        client_id=row.client_id,
        name=row.name,
        enabled=row.enabled,
        app_type=row.app_type,
        is_first_party=row.is_first_party,
        is_public=row.is_public,
        grant_types=frozenset(row.grant_types),
        token_endpoint_auth_method=row.token_endpoint_auth_method,
        secrets=tuple(_secret_value(secret, with_keys=with_keys) for secret in row.secrets.all()),
        credentials=tuple(_credential_value(credential) for credential in _credentials_in_use(row)),
        redirect_uris=tuple(row.redirect_uris.split()),
        logout_uris=tuple(row.post_logout_redirect_uris.split()),
        web_origins=frozenset(row.web_origins.split()),
        id_token_alg=row.id_token_alg,
        id_token_lifetime=row.id_token_lifetime,
        refresh_tokens=RefreshTokenSettings(
            rotating=row.rotates_refresh_tokens,
            leeway=row.refresh_token_leeway,
            lifetime=ENDLESS if row.infinite_refresh_token_lifetime else row.refresh_token_lifetime,
            idle_lifetime=ENDLESS if row.infinite_refresh_token_idle_lifetime else row.refresh_token_idle_lifetime,
        ),
        trusts_ip_header=row.is_token_endpoint_ip_header_trusted,
        trusts_unverifiable_callbacks=row.skip_non_verifiable_callback_uri_confirmation_prompt,
        resource_server_id=row.resource_server_id,
        logo_uri=row.logo_uri,
        policy_uri=row.policy_uri,
        tos_uri=row.tos_uri,
        default_max_age=_seconds(row.other_settings.get("default_max_age")),
    )


def _seconds(value: object) -> int | None:
    """`value`, which any tool may have written, if it is a number of seconds."""
    return value if type(value) is int and value >= 0 else None


def _secret_value(row: ClientSecret, *, with_keys: bool) -> SecretValue:
    return SecretValue(
        id=row.pk,
        sha256=bytes(row.sha256),
        expires_at=row.expires_at.timestamp() if row.expires_at else None,
        key=encryption.decrypt(row.encrypted) if with_keys and row.encrypted else None,
    )


def _credentials_in_use(row: Application) -> Iterable[ClientCredential]:
    """Keys may be stored before an application changes to them, and after it changed back."""
    return row.credentials.all() if row.token_endpoint_auth_method == TokenEndpointAuthMethod.PRIVATE_KEY_JWT else ()


def _credential_value(row: ClientCredential) -> CredentialValue:
    return CredentialValue(
        key=verification_key(row.kid, row.jwk, row.alg),
        expires_at=row.expires_at.timestamp() if row.expires_at else None,
    )


def load_connections(client: ApplicationValue) -> tuple[ConnectionValue, ...]:
    rows = Connection.objects.filter(applications=client.id).order_by("name")
    return connection_values(rows if client.is_first_party else rows.filter(is_domain_connection=True))


def connection_values(rows: QuerySet[Connection]) -> tuple[ConnectionValue, ...]:
    return tuple(ConnectionValue(row.pk, row.name, row.disable_signup, row.brute_force_protection) for row in rows)


def load_api(tenant: CurrentTenant, audience: str) -> APIValue | None:
    rows = API.objects.of(tenant)
    if audience == tenant.issuer + SYSTEM_IDENTIFIER.lstrip("/"):
        row = rows.filter(is_system=True).first()
    else:
        row = rows.filter(identifier=audience, is_system=False).first()
    return None if row is None else api_value(tenant, row)


def load_api_with_id(tenant: CurrentTenant, api_id: str) -> APIValue | None:
    row = API.objects.of(tenant).filter(pk=api_id).first()
    return None if row is None else api_value(tenant, row)


def api_value(
    tenant: CurrentTenant, row: API, *, with_keys: bool = True, permissions: dict[str, str] | None = None
) -> APIValue:
    """`row` as a value. Without keys as `application_value`. `permissions` (value → description) instead of its own."""
    if permissions is None:
        permissions = {each.value: each.description for each in row.permissions.all()}
    secret = row.signing_secret if with_keys else None
    return APIValue(
        id=row.pk,
        name=str(row),
        audience=row.audience_at(tenant.issuer),
        token_lifetime=row.token_lifetime,
        token_lifetime_for_web=row.token_lifetime_for_web,
        token_dialect=row.token_dialect,
        signing_alg=row.signing_alg,
        signer=jws.hmac_signer(encryption.decrypt(secret)) if secret else None,
        is_system=row.is_system,
        allow_offline_access=row.allow_offline_access,
        skips_consent=row.skip_consent_for_verifiable_first_party_clients,
        enforce_policies=row.enforce_policies,
        user_policy=row.user_policy,
        client_policy=row.client_policy,
        permissions=MappingProxyType(permissions),
    )


def load_scopes(
    tenant: CurrentTenant, client: ApplicationValue, target: APIValue, subject_type: str
) -> tuple[str, ...] | None:
    whose = Q(application=client.id)
    if not client.is_first_party:
        whose |= Q(application=None, default_for=DefaultFor.THIRD_PARTY_CLIENTS)
    rows = ClientGrant.objects.of(tenant).filter(whose, api=target.id, subject_type=subject_type)
    # What is for this application alone counts, and not what is for all of its kind.
    grant = rows.order_by(F("application").asc(nulls_last=True)).first()
    return None if grant is None else scopes_of(grant, target)


def scopes_of(grant: ClientGrant, target: APIValue) -> tuple[str, ...]:
    """What `grant` gives of `target`, in the API's order."""
    if grant.allow_all_scopes:
        return tuple(target.permissions)
    return tuple(permission.value for permission in grant.permissions.all())


def load_origins(tenant: CurrentTenant) -> frozenset[str]:
    rows = Application.objects.of(tenant).filter(enabled=True).exclude(allowed_origins="")
    return frozenset(origin for lines in rows.values_list("allowed_origins", flat=True) for origin in lines.split())
