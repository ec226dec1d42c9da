"""Lends the words of the consent page to the pages of an API, which belong to the floor below."""

from collections.abc import Sequence
from types import MappingProxyType

from apis.admin import consent_preview
from apis.admin.consent_preview import Preview
from apis.models import API
from apis.registry import APIValue
from apis.services.apis import Scope
from authserver.pages import scope_sentences
from tenants.config_cache import at_domain
from tenants.models import Domain


def said(api: API, scopes: Sequence[Scope]) -> list[Preview]:
    """Each of `scopes` as the consent page would say it, if `api` had them all. No statement."""
    # What is said depends on the tenant's settings, and not on which of its domains the person came to.
    tenant = at_domain(Domain(tenant=api.tenant))
    value = _value(api, {scope.value: scope.description for scope in scopes})
    lines = [scope_sentences.items(tenant, value, (scope.value,))[0] for scope in scopes]
    return [Preview(line["sentence"], line["sensitive"]) for line in lines]


def _value(api: API, permissions: dict[str, str]) -> APIValue:
    """`api` with other permissions, and without what makes tokens."""
    return APIValue(
        id=api.pk,
        name=str(api),
        audience=api.identifier,
        token_lifetime=api.token_lifetime,
        token_lifetime_for_web=api.token_lifetime_for_web,
        token_dialect=api.token_dialect,
        signing_alg=api.signing_alg,
        signer=None,
        is_system=api.is_system,
        allow_offline_access=api.allow_offline_access,
        skips_consent=api.skip_consent_for_verifiable_first_party_clients,
        enforce_policies=api.enforce_policies,
        user_policy=api.user_policy,
        client_policy=api.client_policy,
        permissions=MappingProxyType(permissions),
    )


consent_preview.from_above.append(said)
