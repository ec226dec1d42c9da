"""Ending several things at once, most often all that one person left behind. One event says how many there were."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from authserver import families, sessions
from authserver.models import Consent, Session, TokenFamily
from authserver.services.endings import end_session, withdraw_consent
from authserver.services.telling import tell
from tenants.changes import Actor
from tenants.models import User
from tenants.models.scoping import HasId


@transaction.atomic
def end_sessions_of(user: User, *, by: Actor) -> int:
    """Signs a person out in every browser. Refresh tokens live on. Returns how many sessions there were."""
    ended = sessions.end(sessions.live().filter(tenant=user.tenant_id, user=user))
    if ended:
        target = user.user_id
        tell(by, "End all sessions of a user", tenant_id=user.tenant_id, target=target, user=user, ended=ended)
    return ended


@transaction.atomic
def revoke_refresh_tokens(tenant: HasId, which: Q, *, by: Actor, chosen: Mapping[str, Any]) -> int:
    """Revokes the refresh tokens of `tenant` that `which` is true of, as a condition on `TokenFamily` (T-058).

    `chosen` says the same to a reader of the log. Returns how many there were.
    """
    return _revoke(tenant, families.holding(families.live().filter(which, tenant=tenant.id)), by, chosen)


@transaction.atomic
def revoke_session(session: Session, *, by: Actor) -> None:
    """Ends a session and all that applications got in it: refresh tokens, and access tokens that came without one."""
    end_session(session, by=by)
    rows = families.live().filter(tenant=session.tenant_id, session=session)
    _revoke(session.tenant, rows, by, {"user_id": session.user.user_id, "session_id": session.pk})


@transaction.atomic
def revoke_access(user: User, *, by: Actor, session: Session | None = None, preserve_refresh_tokens: bool = False) -> None:
    """Signs `user` out, in one session or in all, and ends what applications got there unless that is to be preserved.

    `session` must be the user's. Raises nothing: what had ended before stays as it is.
    """
    if session is None:
        end_sessions_of(user, by=by)
    elif preserve_refresh_tokens:
        end_session(session, by=by)
    else:
        revoke_session(session, by=by)
    if session is None and not preserve_refresh_tokens:
        rows = families.live().filter(tenant=user.tenant_id, user=user)
        _revoke(user.tenant, rows, by, {"user_id": user.user_id})


@transaction.atomic
def withdraw_consents_of(user: User, *, by: Actor) -> int:
    """Takes back all that a person allowed applications, with their refresh tokens. Returns how many consents it were."""
    rows = Consent.objects.of(user.tenant).filter(user=user).order_by("pk")
    return sum(withdraw_consent(row, by=by) for row in rows)


def _revoke(tenant: HasId, rows: QuerySet[TokenFamily], by: Actor, chosen: Mapping[str, Any]) -> int:
    revoked = families.revoke(rows)
    if revoked:
        target = str(chosen.get("session_id") or chosen.get("user_id") or chosen.get("client_id") or "")
        tell(by, "Revoke refresh tokens", tenant_id=tenant.id, target=target, revoked=revoked, chosen=dict(chosen))
    return revoked
