"""What an API's own policy lets an application have: its client grant, where the API asks for one.

Owns rule 2 of `wire.md` §1.8, for both kinds of subject. What of it a request gets decide `clients` and `users`.
"""

from apis import registry
from apis.models import ClientPolicy, SubjectType, UserPolicy
from apis.registry import APIValue, ApplicationValue
from authserver import errors
from tenants.config_cache import CurrentTenant


def of_client(tenant: CurrentTenant, client: ApplicationValue, api: APIValue) -> tuple[str, ...]:
    """The scopes that `client` may have of `api` on its own behalf. Raises ClosedToAll, NotGranted."""
    if api.client_policy == ClientPolicy.DENY_ALL:
        raise errors.ClosedToAll(audience=api.audience, setting="machine to machine")
    granted = registry.granted_scopes(tenant, client, api, SubjectType.CLIENT)
    if granted is None:
        raise errors.NotGranted(audience=api.audience, client_id=client.client_id)
    return granted


def of_users(tenant: CurrentTenant, client: ApplicationValue, api: APIValue) -> tuple[str, ...] | None:
    """The scopes that `client` may have of `api` on behalf of people; None where the API asks for no grant.

    Raises ClosedToAll, NotGrantedForUsers.
    """
    if api.user_policy == UserPolicy.ALLOW_ALL:
        return None
    if api.user_policy == UserPolicy.DENY_ALL:
        raise errors.ClosedToAll(audience=api.audience, setting="on behalf of users")
    granted = registry.granted_scopes(tenant, client, api, SubjectType.USER)
    if granted is None:
        raise errors.NotGrantedForUsers(audience=api.audience, client_id=client.client_id)
    return granted
