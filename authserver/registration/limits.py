"""How many applications may register themselves: tries in a time, and registrations that nobody uses (T-088)."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from apis.models import ClientGrant, ClientSecret
from apis.services import applications
from authserver import errors
from authserver.models import ClientRegistration, Consent, TokenFamily
from tenants import throttle
from tenants.changes import Actor
from tenants.config_cache import CurrentTenant
from tenants.models.scoping import HasId

# Auth0 lets a tenant register five a second. One network comes to a third of a second.
PER_TENANT = throttle.Limit("registrations at this tenant", tries=5, seconds=1)
PER_NETWORK = throttle.Limit("registrations from one address", tries=20, seconds=60)
PER_CLIENT = throttle.Limit("changes of one registration", tries=20, seconds=60)
UNUSED_DAYS = 30
BATCH = 500


def spend_registration(tenant: CurrentTenant, ip: str) -> None:
    """Counts a try to register, good or bad. Raises TooManyRegistrations. Not to be called in a transaction."""
    _spend(PER_NETWORK, str(tenant.id), throttle.network(ip))
    # What one network tries beyond its own limit takes nothing from the others.
    _spend(PER_TENANT, str(tenant.id))


def spend_change(registration: ClientRegistration) -> None:
    """Counts a change of `registration` by its token. Raises TooManyRegistrations. Not to be called in a transaction."""
    _spend(PER_CLIENT, str(registration.pk))


def refuse_beyond_quota(tenant: HasId) -> None:
    """Raises RegistrationQuotaReached when too many registrations were never used. Call it under the tenant's lock."""
    quota: int = settings.DYNAMIC_REGISTRATION_QUOTA
    if unused().filter(tenant=tenant.id).count() >= quota:
        raise errors.RegistrationQuotaReached(quota=str(quota), days=str(UNUSED_DAYS))


def unused() -> QuerySet[ClientRegistration]:
    """Registrations of which nobody ever made use, nor an operator an application of the house."""
    rows = ClientRegistration.objects.filter(used_at=None, application__is_first_party=False)
    return rows.exclude(_traces())


def overdue() -> QuerySet[ClientRegistration]:
    """Those that were not used for `UNUSED_DAYS` days."""
    return unused().filter(created_at__lt=timezone.now() - timedelta(days=UNUSED_DAYS))


def note_use() -> int:
    """Remembers on the registrations themselves which were used. To be called before traces of use are removed."""
    return ClientRegistration.objects.filter(_traces(), used_at=None).update(used_at=timezone.now())


def remove_overdue(*, by: Actor) -> int:
    """Removes the applications that are overdue. Returns how many."""
    total = 0
    while pks := list(overdue().values_list("pk", flat=True)[:BATCH]):
        total += sum(_remove(pk, by) for pk in pks)
    return total


@transaction.atomic
def _remove(pk: int, by: Actor) -> bool:
    # It may have been used, or have removed itself, since it was found.
    found = overdue().select_related("application__tenant").filter(pk=pk).first()
    if found is not None:
        applications.delete_application(found.application, by=by)
    return found is not None


def _traces() -> Q:
    """A person allowed it or got tokens for it, it used its secret, or somebody gave it an API."""
    secrets = ClientSecret.objects.filter(application=OuterRef("application"), last_used_at__isnull=False)
    traces = Q(Exists(secrets))
    for model in (TokenFamily, Consent, ClientGrant):
        traces |= Q(Exists(model._default_manager.filter(application=OuterRef("application"))))
    return traces


def _spend(limit: throttle.Limit, *parts: str) -> None:
    if seconds := throttle.spend(limit, *parts):
        raise errors.TooManyRegistrations(seconds=str(seconds), limit=limit.name)
