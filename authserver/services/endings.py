"""Ending what somebody else's sign-in left behind. A row that had ended before is no error, and no event."""

from typing import Any

from django.db import transaction

from apis.models import API, Application
from authserver import consents, families, sessions
from authserver.models import Consent, Session, TokenFamily
from tenants import audit
from tenants.changes import Actor
from tenants.models import User


@transaction.atomic
def end_session(session: Session, *, by: Actor) -> bool:
    """Signs a person out in one browser (T-091). Refresh tokens live on, as in Auth0. False when it had ended before."""
    ended = bool(sessions.end(sessions.live().filter(pk=session.pk)))
    if ended:
        _tell(by, "End a session", session.user, target=session.pk)
    return ended


@transaction.atomic
def end_sessions_of(user: User, *, by: Actor) -> int:
    """Signs a person out in every browser. Refresh tokens live on. Returns how many sessions there were."""
    ended = sessions.end(sessions.live().filter(tenant=user.tenant_id, user=user))
    if ended:
        _tell(by, "End all sessions of a user", user, target=user.user_id, ended=ended)
    return ended


@transaction.atomic
def revoke_family(family: TokenFamily, *, by: Actor) -> bool:
    """Ends a refresh token with all that stems from it (T-058). False when it was revoked before."""
    revoked = bool(families.revoke(families.live().filter(pk=family.pk)))
    if revoked:
        _tell(
            by,
            "Revoke a refresh token",
            family.user,
            target=family.pk,
            application=family.application,
            api=family.api,
            scopes=family.scopes,
        )
    return revoked


@transaction.atomic
def withdraw_consent(consent: Consent, *, by: Actor) -> bool:
    """Takes back what a person allowed an application, with its refresh tokens (T-058). False when it was gone before."""
    rows = Consent.objects.select_for_update(of=("self",)).select_related("user", "application", "api")
    found = rows.filter(pk=consent.pk).first()
    if found is None:
        return False
    _tell(
        by,
        "Take back a consent",
        found.user,
        target=found.pk,
        application=found.application,
        api=found.api,
        scopes=found.scopes,
    )
    consents.withdraw(found, by)
    return True


def _tell(
    by: Actor,
    description: str,
    user: User,
    *,
    target: str,
    application: Application | None = None,
    api: API | None = None,
    scopes: list[str] | None = None,
    **details: Any,
) -> None:
    """Auth0's event of its Management API. Who did it is `user_name`; whose it was stands in the details."""
    audit.record(
        audit.Event(
            type="sapi",
            tenant_id=user.tenant_id,
            description=description,
            user_name=by.name,
            ip=by.ip,
            client_id=application.client_id if application else "",
            client_name=application.name if application else "",
            audience=api.identifier if api else "",
            scope=" ".join(scopes or ()),
            details={
                "actor": {"type": by.kind, "name": by.name},
                "target": target,
                "user": {"user_id": user.user_id, "email": user.email},
                **details,
            },
        )
    )
