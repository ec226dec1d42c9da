"""An application that moves here with its client_id and its secrets, so that its deployments go on working."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from apis.models import Application, ClientSecret
from apis.models.client_secret import digest
from apis.services import id_token_secrets
from tenants import changes
from tenants.changes import Actor
from tenants.profile import is_text

# What an address and the Authorization header need not quote.
_CLIENT_ID = re.compile(r"[A-Za-z0-9._~-]{1,255}")


@dataclass(frozen=True, slots=True)
class MovedSecret:
    """A client secret by its SHA-256, and by itself where it signs ID tokens (HS256)."""

    sha256: bytes
    last_four: str
    expires_at: datetime | None = None
    value: str = ""

    def __repr__(self) -> str:
        return f"MovedSecret(…{self.last_four})"


@transaction.atomic
def take_over(application: Application, client_id: str, secrets: Iterable[MovedSecret], *, by: Actor) -> None:
    """A just created `application` becomes the one that was known as `client_id`, with those secrets and no other.

    Raises ValidationError: the client_id is taken here or none, a hash is none, or HS256 without a readable secret.
    """
    changes.wait_for_turn(application.tenant_id)
    if not isinstance(client_id, str) or not _CLIENT_ID.fullmatch(client_id):
        raise ValidationError(f"{application.name}: a client_id is 1 to 255 letters, digits and . _ ~ -")
    if Application.objects.exclude(pk=application.pk).filter(client_id=client_id).exists():
        raise ValidationError(f"{application.name}: the client_id {client_id} is in use on this server.")
    application.client_id = client_id
    application.full_clean()
    application.save(update_fields=["client_id"])
    application.secrets.all().delete()
    for secret in secrets:
        _restore(application, secret)
    id_token_secrets.refuse_unusable(application, application.secrets.all())
    changes.changed(application.tenant, by, "Take over a client with its secrets", target=client_id)


def _restore(application: Application, secret: MovedSecret) -> None:
    if len(secret.sha256) != 32 or not is_text(secret.last_four) or (secret.value and digest(secret.value) != secret.sha256):
        raise ValidationError(f"{application.name}: a secret (…{secret.last_four}) is damaged.")
    ClientSecret.objects.create(
        application=application,
        sha256=secret.sha256,
        encrypted=id_token_secrets.readable_copy(application, secret.value) if secret.value else None,
        last_four=secret.last_four,
        expires_at=secret.expires_at,
    )
