"""Why a scope is not granted on a person's behalf, as sentences for the admin. The rules of `wire.md` §1.8, one by one."""

from apis.registry import APIValue, ApplicationValue
from authserver.profiles import profile
from authserver.scopes import OFFLINE_ACCESS, OIDC_SCOPES
from tenants.config_cache import CurrentTenant

NO_CODE = "Only a code leads to a refresh token, and the request asks for none."


def why_not(
    tenant: CurrentTenant,
    client: ApplicationValue,
    api: APIValue | None,
    value: str,
    *,
    granted: tuple[str, ...] | None,
    held: tuple[str, ...] | None,
) -> str:
    """Why `value` is not granted, as a sentence for the admin; "" when it is.

    `granted` is the client grant on behalf of users, `held` what the person holds; None where the API asks for neither.
    """
    if value == OFFLINE_ACCESS:
        return _why_not_offline(tenant, client, api)
    if value in OIDC_SCOPES:
        return ""
    if api is None:
        return "The request means no API: it needs an audience, or the tenant a default audience."
    return _why_not_of_api(api, granted, held, value)


def _why_not_of_api(api: APIValue, granted: tuple[str, ...] | None, held: tuple[str, ...] | None, value: str) -> str:
    if api.is_system:
        # It acts for a tenant's operators.
        return "Nobody gets at the Management API by logging in to an application."
    if value not in api.permissions:
        return "The API has no such permission."
    if granted is not None and value not in granted:
        return "The application's client grant on behalf of users does not have it."
    if held is not None and value not in held:
        return "The user holds no role or permission with it (the API enforces RBAC)."
    return ""


def _why_not_offline(tenant: CurrentTenant, client: ApplicationValue, api: APIValue | None) -> str:
    if api is None and not profile(tenant.security_profile).offline_access_without_api:
        return "The request means no API, without which there is no offline access."
    if api is not None and not api.allow_offline_access:
        return "The API does not allow offline access."
    return "" if "refresh_token" in client.grant_types else "The application may not use refresh tokens."
