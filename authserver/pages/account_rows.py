"""The rows of the account page, as its template shows them: names made readable, browsers by the names people know."""

from typing import Any

from apis import registry
from authserver.models import Consent, RefreshToken, Session, TokenFamily
from authserver.pages import scope_sentences
from authserver.pages.showing import readable
from authserver.user_agents import device
from tenants.http import TenantRequest


def session_row(row: Session, current: Session) -> dict[str, Any]:
    """A session; `current` is the one of this browser."""
    return {
        "id": row.pk,
        "current": row.pk == current.pk,
        "device": device(row.user_agent),
        "ip": row.ip,
        "signed_in": row.auth_time,
        "last_seen": row.last_seen_at,
    }


def approval_row(request: TenantRequest, row: Consent) -> dict[str, Any]:
    """What an application may do for the person, in sentences."""
    api = registry.api_with_id(request.tenant, row.api_id)
    listed = scope_sentences.items(request.tenant, api, tuple(row.scopes))
    return {
        "id": row.pk,
        "application": readable(row.application.name),
        "api": readable(api.name) if api else "",
        "sentences": [item["sentence"] for item in listed],
        "since": row.created_at,
    }


def application_row(row: RefreshToken) -> dict[str, Any]:
    """An application that stays logged in, by the newest of its refresh tokens."""
    family: TokenFamily = row.family
    return {
        "id": family.pk,
        "application": readable(row.application.name),
        # Without a browser there is none: the application itself brought the password.
        "device": device(family.session.user_agent) if family.session else "",
        "api": readable(str(family.api or "")),
        "since": family.created_at,
        "last_used": row.last_exchanged_at or row.created,
    }
