"""The audience of what a person allowed, or an application got: an API's identifier, or userinfo's where no API is meant."""

from django.db.models import Q

from apis import registry
from apis.models import API
from tenants.config_cache import CurrentTenant

# Of an identifier.
MAX_LENGTH = 600


def audience_of(api: API | None, issuer: str) -> str:
    """What tokens for `api` carry at the domain of `issuer`; without an API they open the person's own profile only."""
    return api.audience_at(issuer) if api else f"{issuer}userinfo"


def has_audience(tenant: CurrentTenant, audience: str) -> Q:
    """Of rows with an `api`: those whose audience it is. Nothing has one that the tenant does not know."""
    if audience == audience_of(None, tenant.issuer):
        return Q(api=None)
    api = registry.api(tenant, audience)
    return Q(api=api.id) if api else Q(pk__in=[])
