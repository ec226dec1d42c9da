"""Applications that register themselves (RFC 7591) and manage that by their token (RFC 7592): the writes.

What an application is stays `apis.services.applications`' to write. Each write is one transaction with its event.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from apis.models import Application
from apis.services import applications, connections
from authserver import errors, random_secrets
from authserver.models import ClientRegistration
from authserver.registration import limits
from authserver.registration.metadata import KEPT_BY_APPLICATION, Wanted
from tenants.changes import Actor, wait_for_turn
from tenants.models import Tenant


@dataclass(frozen=True, slots=True)
class Registered:
    """A registration with its credentials, in the one moment in which they can be read. `secret` is "" without a new one."""

    row: ClientRegistration
    token: str
    secret: str = ""

    def __repr__(self) -> str:
        return f"Registered({self.row})"


@transaction.atomic
def register(tenant: Tenant, wanted: Wanted, *, by: Actor) -> Registered:
    """A third-party application as `wanted`, with a secret unless it is public.

    Raises RegistrationQuotaReached, ValidationError.
    """
    # Under the lock, so that two at once do not both take the last place.
    wait_for_turn(tenant.pk)
    limits.refuse_beyond_quota(tenant)
    settings = wanted.settings | {"is_first_party": False, "other_settings": wanted.kept}
    application = applications.create_application(tenant, wanted.name, by=by, **settings)
    token = random_secrets.fresh()
    row = ClientRegistration.objects.create(
        tenant=tenant,
        application=application,
        token_sha256=random_secrets.digest(token),
        metadata=wanted.metadata,
        ip=by.ip[:45],
    )
    return Registered(row, token, _fresh_secret(application, by))


@transaction.atomic
def replace(row: ClientRegistration, wanted: Wanted, *, by: Actor) -> Registered:
    """The application becomes what `wanted` says, nothing of the former registration stays, and the token is a new one.

    Raises InvalidToken when another request used up the token first, ValidationError.
    """
    wait_for_turn(row.tenant_id)
    token = random_secrets.fresh()
    former, row.token_sha256 = row.token_sha256, random_secrets.digest(token)
    mine = ClientRegistration.objects.filter(pk=row.pk, token_sha256=former)
    if not mine.update(token_sha256=row.token_sha256):
        raise errors.InvalidToken(reason="The registration access token was used up by another change.")
    application, had_people = row.application, row.application.app_type in connections.SIGN_IN_TYPES
    applications.update_application(application, by=by, **_settings(application, wanted))
    if application.app_type in connections.SIGN_IN_TYPES and not had_people:
        connections.enable_all(application, by=by)
    row.metadata = wanted.metadata
    row.save(update_fields=["metadata", "updated_at"])
    return Registered(row, token, _fresh_secret(application, by))


def remove(row: ClientRegistration, *, by: Actor) -> None:
    """Removes the application with everything of it: secrets, consents, tokens, and its registration."""
    applications.delete_application(row.application, by=by)


def _settings(application: Application, wanted: Wanted) -> dict[str, Any]:
    """All that a registration decides. What an operator set otherwise stays."""
    others = {name: value for name, value in application.other_settings.items() if name not in KEPT_BY_APPLICATION}
    return {"name": wanted.name, **wanted.settings, "other_settings": others | wanted.kept}


def _fresh_secret(application: Application, by: Actor) -> str:
    """A secret where there is none and has to be one, else ""."""
    made = applications.ensure_secret(application, rotate=False, by=by)
    return made.value if made else ""
