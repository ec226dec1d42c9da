"""/u/account: go on as the person who is signed in, or as somebody else (prompt=select_account)."""

from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone

from authserver import parked, sessions
from authserver.pages import errors as error_pages
from authserver.pages.login import OTHER
from authserver.pages.showing import show
from authserver.pages.visiting import Posted, go_on, waiting_page
from authserver.parked import Parked
from tenants.http import TenantRequest


def shown(request: TenantRequest, waiting: Parked) -> HttpResponse:
    """The choice; the next step where nobody is signed in any more."""
    session = sessions.current(request)
    if session is None:
        return go_on(waiting)
    context = {
        "action_url": "/u/account",
        "state": waiting.state,
        "user": {"email": session.user.email, "name": session.user.name},
    }
    purpose = f"{waiting.state}.{session.pk}"
    return show(request, "select_account", context, purpose=purpose, client=waiting.client)


def posted(request: TenantRequest, waiting: Parked, values: Posted) -> HttpResponse:
    """Remembers the choice for this request."""
    session = sessions.current(request)
    if session is None:
        return go_on(waiting)
    if not parked.is_own_form(request, values, f"{waiting.state}.{session.pk}"):
        return error_pages.foreign_form(request)
    if values.get("action") == "other":
        return HttpResponseRedirect(f"/u/login?state={waiting.state}&{OTHER}=1", status=303)
    parked.note(waiting, account_confirmed_at=timezone.now())
    return go_on(waiting)


select_account = waiting_page(shown, posted)
