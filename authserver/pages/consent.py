"""/u/consent: what an application wants, in sentences; the person allows or refuses.

The form says yes or no. To what, stands with the waiting request; the form's seal vouches that it is what was shown, so
nothing is stored that nobody saw (T-043, T-046).
"""

from typing import Any

from django.db import IntegrityError
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from authserver import consents, errors, parked, sessions
from authserver.consents import Question
from authserver.endpoints.authorize import refuse_waiting
from authserver.models import Session
from authserver.pages import consent_words, scope_sentences
from authserver.pages import errors as error_pages
from authserver.pages.login import OTHER
from authserver.pages.showing import readable, show
from authserver.pages.visiting import Posted, go_on, waiting_page
from authserver.parked import Parked
from authserver.registration.registered import registered_itself
from authserver.standing import Standing, Visit, stand
from tenants import config_cache
from tenants.http import TenantRequest

Asked = tuple[Visit, Standing, Session, Question]


def shown(request: TenantRequest, waiting: Parked) -> HttpResponse:
    """The question; the next step where there is none to ask."""
    asked = _asked(request, waiting)
    if asked is None:
        return go_on(waiting)
    visit, standing, session, question = asked
    context = _context(request, visit, standing, question) | {
        "action_url": "/u/consent",
        "state": waiting.state,
        "user": {"email": session.user.email, "name": session.user.name},
    }
    context["shown"] = _seal(request, waiting, standing, question)
    return show(request, "consent", context, purpose=_purpose(waiting, session), client=visit.client)


def posted(request: TenantRequest, waiting: Parked, values: Posted) -> HttpResponse:
    """Stores the yes, or answers the application with the no."""
    asked = _asked(request, waiting)
    if asked is None:
        return go_on(waiting)
    visit, _, session, question = asked
    if not parked.is_own_form(request, values, _purpose(waiting, session)):
        return error_pages.foreign_form(request)
    if waiting.row.consented_at and not question.reason:
        # The button was pressed twice: the first yes counts.
        return go_on(waiting)
    match values.get("action"):
        case "allow":
            return _allowed(request, waiting, values, asked)
        case "other":
            return HttpResponseRedirect(f"/u/login?state={waiting.state}&{OTHER}=1", status=303)
    return refuse_waiting(request, visit, errors.ConsentRefused())


def _allowed(request: TenantRequest, waiting: Parked, values: Posted, asked: Asked) -> HttpResponse:
    visit, standing, session, question = asked
    if not constant_time_compare(values.get("shown", ""), _seal(request, waiting, standing, question)):
        # What there is to allow has changed since it was shown, or the form was tampered with: it is shown anew.
        return HttpResponseRedirect(f"/u/consent?state={waiting.state}", status=303)
    try:
        consents.allow(request, visit.client, standing.api, (*question.allowed, *question.new), session.user)
    except IntegrityError:
        # Deleted a moment ago, elsewhere: what there is by now decides what comes next.
        config_cache.fresh(request.tenant)
        return go_on(waiting)
    parked.note(waiting, consented_at=timezone.now())
    return go_on(waiting)


def _asked(request: TenantRequest, waiting: Parked) -> Asked | None:
    """What to ask whom; None when there is nothing to ask: /authorize/resume then says what is next, a refusal included."""
    if waiting.client is None or waiting.asked is None:
        return None
    visit = Visit(waiting.client, waiting.asked, waiting)
    try:
        standing = stand(request, visit)
    except errors.OAuthError:
        # What was switched off meanwhile the application must hear, not the person on a page that ends here.
        return None
    if standing.session is None or standing.question is None:
        return None
    return visit, standing, standing.session, standing.question


def _purpose(waiting: Parked, session: Session) -> str:
    """What the form's token stands for: this request and this session."""
    return f"{waiting.state}.{session.pk}"


def _seal(request: TenantRequest, waiting: Parked, standing: Standing, question: Question) -> str:
    """Vouches for what the page shows: this request's API and scopes, those allowed before apart."""
    shown = [waiting.state, standing.api.id if standing.api else "", " ".join(question.new), " ".join(question.allowed)]
    return parked.csrf_token(sessions.browser_secret(request), "\n".join(shown))


def _context(request: TenantRequest, visit: Visit, standing: Standing, question: Question) -> dict[str, Any]:
    new, allowed = question.new, question.allowed
    if not question.reason:
        # Asked again by the application's wish: then all of it is the question.
        new, allowed = (*allowed, *new), ()
    tenant = request.tenant
    return {
        "reason": consent_words.reason(visit, question),
        "third_party": not visit.client.is_first_party,
        "registered_itself": not visit.client.is_first_party and registered_itself(tenant, visit.client),
        **consent_words.destination(visit),
        "api_name": readable(standing.api.name) if standing.api else "",
        "groups": scope_sentences.groups(tenant, standing.api, new),
        "already": scope_sentences.items(tenant, standing.api, allowed),
        "account_url": "/account",
        "other_account": True,
    }


consent = waiting_page(shown, posted)
