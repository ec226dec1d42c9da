"""Authorization requests that wait for a person: parked, found again by the browser that brought them, finished once.

The id travels in addresses and forms; without the browser's cookie it opens nothing (T-042). The forms' csrf_token is tied
to both, so no other page can send one (T-040, T-041).
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from apis import registry
from apis.registry import ApplicationValue
from authserver import sessions
from authserver.authorize_request import AuthorizeRequest
from authserver.models import AuthorizationRequest
from authserver.random_secrets import digest
from tenants.http import TenantRequest

# Long enough to look for a password, short enough that a forgotten tab does not act tomorrow.
LIFETIME = timedelta(hours=1)
# Two kinds of visit wait for a login: an application's request, and a person's own account page.
ACCOUNT: dict[str, Any] = {"account": True}


@dataclass(frozen=True, slots=True)
class Parked:
    """A waiting request. `asked` and `client` are None for a visit to the account page."""

    row: AuthorizationRequest
    client: ApplicationValue | None
    asked: AuthorizeRequest | None

    @property
    def state(self) -> str:
        return self.row.pk


def park(request: TenantRequest, client: ApplicationValue | None, asked: AuthorizeRequest | None, browser: str) -> Parked:
    """Stores a request until its person has acted. `browser` is the secret of the browser's cookie."""
    now = timezone.now()
    row = AuthorizationRequest.objects.create(
        id=secrets.token_urlsafe(32),
        tenant_id=request.tenant.id,
        application_id=client.id if client else None,
        browser_sha256=digest(browser),
        params=asked.stored() if asked else ACCOUNT,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    return Parked(row, client, asked)


def find(request: TenantRequest, state: str) -> Parked | None:
    """The unfinished request `state` of this tenant and this browser, or None. One statement."""
    known = remembered(request, state)
    if known is None or known.row.finished_at is not None or known.row.expires_at <= timezone.now():
        return None
    return known


def remembered(request: TenantRequest, state: str) -> Parked | None:
    """As `find`, also when it is finished or too old: to lead its person back to the application."""
    browser = request.COOKIES.get(sessions.cookie_name(request.tenant, sessions.BROWSER), "")
    if not browser or not state or "\x00" in state:
        return None
    rows = AuthorizationRequest.objects.of(request.tenant).select_related("application")
    row = rows.filter(pk=state).first()
    if row is None or not hmac.compare_digest(row.browser_sha256, digest(browser)):
        return None
    if row.application is None:
        return Parked(row, None, None)
    client = registry.application(request.tenant, row.application.client_id)
    if client is None or not client.enabled:
        return None
    return Parked(row, client, AuthorizeRequest.restored(row.params))


def finish(parked: Parked) -> bool:
    """Marks the request answered. False when it was before: one request has one answer."""
    rows = AuthorizationRequest.objects.filter(pk=parked.row.pk, finished_at=None)
    return rows.update(finished_at=timezone.now()) == 1


def note(parked: Parked, **done: Any) -> None:
    """Remembers what the person has done: `consented_at`, `account_confirmed_at`."""
    AuthorizationRequest.objects.filter(pk=parked.row.pk).update(**done)


def csrf_token(browser: str, purpose: str) -> str:
    """What a form carries. `purpose` is the waiting request, or a session."""
    return salted_hmac("latchkey.forms", f"{browser}.{purpose}", algorithm="sha256").hexdigest()


def is_own_form(request: TenantRequest, values: dict[str, str], purpose: str) -> bool:
    """Whether a posted form was ours, shown to this very browser (T-040, T-041)."""
    browser = request.COOKIES.get(sessions.cookie_name(request.tenant, sessions.BROWSER), "")
    origin = request.META.get("HTTP_ORIGIN", "")
    # "null" is what browsers say for a page that sends no referrer, as ours do.
    if origin not in ("", "null", request.tenant.issuer.rstrip("/")):
        return False
    return bool(browser) and constant_time_compare(values.get("csrf_token", ""), csrf_token(browser, purpose))
