"""What this floor does when something happens on the ground floor, which does not know it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.dispatch import receiver

from apis import counted_audiences, redirect_uris
from apis.models import API, ClientSecret
from apis.services.provisioning import provision
from tenants import audit, signals
from tenants.audit import counts
from tenants.changes import Actor
from tenants.models import Domain, Tenant


@receiver(signals.tenant_created)
def give_management_api(tenant: Tenant, by: Actor, **_: Any) -> None:
    provision(tenant, by=by)


@receiver(signals.settings_changing)
def refuse_unknown_default_audience(tenant: Tenant, values: dict[str, Any], **_: Any) -> None:
    audience = values.get("default_audience")
    if audience and not API.objects.of(tenant).filter(identifier=audience, is_system=False).exists():
        raise ValidationError({"default_audience": f"The tenant has no API with the identifier '{audience}'."})


@receiver(signals.settings_changing)
def refuse_unsafe_logout_urls(values: dict[str, Any], **_: Any) -> None:
    """Judged as an application's addresses are; a tenant may have native applications, so their schemes are allowed."""
    if problems := redirect_uris.problems(values.get("allowed_logout_urls") or "", native=True):
        raise ValidationError({"allowed_logout_urls": problems})


@receiver(signals.domain_adding)
def refuse_domain_that_shadows_an_api(tenant: Tenant, domain: Domain, **_: Any) -> None:
    """The Management API answers to `<domain>api/v2/`: an API of that name would be out of reach there."""
    identifier = f"{domain.issuer}api/v2/"
    if API.objects.of(tenant).filter(identifier=identifier).exists():
        raise ValidationError({"host": f"{identifier} is the identifier of an API of this tenant: delete that first."})


@audit.subscribe
def note_last_use_of_secrets(events: Sequence[audit.Event]) -> None:
    """Secrets show when they were last used; noted with the batch of events, never by a write per token."""
    used: dict[int, datetime] = {}
    for event in events:
        if secret_id := event.marks.get("client_secret"):
            used[secret_id] = event.date
    # In one order everywhere, so that two processes which write at once cannot wait for each other.
    for secret_id, date in sorted(used.items()):
        ClientSecret.objects.filter(pk=secret_id).update(last_used_at=date)


counts.api_identifiers.append(counted_audiences.identifiers)
