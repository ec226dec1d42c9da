"""Lends the words of the consent page to the pages of an API, which belong to the floor below."""

from collections.abc import Sequence

from apis.admin import consent_preview
from apis.admin.consent_preview import Preview
from apis.models import API
from apis.registry.loading import api_value
from apis.services.apis import Scope
from authserver.pages import scope_sentences
from tenants.config_cache import at_domain
from tenants.models import Domain


def said(api: API, scopes: Sequence[Scope]) -> list[Preview]:
    """Each of `scopes` as the consent page would say it, if `api` had them all. No statement."""
    # What is said depends on the tenant's settings, and not on which of its domains the person came to.
    tenant = at_domain(Domain(tenant=api.tenant))
    value = api_value(tenant, api, with_keys=False, permissions={scope.value: scope.description for scope in scopes})
    lines = [scope_sentences.items(tenant, value, (scope.value,))[0] for scope in scopes]
    return [Preview(line["sentence"], line["sensitive"]) for line in lines]


consent_preview.from_above.append(said)
