"""Which API is meant (`audience`, `resource`, the tenant's default), and whether the application may ask for it."""

from collections.abc import Sequence

from apis import registry
from apis.registry import APIValue, ApplicationValue
from authserver import errors
from authserver.policy import grants
from tenants.config_cache import CurrentTenant


def api_for_user(
    tenant: CurrentTenant, client: ApplicationValue, audience: str, resources: Sequence[str]
) -> APIValue | None:
    """The API that a person's application means, or None: then there is only the person's own profile.

    Raises UnknownAPI, SeveralAudiences, APIsSectionDisabled, ClosedToAll, NotGrantedForUsers.
    """
    if not (audience or any(resources) or tenant.default_audience):
        return None
    try:
        api = named_api(tenant, audience, resources)
    except errors.UnknownAudience as error:
        raise errors.UnknownAPI(**error.particulars) from error
    # Before anybody is asked for a password that would lead to nothing.
    grants.of_users(tenant, client, api)
    return api


def named_api(tenant: CurrentTenant, audience: str, resources: Sequence[str]) -> APIValue:
    """The API that is meant: `audience`, else `resource` (RFC 8707 §2), else the tenant's default."""
    named = dict.fromkeys(name for name in (audience, *resources) if name)
    if len(named) > 1:
        raise errors.SeveralAudiences()
    name = next(iter(named), tenant.default_audience)
    if not name:
        raise errors.MissingAudience()
    api = registry.api(tenant, name)
    if api is None:
        raise errors.UnknownAudience(audience=name)
    if not (api.is_system or tenant.flags["enable_apis_section"]):
        raise errors.APIsSectionDisabled(audience=name)
    return api
