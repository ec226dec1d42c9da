"""What belongs to people: tokens, codes, waiting requests, sessions and forms of one tenant, tried at the other (T-139).

Which route asks what stands in `test_cross_tenant.ROUTES`.
"""

from urllib.parse import urlencode

import pytest

from apis.models import Application
from authserver.models import Consent, Session, TokenFamily
from tests import factories
from tests.people import answer, hidden
from tests.security.test_cross_tenant import of
from tests.standing import introspect, is_alive, post, revoke, userinfo


def carried(theirs, browser):
    """A browser at this tenant that sends all cookies that `browser` has for the other one."""
    here = theirs.browser()
    for name, morsel in browser.cookies.items():
        here.cookies[name] = morsel.value
    return here


@pytest.fixture
def both(people, strangers):
    """The tenant that is tried, and a browser in which Ada is signed in at the other one."""
    return people, strangers, strangers.signed_in()


def test_T139_every_token_of_another_tenant_is_dead_at_every_endpoint(people, strangers):
    tokens, opaque, code = strangers.tokens(), strangers.tokens(audience=None)["access_token"], strangers.code()
    for token in (tokens["access_token"], opaque, tokens["id_token"], tokens["refresh_token"], code):
        assert userinfo(people.world, token).status_code == 401
        assert introspect(people, token).json() == {"active": False}
        assert people.refresh(token).json()["error"] == "invalid_grant"
        assert people.redeem(token).json()["error"] == "invalid_grant"
        assert revoke(people, token).status_code == 200
    assert is_alive(strangers, tokens)
    assert userinfo(strangers.world, opaque).status_code == 200
    assert strangers.redeem(code).status_code == 200


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke", "/oauth/introspect"])
def test_T030_another_tenants_own_client_does_not_open_them_here_either(people, strangers, path):
    tokens = strangers.tokens()
    token = tokens["refresh_token"]
    both_names = {"token": token, "refresh_token": token, "grant_type": "refresh_token"}
    client = {"client_id": strangers.web.client_id, "client_secret": strangers.secret}
    assert post(people.world, path, **both_names, **client).status_code == 401
    assert is_alive(strangers, tokens)


@pytest.mark.parametrize("path", of("waiting request"))
def test_T139_another_tenants_waiting_request_opens_no_page(people, strangers, path):
    browser = strangers.browser()
    state = strangers.authorize(browser).headers["Location"].partition("state=")[2]
    assert browser.get(f"/u/login?state={state}").status_code == 200
    foreign = carried(people, browser)
    shown = foreign.get(f"{path}?state={state}")
    assert shown.status_code == 400
    assert strangers.web.name not in shown.content.decode()


@pytest.mark.parametrize("path", [path for path in of("waiting request") if path != "/authorize/resume"])
def test_T139_another_tenants_form_does_nothing_here(people, strangers, path):
    browser = strangers.browser()
    page = browser.get(strangers.authorize(browser).headers["Location"])
    typed = {"username": people.user.email, "email": people.user.email, "password": "x", "action": "login"}
    response = people.post(carried(people, browser), path, hidden(page) | typed)
    assert response.status_code in (400, 403)
    assert (Session.objects.count(), Consent.objects.count(), TokenFamily.objects.count()) == (0, 0, 0)


def test_T139_another_tenants_session_signs_nobody_in_here(both):
    people, _, browser = both
    foreign = carried(people, browser)
    silent = answer(people.authorize(foreign, prompt="none"))
    assert (silent["error"], silent["iss"]) == ("login_required", people.world.issuer)
    assert people.authorize(foreign).headers["Location"].startswith("/u/login")
    account = foreign.get("/account")
    assert (account.status_code, account.headers["Location"].partition("?")[0]) == (303, "/u/login")


@pytest.mark.parametrize("path", ["/account", "/u/logout", "/oidc/logout", "/v2/logout"])
def test_T139_another_tenants_session_is_not_ended_here(both, path):
    people, strangers, browser = both
    foreign, session = carried(people, browser), strangers.world.tenant.sessions.get()
    foreign.get(path)
    people.post(foreign, path, {"action": "logout", "id": session.pk, "csrf_token": "0" * 64, "state": "x"})
    people.post(foreign, path, {"action": "yes"})
    session.refresh_from_db()
    assert session.ended_at is None
    assert "code" in answer(strangers.authorize(browser))


def test_T139_another_tenants_application_asks_nobody_here(people, strangers):
    response = people.authorize(people.browser(), client_id=strangers.web.client_id)
    assert response.status_code == 400
    assert "Location" not in response.headers
    assert strangers.web.name not in response.content.decode()


def test_T139_another_tenants_audience_connection_and_hint_are_unknown_here(people, strangers):
    api = factories.make_api(strangers.world.tenant, "urn:globex:only")
    strangers.connection.name = "Elsewhere"
    strangers.connection.save()
    asked = {"audience": api.identifier}, {"connection": "Elsewhere"}
    assert [answer(people.authorize(people.browser(), **one))["error"] for one in asked] == [
        "access_denied",
        "unauthorized_client",
    ]
    hint = strangers.tokens()["id_token"]
    browser = people.browser()
    people.through(browser)
    hinted = people.authorize(browser, prompt="none", id_token_hint=hint)
    assert "code" not in answer(hinted)
    browser.get("/oidc/logout?" + urlencode({"id_token_hint": hint}))
    assert people.world.tenant.sessions.get().ended_at is None


def test_T139_the_same_browser_may_be_signed_in_at_both_and_gets_each_ones_own(people, strangers):
    here, there = people.tokens(), strangers.tokens()
    assert is_alive(people, here)
    assert is_alive(strangers, there)
    assert userinfo(people.world, here["access_token"]).json()["sub"] == people.user.user_id
    assert userinfo(strangers.world, there["access_token"]).json()["sub"] == strangers.user.user_id
    assert people.user.user_id != strangers.user.user_id
    assert Application.objects.get(client_id=people.web.client_id).tenant_id != strangers.web.tenant_id
