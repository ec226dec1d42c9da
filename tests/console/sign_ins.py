"""What a sign-in leaves behind, as rows, for tests that need many or old ones. Stories come by HTTP: `tests.people`."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from apis.models import API, Application
from authserver.models import Consent, RefreshToken, Session, TokenFamily
from tenants import ids
from tenants.models import User

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
HOUR = timedelta(hours=1)


def make_session(user: User, **columns: Any) -> Session:
    """A session of `user` that lives for an hour, unless told otherwise."""
    now = timezone.now()
    good = {"auth_time": now, "last_seen_at": now, "idle_expires_at": now + HOUR, "expires_at": now + HOUR, "amr": ["pwd"]}
    shown = {"ip": "192.0.2.7", "user_agent": FIREFOX}
    return Session.objects.create(tenant=user.tenant, user=user, secret_sha256=ids.hex_id(), **(good | shown | columns))


def make_family(user: User, application: Application, api: API | None, session: Session | None = None) -> TokenFamily:
    """A family with one refresh token that works for an hour."""
    now = timezone.now()
    family = TokenFamily.objects.create(
        tenant=user.tenant,
        user=user,
        application=application,
        api=api,
        session=session,
        scopes=["offline_access", "read:orders"],
        auth_time=now,
        expires_at=now + HOUR,
    )
    RefreshToken.objects.create(
        tenant=user.tenant,
        user=user,
        application=application,
        family=family,
        token_checksum=ids.hex_id(),
        idle_expires_at=now + HOUR,
        expires_at=now + HOUR,
    )
    return family


def make_consent(user: User, application: Application, api: API | None) -> Consent:
    """What a person allowed: to read orders, and to stay signed in."""
    scopes = ["offline_access", "read:orders"]
    return Consent.objects.create(tenant=user.tenant, user=user, application=application, api=api, scopes=scopes)


def leave_behind(user: User, application: Application, api: API | None) -> tuple[Session, TokenFamily, Consent]:
    """One of each."""
    session = make_session(user)
    return session, make_family(user, application, api, session), make_consent(user, application, api)
