"""Ending one thing that somebody else's sign-in left behind. A row that had ended before is no error, and no event."""

from django.db import transaction

from authserver import consents, families, sessions
from authserver.models import Consent, Session, TokenFamily
from authserver.services.telling import tell
from tenants.changes import Actor


@transaction.atomic
def end_session(session: Session, *, by: Actor) -> bool:
    """Signs a person out in one browser (T-091). Refresh tokens live on, as in Auth0. False when it had ended before."""
    ended = bool(sessions.end(sessions.live().filter(pk=session.pk)))
    if ended:
        tell(by, "End a session", tenant_id=session.tenant_id, target=session.pk, user=session.user)
    return ended


@transaction.atomic
def revoke_family(family: TokenFamily, *, by: Actor) -> bool:
    """Ends a refresh token with all that stems from it (T-058). False when it was revoked before."""
    revoked = bool(families.revoke(families.live().filter(pk=family.pk)))
    if revoked:
        tell(
            by,
            "Revoke a refresh token",
            tenant_id=family.tenant_id,
            target=family.pk,
            user=family.user,
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
    tell(
        by,
        "Take back a consent",
        tenant_id=found.tenant_id,
        target=found.pk,
        user=found.user,
        application=found.application,
        api=found.api,
        scopes=found.scopes,
    )
    consents.withdraw(found, by)
    return True
