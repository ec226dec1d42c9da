"""An API that asks for a client grant on behalf of users, or lets no application act for them (`wire.md` §1.8, rule 2)."""

from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apis.services import apis, applications, client_grants, roles
from authserver.models import AuthorizationCode, Consent, RefreshToken, TokenFamily
from tenants import config_cache
from tenants.services import update_tenant
from tests import factories
from tests.factories import BY
from tests.people import PASSWORD, answer, hidden, is_to_application
from tests.standing import claims

ASKED = "openid offline_access read:orders create:orders"
NOT_GRANTED = (
    'Client is not authorized to access "https://orders.example.com". '
    'You need to create a "client-grant" associated to this API.'
)
CLOSED = 'Client is not authorized to access "https://orders.example.com".'


@pytest.fixture
def picky(people):
    """People whose API asks for a client grant on behalf of users."""
    apis.update_api(people.world.api, user_policy="require_client_grant", by=BY)
    return people


def allow(people, *scopes, application=None, **settings):
    """The web application may have `scopes` on behalf of users."""
    return client_grants.create_client_grant(
        application or people.web, people.world.api, scopes, subject_type="user", by=BY, **settings
    )


def allow_third_parties(people, *scopes):
    return client_grants.create_client_grant(
        None, people.world.api, scopes, subject_type="user", default_for="third_party_clients", by=BY
    )


def denied(response):
    body = response.json()
    return response.status_code, body["error"], body["error_description"]


def refused_at_once(people, **changes):
    """What the application hears at the authorization endpoint, before anybody is asked anything."""
    response = people.authorize(people.browser(), **changes)
    assert is_to_application(response), response.headers
    said = answer(response)
    assert said["state"] == "state-1"
    # A quotation mark may not stand there (RFC 6749 §4.1.2.1).
    return said["error"], said["error_description"].replace("'", '"')


def not_granted(people, event_type):
    return people.world.events(event_type)[0].details["not_granted"]


def test_without_a_grant_the_application_is_refused_before_anybody_logs_in(picky, strangers):
    assert refused_at_once(picky) == ("access_denied", NOT_GRANTED)
    details = picky.world.events("f")[0].details
    assert details["reason"] == "NotGrantedForUsers"
    assert "has none" in details["remedy"]
    assert not TokenFamily.objects.exists()
    assert "code" in answer(strangers.through(strangers.browser())), "the other tenant's API asks for none"


def test_silently_too(picky):
    assert refused_at_once(picky, prompt="none") == ("access_denied", NOT_GRANTED)
    assert picky.world.events("fsa")[0].details["reason"] == "NotGrantedForUsers"


def test_the_rfcs_have_another_word_for_it(picky):
    update_tenant(picky.world.tenant, security_profile="oidc", by=BY)
    assert refused_at_once(picky)[0] == "invalid_target"


def test_another_audience_asks_for_no_grant(picky):
    factories.make_api(picky.world.tenant, "urn:open")
    for audience in ("urn:open", None):
        assert "code" in answer(picky.through(picky.browser(), audience=audience))


def test_the_grant_narrows_what_is_asked_for_and_the_log_says_why(picky):
    allow(picky, "read:orders")
    assert claims(picky.tokens(scope=ASKED)["access_token"])["scope"] == "openid offline_access read:orders"
    reason = "The application's client grant on behalf of users does not have it."
    assert not_granted(picky, "s") == {"create:orders": reason}


def test_a_grant_without_scopes_opens_the_api_and_nothing_of_it(picky):
    allow(picky)
    assert claims(picky.tokens(scope=ASKED)["access_token"])["scope"] == "openid offline_access"


def test_a_grant_of_all_scopes_narrows_nothing(picky):
    allow(picky, allow_all_scopes=True)
    assert claims(picky.tokens(scope=ASKED)["access_token"])["scope"] == ASKED


def test_a_grant_of_one_application_is_none_of_another(picky):
    allow(picky, "read:orders")
    response = picky.authorize(picky.browser(), picky.of_spa())
    assert answer(response)["error"] == "access_denied"


def test_a_machines_grant_is_none_for_people(picky):
    factories.grant(picky.web, picky.world.api)
    assert refused_at_once(picky) == ("access_denied", NOT_GRANTED)
    assert picky.world.ask().status_code == 200, "and the API is open to machines as before"


def test_an_api_that_is_closed_to_all_takes_no_grant_for_an_answer(people):
    allow(people, "read:orders")
    apis.update_api(people.world.api, user_policy="deny_all", by=BY)
    assert refused_at_once(people) == ("access_denied", CLOSED)
    details = people.world.events("f")[0].details
    assert (details["reason"], "(on behalf of users)" in details["remedy"]) == ("ClosedToAll", True)
    assert people.world.ask().status_code == 200, "machines have a setting of their own"


def test_where_every_application_may_ask_a_grant_narrows_nothing(people):
    allow(people, "read:orders")
    assert claims(people.tokens(scope=ASKED)["access_token"])["scope"] == ASKED


def third_party(people):
    """The web application as somebody else's, which reaches the people's directory as such ones do."""
    people.connection.is_domain_connection = True
    people.connection.save()
    applications.update_application(people.web, is_first_party=False, by=BY)


def allowed_by_page(people, browser=None, **changes):
    """The scope of the tokens of a third-party application, whose requests start in a browser that Ada is signed in to."""
    return claims(people.redeem(people.code(browser or people.signed_in(), **changes)).json()["access_token"])


def test_the_default_grant_is_for_third_party_applications_without_one_of_their_own(people):
    browser = people.signed_in()
    apis.update_api(people.world.api, user_policy="require_client_grant", by=BY)
    allow_third_parties(people, "read:orders")
    assert refused_at_once(people) == ("access_denied", NOT_GRANTED)
    third_party(people)
    assert allowed_by_page(people, browser, scope=ASKED)["scope"] == "openid offline_access read:orders"
    allow(people, "create:orders")
    assert allowed_by_page(people, browser, scope=ASKED)["scope"] == "openid offline_access create:orders"


def permission(people, value):
    return people.world.api.permissions.get(value=value)


def test_permissions_in_the_token_are_held_by_the_person_and_granted_to_the_application(picky):
    apis.update_api(picky.world.api, enforce_policies=True, token_dialect="access_token_authz", by=BY)
    grant = allow(picky, "read:orders")
    roles.grant_permissions(picky.user, list(picky.world.api.permissions.all()), by=BY)
    stated = claims(picky.tokens(scope="openid")["access_token"])
    assert (stated["scope"], stated["permissions"]) == ("openid", ["read:orders"])
    client_grants.update_client_grant(grant, None, allow_all_scopes=True, by=BY)
    assert claims(picky.tokens(scope="openid")["access_token"])["permissions"] == ["read:orders", "create:orders"]
    roles.revoke_permissions(picky.user, [permission(picky, "create:orders")], by=BY)
    stated = claims(picky.tokens(scope=ASKED)["access_token"])
    assert (stated["scope"], stated["permissions"]) == ("openid offline_access read:orders", ["read:orders"])


@pytest.mark.parametrize("response_type", ["token", "id_token token", "code id_token"])
def test_a_token_in_the_browser_is_narrowed_as_well(picky, response_type):
    browser = picky.browser()
    assert answer(picky.authorize(browser, response_type=response_type))["error"] == "access_denied"
    allow(picky, "read:orders")
    granted = answer(picky.through(browser, response_type=response_type, scope=ASKED))
    assert "error" not in granted
    if "token" in response_type.split():
        assert "read:orders" in granted["scope"]
        assert "create:orders" not in granted["scope"]


def test_a_grant_that_went_while_the_person_was_busy_is_refused_by_redirect(picky):
    grant = allow(picky, "read:orders")
    for step in ("resume", "show", "allow"):
        browser = picky.browser()
        waiting = picky.log_in(browser, picky.authorize(browser))
        page = browser.get(waiting.headers["Location"])
        state = hidden(page)["state"]
        client_grants.delete_client_grant(grant, by=BY)
        if step == "allow":
            picky.post(browser, "/u/consent", hidden(page) | {"action": "allow"})
        elif step == "show":
            assert browser.get(waiting.headers["Location"]).headers["Location"].startswith("/authorize/resume")
        said = answer(browser.get("/authorize/resume", {"state": state}))
        assert (said["error"], said["state"]) == ("access_denied", "state-1")
        assert not Consent.objects.exists()
        grant = allow(picky, "read:orders")
    assert not AuthorizationCode.objects.exists()


def test_a_grant_that_got_smaller_while_the_person_was_busy_is_shown_anew(picky):
    grant = allow(picky, "read:orders", "create:orders")
    browser = picky.browser()
    waiting = picky.log_in(browser, picky.authorize(browser, scope=ASKED))
    page = browser.get(waiting.headers["Location"])
    client_grants.update_client_grant(grant, ["read:orders"], by=BY)
    posted = picky.post(browser, "/u/consent", hidden(page) | {"action": "allow"})
    assert posted.headers["Location"].startswith("/u/consent"), "nobody allowed exactly that"
    code = answer(picky.decide(browser, posted))["code"]
    assert claims(picky.redeem(code).json()["access_token"])["scope"] == "openid offline_access read:orders"


def test_a_grant_that_went_between_code_and_exchange_is_refused_and_nothing_is_issued(picky):
    grant = allow(picky, "read:orders")
    code = picky.code()
    client_grants.delete_client_grant(grant, by=BY)
    assert denied(picky.redeem(code)) == (403, "access_denied", NOT_GRANTED)
    assert not RefreshToken.objects.exists()
    assert picky.world.events("feacft")[0].details["reason"] == "NotGrantedForUsers"
    allow(picky, "read:orders")
    assert picky.redeem(code).status_code == 200, "nothing was used up"


def test_a_deleted_grant_ends_the_tokens_with_the_next_exchange(picky):
    grant = allow(picky, "read:orders")
    refresh_token = picky.tokens()["refresh_token"]
    refresh_token = picky.refresh(refresh_token).json().get("refresh_token", refresh_token)
    client_grants.delete_client_grant(grant, by=BY)
    assert denied(picky.refresh(refresh_token)) == (403, "access_denied", NOT_GRANTED)
    assert denied(picky.refresh(refresh_token, scope="openid")) == (403, "access_denied", NOT_GRANTED)
    assert picky.world.events("fertft")[0].details["reason"] == "NotGrantedForUsers"
    allow(picky, "read:orders")
    assert picky.refresh(refresh_token).status_code == 200, "nothing was used up"


def test_a_smaller_grant_counts_for_the_next_refresh(picky):
    grant = allow(picky, "read:orders", "create:orders")
    tokens = picky.tokens(scope=ASKED)
    client_grants.update_client_grant(grant, ["create:orders"], by=BY)
    again = picky.refresh(tokens["refresh_token"]).json()
    assert again["scope"] == claims(again["access_token"])["scope"] == "openid offline_access create:orders"
    assert "client grant" in not_granted(picky, "sertft")["read:orders"]


def test_an_api_that_closes_ends_the_tokens_with_the_next_exchange(people):
    code, tokens = people.code(), people.tokens()
    apis.update_api(people.world.api, user_policy="deny_all", by=BY)
    for response in (people.redeem(code), people.refresh(tokens["refresh_token"])):
        assert denied(response) == (403, "access_denied", CLOSED)


def test_the_password_grant_is_refused_before_the_password_is_looked_at(picky):
    update_tenant(picky.world.tenant, default_directory=picky.connection.name, by=BY)
    sent = {"grant_type": "password", "username": picky.user.email, "audience": picky.world.api.identifier}
    for password in (PASSWORD, "canary-wrong-password-of-somebody-else"):
        assert denied(picky.token(**sent, password=password)) == (403, "access_denied", NOT_GRANTED)
    allow(picky, "read:orders")
    answered = picky.token(**sent, password=PASSWORD).json()
    assert claims(answered["access_token"])["scope"] == "read:orders", "without a scope, all that may be had"
    apis.update_api(picky.world.api, user_policy="deny_all", by=BY)
    assert denied(picky.token(**sent, password=PASSWORD)) == (403, "access_denied", CLOSED)


def test_nobody_is_refused_on_what_another_process_has_changed_a_moment_ago(picky, monkeypatch):
    monkeypatch.setattr(config_cache, "time", SimpleNamespace(monotonic=lambda: 1_000.0))
    assert refused_at_once(picky)[0] == "access_denied"
    monkeypatch.setattr(config_cache, "forget", lambda *_: None)
    apis.update_api(picky.world.api, user_policy="allow_all", by=BY)
    assert "code" in answer(picky.through(picky.browser()))


def test_a_warm_process_looks_no_grant_up(picky, monkeypatch):
    monkeypatch.setattr(config_cache, "time", SimpleNamespace(monotonic=lambda: 1_000.0))
    allow(picky, "read:orders")
    browser = picky.browser()
    refresh_token = picky.redeem(picky.code(browser)).json()["refresh_token"]
    with CaptureQueriesContext(connection) as queries:
        assert picky.redeem(picky.code(browser, nonce="nonce-2")).status_code == 200
        assert picky.refresh(refresh_token).status_code == 200
    assert not [query["sql"] for query in queries.captured_queries if "clientgrant" in query["sql"]]
