"""What people allowed applications: whether to ask, what to ask about, and the record of the answer.

Owns the rules of `wire.md` §1.8. Does not own the page.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from apis.registry import APIValue, ApplicationValue
from authserver import callbacks, families, people_events
from authserver.models import Consent
from authserver.scopes import OPENID
from tenants import audit
from tenants.changes import Actor
from tenants.config_cache import CurrentTenant
from tenants.http import TenantRequest
from tenants.models import User

FIRST_TIME = "first time"
ASKS_FOR_MORE = "asks for more"
THIRD_PARTY = "third party"
UNVERIFIABLE = "callback cannot be verified"
API_ASKS = "the API asks"


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask. `reason` is one of this module's words, "" when nothing need be asked; `allowed` was so before."""

    reason: str
    new: tuple[str, ...]
    allowed: tuple[str, ...]


def question(
    tenant: CurrentTenant,
    client: ApplicationValue,
    api: APIValue | None,
    scopes: tuple[str, ...],
    redirect_uri: str,
    *,
    user_pk: int,
) -> Question:
    """What `client` must ask the person before it gets `scopes`. One statement at most."""
    asked = tuple(value for value in scopes if value != OPENID)
    cause = _cause(tenant, client, api, redirect_uri)
    if not cause:
        return Question("", asked, ())
    stored = allowed_scopes(tenant, client, api, user_pk)
    if stored is None:
        return Question(cause, asked, ())
    new = tuple(value for value in asked if value not in stored)
    return Question(ASKS_FOR_MORE if new else "", new, tuple(value for value in asked if value in stored))


def _cause(tenant: CurrentTenant, client: ApplicationValue, api: APIValue | None, redirect_uri: str) -> str:
    """Why this application must ask at all, "" when it need not."""
    if not client.is_first_party:
        return THIRD_PARTY
    if api is None:
        return ""
    if not api.skips_consent:
        return API_ASKS
    trusted = client.trusts_unverifiable_callbacks
    if trusted is None:
        trusted = tenant.settings.trusts_unverifiable_callbacks
    return "" if trusted or callbacks.is_verifiable(redirect_uri) else UNVERIFIABLE


def allowed_scopes(
    tenant: CurrentTenant, client: ApplicationValue, api: APIValue | None, user_pk: int
) -> frozenset[str] | None:
    """What the person allowed before; None when never asked."""
    rows = Consent.objects.of(tenant).filter(user=user_pk, application=client.id, api=api.id if api else None)
    stored = rows.values_list("scopes", flat=True).first()
    return None if stored is None else frozenset(stored)


@transaction.atomic
def allow(
    request: TenantRequest, client: ApplicationValue, api: APIValue | None, scopes: tuple[str, ...], user: User
) -> None:
    """Remembers that `user` allowed `scopes`, beside what was allowed before.

    Raises IntegrityError when the API or the application has been deleted since this process last looked.
    """
    tenant = request.tenant
    rows = Consent.objects.of(tenant).select_for_update()
    consent, made = rows.get_or_create(
        tenant_id=tenant.id, user=user, application_id=client.id, api_id=api.id if api else None
    )
    consent.scopes = list(dict.fromkeys([*consent.scopes, *(value for value in scopes if value != OPENID)]))
    consent.save(update_fields=["scopes", "updated_at"])
    people_events.happened(
        request,
        people_events.CONSENT,
        "Allowed an application" if made else "Allowed an application more",
        client=client,
        user=user,
        audience=api.audience if api else "",
        scope=" ".join(consent.scopes),
    )


@transaction.atomic
def withdraw(consent: Consent, by: TenantRequest | Actor) -> None:
    """Forgets a consent and ends every token family that it carried. `by` is the person's own request, or whoever did it
    for them."""
    families.revoke(
        families.live().filter(
            Q(user=consent.user_id, application=consent.application_id), api=consent.api_id, tenant=consent.tenant_id
        )
    )
    _tell_withdrawn(by, consent)
    consent.delete()


def _tell_withdrawn(by: TenantRequest | Actor, consent: Consent) -> None:
    """An event of the person's, whoever did it; another's name stands in the details."""
    audience, scope = consent.api.identifier if consent.api else "", " ".join(consent.scopes)
    application, user = consent.application, consent.user
    description = "Took back the consent to an application"
    if not isinstance(by, Actor):
        people_events.happened(
            by, people_events.CONSENT, description, client=application, user=user, audience=audience, scope=scope
        )
        return
    audit.record(
        audit.Event(
            type="consent",
            tenant_id=consent.tenant_id,
            description=description,
            client_id=application.client_id,
            client_name=application.name,
            ip=by.ip,
            user_id=user.user_id,
            user_name=user.email,
            audience=audience,
            scope=scope,
            details={"by": by.name},
        )
    )
