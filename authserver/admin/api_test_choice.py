"""What was chosen on the Test tab of an API: domain, application and scopes, and what the policy says of them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.http import Http404, HttpRequest, QueryDict

from apis import registry
from apis.models import API, Application
from apis.registry import APIValue, ApplicationValue, bulk
from authserver import errors, policy
from authserver.admin import api_test_applications as applications
from authserver.admin.effective_answer import Answer, EffectiveAnswers
from authserver.admin.request_snippets import Snippet, parameters, snippets
from tenants import config_cache
from tenants.config_cache import CurrentTenant
from tenants.middleware.tenant import canonical_host
from tenants.models import Domain


@dataclass(frozen=True, slots=True)
class Chosen:
    """An application that is to ask for a token of `api` at `tenant`. `granted` and `ticked` are in the API's order."""

    tenant: CurrentTenant
    application: Application
    client: ApplicationValue
    api: APIValue
    answer: Answer
    granted: tuple[str, ...]
    ticked: tuple[str, ...]

    @property
    def scope(self) -> str:
        """The parameter: left out for all that is granted, and for nothing, which means the same."""
        return "" if self.ticked == self.granted else " ".join(self.ticked)

    @property
    def values(self) -> dict[str, str]:
        """The parameters of the request."""
        return parameters(self.client.client_id, self.api.audience, self.scope)

    @property
    def snippets(self) -> list[Snippet]:
        return snippets(self.tenant.issuer, self.client, self.values)

    @property
    def boxes(self) -> list[dict[str, Any]]:
        """A box for each scope that is granted, the others come below (`further`)."""
        return [box for box in self._boxes() if box["granted"]]

    @property
    def further(self) -> list[dict[str, Any]]:
        """A box for each scope of the API that is not granted."""
        return [box for box in self._boxes() if not box["granted"]]

    @property
    def further_ticked(self) -> bool:
        return any(box["ticked"] for box in self.further)

    def _boxes(self) -> list[dict[str, Any]]:
        return [
            {"value": value, "text": text, "granted": value in self.granted, "ticked": value in self.ticked}
            for value, text in self.api.permissions.items()
        ]


def domain_for(request: HttpRequest, domains: Sequence[Domain], wanted: str) -> Domain | None:
    """The domain called `wanted`, else the one that the console itself is open at, else the first."""
    by_host = {domain.host: domain for domain in domains}
    return by_host.get(wanted) or by_host.get(canonical_host(request)) or next(iter(domains), None)


def application_for(api: API, sent: QueryDict, offered: Sequence[Application]) -> Application | None:
    """The application that was chosen, else the first one offered. Raises Http404 for one that the tenant has not."""
    client_id = sent.get("application", "")
    if not client_id:
        return next(iter(offered), None)
    found = next((row for row in offered if row.client_id == client_id), None)
    found = found or applications.with_client_id(api, client_id)
    if found is None:
        raise Http404("No application of this tenant with this client_id")
    return found


def chosen(api: API, domain: Domain, application: Application, sent: QueryDict) -> Chosen:
    """What asking would mean, with what `sent` says of scopes: at first, all that are granted.

    Read as the token endpoint reads it, so that the page and the endpoint say the same. Raises Http404 for what was deleted
    at this moment.
    """
    tenant = config_cache.resolve(domain.host)
    if tenant is None:
        raise Http404("Deleted just now")
    # What was switched on a moment ago, through another process, is what an operator comes here to try.
    tenant = config_cache.fresh(tenant)
    client = registry.application(tenant, application.client_id)
    target = registry.api(tenant, api.audience_at(tenant.issuer))
    if client is None or target is None:
        raise Http404("Deleted just now")
    granted = _granted(tenant, client, target)
    ticked = set(sent.getlist("scope")) if "scope" in sent or "shown" in sent else set(granted)
    in_order = tuple(value for value in target.permissions if value in ticked)
    answer = _known(tenant, application, client, api, target).of(application, api)
    return Chosen(tenant, application, client, target, answer, granted, in_order or granted)


def _granted(tenant: CurrentTenant, client: ApplicationValue, target: APIValue) -> tuple[str, ...]:
    try:
        return policy.for_client(tenant, client, target.audience, (), "").scopes
    except errors.OAuthError:
        return ()


def _known(
    tenant: CurrentTenant, application: Application, client: ApplicationValue, api: API, target: APIValue
) -> EffectiveAnswers:
    """Answers from what was read already."""
    current = {each.name: getattr(tenant, each.name) for each in fields(tenant)}
    known = bulk.KnownTenant(**current, known={})
    return EffectiveAnswers(bulk.Known(known, {application.pk: client}, {api.pk: target}, {}))
