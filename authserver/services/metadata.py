"""What a tenant notes down about a session or a refresh token. No rule of ours looks at it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from authserver.models import Session, TokenFamily
from tenants.changes import Actor, changed
from tenants.profile import is_text

# Auth0's limits.
MOST = 25
LONGEST = 255


@transaction.atomic
def set_session_metadata(session: Session, metadata: dict[str, Any], *, by: Actor) -> None:
    """Replaces the metadata of a session. Raises ValidationError."""
    _set(session, "session_metadata", metadata)
    changed(session.tenant, by, "Update a session", target=session.pk, values={"metadata": metadata}, configuration=False)


@transaction.atomic
def set_refresh_token_metadata(family: TokenFamily, metadata: dict[str, Any], *, by: Actor) -> None:
    """Replaces the metadata of a refresh token. Raises ValidationError."""
    _set(family, "refresh_token_metadata", metadata)
    values = {"metadata": metadata}
    changed(family.tenant, by, "Update a refresh token", target=family.pk, values=values, configuration=False)


def _set(row: Session | TokenFamily, name: str, metadata: dict[str, Any]) -> None:
    if len(metadata) > MOST:
        raise ValidationError({name: f"At most {MOST} names."})
    if not all(_is_short(key) and _is_short(value) for key, value in metadata.items()):
        raise ValidationError({name: f"Names and values are text of at most {LONGEST} characters, without NUL."})
    row.metadata = metadata
    row.save(update_fields=["metadata"])


def _is_short(value: object) -> bool:
    return is_text(value) and len(str(value)) <= LONGEST
