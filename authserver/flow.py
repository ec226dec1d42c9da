"""The dispatcher of an authorization request: looks where it stands, and sends the browser to the one next step.

Called when a request arrives and whenever a person has done something (/authorize/resume). Steps never call each other.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone

from authserver import claims_request as asked_claims
from authserver import (
    codes,
    errors,
    families,
    id_token_hints,
    interaction,
    parked,
    people_events,
    policy,
    response_modes,
    sessions,
    tokens,
)
from authserver.authorization import Authorization, Person
from authserver.interaction import Situation, Step
from authserver.models import Session
from authserver.pages import errors as error_pages
from authserver.parked import Parked
from authserver.standing import Standing, Visit, stand
from tenants.http import TenantRequest

_PAGES = {Step.LOGIN: "/u/login", Step.SELECT_ACCOUNT: "/u/account", Step.CONSENT: "/u/consent"}


def advance(request: TenantRequest, visit: Visit) -> HttpResponse:
    """Answers the application, or sends the person to the next page. Raises OAuthError for the application."""
    standing = stand(request, visit)
    step = interaction.next_step(_situation(request, visit, standing))
    if step is not Step.RESPOND:
        return _to_page(request, visit, step)
    if visit.waiting is not None and not parked.finish(visit.waiting):
        return error_pages.expired(request)
    return _respond(request, visit, standing)


def to_account(request: TenantRequest, waiting: Parked) -> HttpResponse:
    """A visit to the person's own account page: there, or to the login first."""
    if sessions.current(request) is None:
        return HttpResponseRedirect(f"{_PAGES[Step.LOGIN]}?state={waiting.state}")
    parked.finish(waiting)
    return HttpResponseRedirect("/account")


def _situation(request: TenantRequest, visit: Visit, standing: Standing) -> Situation:
    asked, session, now = visit.asked, standing.session, timezone.now()
    waiting = visit.waiting.row if visit.waiting else None
    return Situation(
        started_at=_seconds(waiting.created_at if waiting else now),
        now=_seconds(now),
        prompt=asked.prompt,
        max_age=asked.max_age,
        subject=session.user.user_id if session else "",
        auth_time=_seconds(session.auth_time) if session else 0.0,
        required_subjects=_required_subjects(request, visit),
        account_confirmed=bool(waiting and waiting.account_confirmed_at),
        consent_reason=standing.question.reason if standing.question else "",
        consented=bool(waiting and waiting.consented_at and standing.question and not standing.question.reason),
    )


def _required_subjects(request: TenantRequest, visit: Visit) -> frozenset[str] | None:
    """Whom the answer may be about; None for anybody. A hint and a `sub` that contradict each other leave nobody."""
    named = asked_claims.subjects(visit.asked.claims)
    hinted = id_token_hints.subject(request.tenant, visit.client, visit.asked.id_token_hint)
    if not hinted:
        return named
    return frozenset({hinted}) if named is None else named & {hinted}


def _to_page(request: TenantRequest, visit: Visit, step: Step) -> HttpResponse:
    browser = sessions.browser_secret(request)
    waiting = visit.waiting or parked.park(request, visit.client, visit.asked, browser)
    page = _PAGES[step]
    if step is Step.LOGIN and visit.asked.screen_hint == "signup":
        page = "/u/signup"
    response = HttpResponseRedirect(f"{page}?state={waiting.state}", status=303 if request.method == "POST" else 302)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    sessions.set_cookie(response, request.tenant, sessions.BROWSER, browser)
    return response


def _respond(request: TenantRequest, visit: Visit, standing: Standing) -> HttpResponse:
    session, decision, asked = standing.session, standing.decision, visit.asked
    if session is None or decision is None:
        raise errors.LoginRequired(reason="The session ended in this moment.")
    with transaction.atomic():
        family = families.prepare(
            request.tenant,
            visit.client,
            standing.api,
            session.user,
            decision.scopes,
            auth_time=session.auth_time,
            session=session,
            amr=session.amr,
            claims_request=asked.claims,
        )
        family.save(force_insert=True)
        code = codes.issue(asked, family) if "code" in asked.response_types else ""
        authorization = _authorization(request, visit, session, decision, family.id)
        answer = tokens.issue_to_browser(authorization, asked.response_types, code=code, state=asked.state)
        # Inside: what was issued and its event are stored together, for one BEGIN and COMMIT.
        _tell(request, visit, standing)
    if asked.state:
        answer["state"] = asked.state
    return response_modes.deliver(
        request.tenant,
        visit.client,
        asked.redirect_uri,
        asked.response_mode,
        answer,
        after_post=request.method == "POST",
    )


def _authorization(
    request: TenantRequest, visit: Visit, session: Session, decision: policy.UserDecision, family_id: str
) -> Authorization:
    return Authorization(
        tenant=request.tenant,
        client=visit.client,
        api=decision.api,
        scopes=decision.scopes,
        subject=session.user.user_id,
        permissions=decision.permissions or (),
        person=Person(session.user, session.auth_time, tuple(session.amr), session.pk),
        family_id=family_id,
        nonce=visit.asked.nonce,
        claims_request=visit.asked.claims,
    )


def _tell(request: TenantRequest, visit: Visit, standing: Standing) -> None:
    silent = "none" in visit.asked.prompt
    not_granted = visit.asked.not_granted | dict(standing.decision.not_granted if standing.decision else {})
    details: dict[str, Any] = {"not_granted": not_granted} if not_granted else {}
    people_events.happened(
        request,
        people_events.SILENT if silent else people_events.LOGIN,
        "Successful silent authentication" if silent else "Successful login",
        client=visit.client,
        user=standing.session.user if standing.session else None,
        audience=visit.asked.audience,
        scope=" ".join(standing.decision.scopes) if standing.decision else "",
        **details,
    )


def _seconds(moment: datetime) -> float:
    return moment.timestamp()
