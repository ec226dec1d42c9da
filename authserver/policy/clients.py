"""What a client may have on its own behalf: its client grant, and nothing beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from apis.registry import APIValue, ApplicationValue
from authserver import errors
from authserver.policy import grants
from authserver.policy.audience import named_api
from tenants.config_cache import CurrentTenant


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes: this API, these scopes, in the API's order."""

    api: APIValue
    scopes: tuple[str, ...]


def for_client(
    tenant: CurrentTenant, client: ApplicationValue, audience: str, resources: Sequence[str], scope: str
) -> Decision:
    """What `client` may have of the API it names, on its own behalf.

    Without `scope` that is the whole grant. Raises MissingAudience, SeveralAudiences, UnknownAudience,
    APIsSectionDisabled, ClosedToAll, NotGranted, ScopeNotGranted.
    """
    api = named_api(tenant, audience, resources)
    granted = grants.of_client(tenant, client, api)
    if not scope:
        return Decision(api, granted)
    asked = dict.fromkeys(scope.split(" "))
    beyond = [value for value in asked if value and value not in granted]
    if beyond:
        raise errors.ScopeNotGranted(scope=", ".join(beyond), audience=api.audience, client_id=client.client_id)
    return Decision(api, tuple(value for value in granted if value in asked))
