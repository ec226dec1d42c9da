"""Applications and their secrets: the writes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from apis.models import Application, ClientSecret
from apis.models.client_secret import digest
from apis.services import connections, id_token_secrets
from tenants import changes, ids
from tenants.changes import Actor
from tenants.keys import rotation
from tenants.models import Tenant

MAX_LIVE_SECRETS = 2
# Stored as a plain hash, which is safe for what nobody can guess.
MIN_SECRET_LENGTH = 32
FIXED = ("client_id", "tenant")


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A secret in the one moment in which it can be read."""

    row: ClientSecret
    value: str

    def __repr__(self) -> str:
        return f"NewSecret({self.row})"


@transaction.atomic
def create_application(tenant: Tenant, name: str, *, by: Actor, **settings: Any) -> Application:
    """An application without a secret; `add_secret` gives it one. Types bring their own grant types and auth method.

    `connections` says whose people may sign in to it; without, every connection that the tenant has now, if people sign
    in to such an application at all.
    An `id_token_alg` brings the tenant's keys for it. Raises ValidationError, also when the tenant publishes no such keys.
    """
    changes.wait_for_turn(tenant.pk)
    chosen = settings.pop("connections", None)
    application = Application(tenant=tenant, name=name, **settings)
    application.full_clean()
    id_token_secrets.refuse_unusable(application, ClientSecret.objects.none())
    rotation.ensure_alg(tenant, application.id_token_alg, by=by, field="id_token_alg")
    application.save()
    if chosen is None:
        connections.enable_all(application, by=by)
    else:
        connections.set_connections(application, chosen, by=by)
    changes.changed(tenant, by, "Create a client", target=application.client_id, values={"name": name} | settings)
    return application


@transaction.atomic
def update_application(application: Application, *, by: Actor, **settings: Any) -> Application:
    """Changes `settings`. A client that becomes public or changes to private_key_jwt loses its secrets.

    client_id never changes.

    To HS256 ID tokens an application changes without a secret in use, as one whose value is no longer known cannot sign.
    Away from it, the readable copies are erased. Raises ValidationError.
    """
    # A secret that is added at this moment is hashed or readable, as this change decides.
    changes.wait_for_turn(application.tenant_id, application)
    changes.refuse_fixed(application, settings, FIXED)
    for field, value in settings.items():
        setattr(application, field, value)
    application.full_clean()
    id_token_secrets.refuse_unusable(application, live_secrets(application))
    rotation.ensure_alg(application.tenant, application.id_token_alg, by=by, field="id_token_alg")
    application.save()
    if not application.authenticates_by_secret:
        application.secrets.all().delete()
    id_token_secrets.erase_needless_copies(application)
    changes.changed(application.tenant, by, "Update a client", target=application.client_id, values=settings)
    return application


@transaction.atomic
def delete_application(application: Application, *, by: Actor) -> None:
    """Removes an application with its secrets and client grants."""
    tenant, client_id = application.tenant, application.client_id
    changes.wait_for_turn(tenant.pk)
    changes.hold_for_deletion(Application.objects.filter(pk=application.pk))
    application.delete()
    changes.changed(tenant, by, "Delete a client", target=client_id)


@transaction.atomic
def add_secret(
    application: Application, *, by: Actor, retire_others_at: datetime | None = None, value: str | None = None
) -> NewSecret:
    """A fresh secret beside the ones in use; those end at `retire_others_at`, if given. Two can live at a time.

    Raises ValidationError for a client that has no secrets, or when two others live on. `value` chooses the secret, for
    fixtures.
    """
    # Two operators adding a secret at once must not end up with three.
    changes.wait_for_turn(application.tenant_id)
    stored = Application.objects.get(pk=application.pk)
    _refuse_without_secret(stored)
    live = live_secrets(application)
    if retire_others_at is not None:
        live.filter(Q(expires_at=None) | Q(expires_at__gt=retire_others_at)).update(expires_at=retire_others_at)
    if live_secrets(application).count() >= MAX_LIVE_SECRETS:
        raise ValidationError("Two secrets are in use already: end one of them before you add another.")
    value = value or ids.client_secret()
    if len(value) < MIN_SECRET_LENGTH:
        raise ValidationError(f"A secret of your own choice has at least {MIN_SECRET_LENGTH} characters.")
    row = ClientSecret.objects.create(
        application=application,
        sha256=digest(value),
        encrypted=id_token_secrets.readable_copy(stored, value),
        last_four=value[-4:],
    )
    changes.changed(application.tenant, by, "Add a client secret", target=application.client_id)
    return NewSecret(row, value)


def rotate_secret(application: Application, *, by: Actor, overlap: timedelta = timedelta()) -> NewSecret:
    """A fresh secret; the ones in use end after `overlap` (at once, unless told otherwise)."""
    return add_secret(application, by=by, retire_others_at=timezone.now() + overlap)


def ensure_secret(application: Application, *, rotate: bool, by: Actor) -> NewSecret | None:
    """A secret to show: fresh when asked for or when none is in use. None when one is, or when the client has none."""
    if not application.authenticates_by_secret or (live_secrets(application).exists() and not rotate):
        return None
    return rotate_secret(application, by=by)


def _refuse_without_secret(application: Application) -> None:
    if application.is_public:
        raise ValidationError("A public client has no secret: it could not keep one (RFC 6749 §2.1).")
    if not application.authenticates_by_secret:
        raise ValidationError("The application authenticates with a key (private_key_jwt) and has no secret.")


@transaction.atomic
def end_secret(secret: ClientSecret, *, by: Actor, at: datetime | None = None) -> None:
    """The secret stops working, at once or at `at`. Raises ValidationError when it has already: nothing brings it back."""
    changes.wait_for_turn(secret.application.tenant_id, secret)
    if secret.expires_at is not None and secret.expires_at <= timezone.now():
        raise ValidationError("This secret has ended already.")
    secret.expires_at = at or timezone.now()
    secret.save(update_fields=["expires_at"])
    application = secret.application
    changes.changed(application.tenant, by, "End a client secret", target=application.client_id)


def live_secrets(application: Application) -> Any:
    """The secrets that work now, oldest first."""
    return application.secrets.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()))
