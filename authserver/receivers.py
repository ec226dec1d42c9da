"""What this floor does when something happens on the floors below, which do not know it."""

from typing import Any

from django.db import transaction
from django.dispatch import receiver

from apis.portability import strangers
from authserver import bearer, directory, families, sessions
from authserver.registration import registered
from tenants import signals
from tenants.models import User
from tenants.rest import bearer as management_bearer


@receiver(signals.user_access_ended)
def end_everything_of_a_user(user: User, **_: Any) -> None:
    """Sessions and tokens of a person whose password changed or who was blocked (T-058, T-094)."""
    sessions.end(sessions.live().filter(tenant=user.tenant_id, user=user))
    families.revoke(families.live().filter(tenant=user.tenant_id, user=user))


@receiver(signals.user_access_ended)
def let_in_with_a_new_password(user: User, reason: str, **_: Any) -> None:
    """Wrong guesses at the old password do not keep a person out who has a new one (T-124)."""
    if reason == signals.PASSWORD_CHANGED:
        # What Redis has forgotten no rollback brings back.
        transaction.on_commit(lambda: directory.unlock(user))


management_bearer.revocation_checks.append(bearer.is_revoked)
strangers.registered.append(registered.third_parties)
