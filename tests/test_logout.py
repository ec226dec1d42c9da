"""Logging out: /oidc/logout (RP-Initiated Logout 1.0) and Auth0's /v2/logout. Who is asked, and where people end."""

from urllib.parse import urlencode

import jwt
import pytest

from apis.services.applications import update_application
from tenants.services import create_user, update_tenant
from tests.factories import BY
from tests.people import PASSWORD, answer, hidden

AFTER = "https://shop.example/bye"
IMAGE = {"sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}


def oidc(browser, **sent):
    return browser.get("/oidc/logout?" + urlencode({name: value for name, value in sent.items() if value is not None}))


def v2(browser, **sent):
    return browser.get("/v2/logout?" + urlencode(sent))


def is_signed_in(people, browser):
    sent = answer(people.authorize(browser, prompt="none"))
    assert sent.get("error", "login_required") == "login_required"
    return "code" in sent


def asks(response):
    return response.status_code == 200 and 'id="logout-yes"' in response.content.decode()


def is_done(response):
    return response.status_code in (302, 303)


@pytest.fixture
def shop(people):
    """Ada's people, whose web application has an address for after the logout."""
    for application in (people.web, people.spa):
        update_application(application, by=BY, post_logout_redirect_uris=AFTER)
    update_tenant(people.world.tenant, by=BY, allowed_logout_urls="https://acme.example/home")
    return people


@pytest.fixture
def ada(shop):
    """A browser in which Ada is signed in, and the ID token of that session."""
    browser = shop.browser()
    return browser, shop.redeem(shop.code(browser)).json()["id_token"]


def changed_hint(hint, **claims):
    """`hint` with other claims, signed by nobody."""
    stated = jwt.decode(hint, options={"verify_signature": False}) | claims
    return jwt.encode(stated, None, algorithm="none")


@pytest.mark.spec("RP-Initiated Logout 1.0", "2", "id_token_hint")
def test_a_genuine_hint_logs_out_at_once_and_leads_to_the_registered_address_with_the_state(shop, ada):
    browser, hint = ada
    response = oidc(browser, id_token_hint=hint, post_logout_redirect_uri=AFTER, state="a b&c=d")
    assert (response.status_code, response.headers["Location"]) == (302, f"{AFTER}?state=a%20b%26c%3Dd")
    assert not is_signed_in(shop, browser)
    [event] = shop.world.events("slo")
    assert (event.user_id, event.client_id) == (shop.user.user_id, shop.web.client_id)


def test_after_the_logout_the_cookie_is_gone_and_a_copy_of_it_is_worth_nothing(shop, ada):
    browser, hint = ada
    copy = browser.cookies["__Host-latchkey_session"].value
    response = oidc(browser, id_token_hint=hint)
    gone = response.cookies["__Host-latchkey_session"]
    assert (gone.value, gone["max-age"], bool(gone["secure"])) == ("", 0, True)
    stale = shop.browser()
    stale.cookies["__Host-latchkey_session"] = copy
    assert not is_signed_in(shop, stale)
    assert shop.authorize(stale).headers["Location"].startswith("/u/login")


def test_the_hint_may_come_by_post_and_then_the_answer_is_a_303(shop, ada):
    browser, hint = ada
    response = shop.post(browser, "/oidc/logout", {"id_token_hint": hint, "post_logout_redirect_uri": AFTER})
    assert (response.status_code, response.headers["Location"]) == (303, AFTER)
    assert not is_signed_in(shop, browser)


def test_an_expired_hint_still_tells_who(shop, ada, monkeypatch):
    browser, _ = ada
    update_application(shop.web, by=BY, id_token_lifetime=1)
    hint = shop.redeem(shop.code(browser)).json()["id_token"]
    after = jwt.decode(hint, options={"verify_signature": False})["exp"] + 90
    monkeypatch.setattr("time.time", lambda: after)
    response = oidc(browser, id_token_hint=hint, post_logout_redirect_uri=AFTER)
    assert response.headers.get("Location") == AFTER


def test_a_hint_of_the_same_person_from_another_session_is_asked_about(shop, ada):
    _, hint = ada
    other = shop.browser()
    shop.through(other)
    assert asks(oidc(other, id_token_hint=hint))
    assert is_signed_in(shop, other)


@pytest.mark.parametrize(
    "forge",
    [
        lambda people, hint: hint[:-8] + "AAAAAAAA",
        lambda people, hint: changed_hint(hint),
        lambda people, hint: changed_hint(hint, aud=people.spa.client_id),
        lambda people, hint: jwt.encode(jwt.decode(hint, options={"verify_signature": False}), "k" * 40, algorithm="HS256"),
        lambda people, hint: "no.token.at-all",
        lambda people, hint: "x" * 3_000,
    ],
    ids=["signature", "alg none", "alg none, other client", "HS256", "garbage", "long"],
)
def test_T101_a_hint_that_is_not_genuine_is_asked_about_and_leads_nowhere(shop, ada, forge):
    browser, hint = ada
    response = oidc(browser, id_token_hint=forge(shop, hint), post_logout_redirect_uri=AFTER)
    assert asks(response)
    assert is_signed_in(shop, browser)
    posted = shop.post(browser, "/u/logout", hidden(response) | {"action": "yes"})
    assert posted.headers["Location"] == "/logged-out", "the person may log out, but is sent to nobody"
    assert not is_signed_in(shop, browser)


def test_T101_a_hint_for_another_client_than_the_named_one_is_none(shop, ada):
    browser, hint = ada
    response = oidc(browser, id_token_hint=hint, client_id=shop.spa.client_id, post_logout_redirect_uri=AFTER)
    assert asks(response)
    posted = shop.post(browser, "/u/logout", hidden(response) | {"action": "yes"})
    assert posted.headers["Location"] == "/logged-out"
    other_browser = shop.browser()
    own = shop.redeem(shop.code(other_browser)).json()["id_token"]
    assert is_done(oidc(other_browser, id_token_hint=own, client_id=shop.web.client_id))


def test_T101_a_hint_of_another_tenant_is_none(shop, ada, strangers):
    browser, _ = ada
    foreign = strangers.tokens()["id_token"]
    response = oidc(browser, id_token_hint=foreign, post_logout_redirect_uri=AFTER)
    assert asks(response)
    assert "asks to log you out" not in response.content.decode()
    assert is_signed_in(shop, browser)


def test_T101_a_hint_about_another_person_does_not_log_this_one_out(shop, ada):
    browser, adas = ada
    create_user(shop.connection, email="bob@example.com", password=PASSWORD, by=BY)
    bobs = shop.browser()
    shop.decide(bobs, shop.log_in(bobs, shop.authorize(bobs), username="bob@example.com"))
    response = oidc(bobs, id_token_hint=adas, post_logout_redirect_uri=AFTER)
    assert asks(response)
    assert "bob@example.com" in response.content.decode()
    assert "ada@example.com" not in response.content.decode()
    assert is_signed_in(shop, bobs)
    assert is_signed_in(shop, browser)


def test_T101_an_access_token_is_no_hint(shop, ada):
    browser, _ = ada
    token = shop.redeem(shop.code(browser)).json()["access_token"]
    assert asks(oidc(browser, id_token_hint=token, client_id=shop.web.client_id))


def test_T100_without_a_hint_the_person_is_asked_and_a_no_keeps_the_session(shop, ada):
    browser, _ = ada
    response = oidc(browser)
    assert asks(response)
    assert "ada@example.com" in response.content.decode()
    posted = shop.post(browser, "/u/logout", hidden(response) | {"action": "no"})
    assert (posted.status_code, posted.headers["Location"]) == (303, "/account")
    assert is_signed_in(shop, browser)
    posted = shop.post(browser, "/u/logout", hidden(oidc(browser)) | {"action": "yes"})
    assert (posted.status_code, posted.headers["Location"]) == (303, "/logged-out")
    assert not is_signed_in(shop, browser)


def test_T100_with_a_client_id_alone_the_person_is_asked_and_then_led_back(shop, ada):
    browser, _ = ada
    response = oidc(browser, client_id=shop.web.client_id, post_logout_redirect_uri=AFTER, state="s")
    assert asks(response)
    assert "Shop" in response.content.decode()
    assert is_signed_in(shop, browser)
    posted = shop.post(browser, "/u/logout", hidden(response) | {"action": "yes"})
    assert posted.headers["Location"] == f"{AFTER}?state=s"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        f"{AFTER}?x=1",
        f"{AFTER}/",
        f"{AFTER}#x",
        "https://shop.example/BYE",
        "//shop.example/bye",
        "https://shop.example:443/bye",
        "https://acme.example/home",
        "javascript:alert(1)",
        "https://[",
    ],
)
def test_T014_an_address_that_is_not_registered_character_by_character_is_not_followed(shop, ada, address):
    browser, hint = ada
    response = oidc(browser, id_token_hint=hint, post_logout_redirect_uri=address)
    assert response.headers["Location"] == "/logged-out"
    assert not is_signed_in(shop, browser), "the hint was good, the address was not"


def test_an_address_of_another_application_or_tenant_is_not_followed(shop, ada, strangers):
    browser, hint = ada
    update_application(shop.spa, by=BY, post_logout_redirect_uris="https://tracker.example/bye")
    update_application(strangers.web, by=BY, post_logout_redirect_uris="https://globex.example/bye")
    for address in ("https://tracker.example/bye", "https://globex.example/bye"):
        assert oidc(browser, id_token_hint=hint, post_logout_redirect_uri=address).headers["Location"] == "/logged-out"


def test_a_registered_query_is_part_of_the_address_and_the_state_comes_behind_it(shop, ada):
    browser, hint = ada
    update_application(shop.web, by=BY, post_logout_redirect_uris=f"{AFTER}?from=us")
    response = oidc(browser, id_token_hint=hint, post_logout_redirect_uri=f"{AFTER}?from=us", state="s")
    assert response.headers["Location"] == f"{AFTER}?from=us&state=s"


def test_an_application_that_is_switched_off_leads_nobody_away(shop, ada):
    browser, hint = ada
    update_application(shop.web, by=BY, enabled=False)
    assert asks(oidc(browser, id_token_hint=hint, post_logout_redirect_uri=AFTER))
    response = v2(browser, client_id=shop.web.client_id, returnTo=AFTER)
    assert response.status_code == 400
    assert browser.get("/account").status_code == 200


def test_a_tenant_may_switch_the_question_off(shop, ada):
    browser, _ = ada
    update_tenant(shop.world.tenant, by=BY, oidc_logout_prompt_enabled=False)
    response = oidc(browser, client_id=shop.web.client_id, post_logout_redirect_uri=AFTER)
    assert response.headers["Location"] == AFTER
    assert not is_signed_in(shop, browser)


def test_where_nobody_is_signed_in_nothing_is_asked(shop):
    browser = shop.browser()
    assert oidc(browser).headers["Location"] == "/logged-out"
    response = oidc(browser, client_id=shop.web.client_id, post_logout_redirect_uri=AFTER)
    assert response.headers["Location"] == AFTER
    assert oidc(browser, post_logout_redirect_uri=AFTER).headers["Location"] == "/logged-out"
    assert not shop.world.events("slo")


def test_a_yes_that_is_pressed_twice_leads_to_the_same_place(shop, ada):
    browser, _ = ada
    fields = hidden(oidc(browser, client_id=shop.web.client_id, post_logout_redirect_uri=AFTER)) | {"action": "yes"}
    assert [shop.post(browser, "/u/logout", fields).headers["Location"] for _ in range(2)] == [AFTER, AFTER]
    assert len(shop.world.events("slo")) == 1


@pytest.mark.parametrize("token", ["", "0" * 64])
def test_T041_the_answer_needs_the_token_of_this_session(shop, ada, token):
    browser, _ = ada
    fields = hidden(oidc(browser)) | {"csrf_token": token, "action": "yes"}
    assert shop.post(browser, "/u/logout", fields).status_code == 403
    assert is_signed_in(shop, browser)


def test_T098_the_question_of_another_tenant_or_one_of_ones_own_making_is_not_answered(shop, ada, strangers):
    browser, _ = ada
    update_application(strangers.web, by=BY, post_logout_redirect_uris="https://evil.example/")
    theirs = strangers.browser()
    strangers.through(theirs)
    foreign = oidc(theirs, client_id=strangers.web.client_id, post_logout_redirect_uri="https://evil.example/")
    token = hidden(oidc(browser))["csrf_token"]
    for state in (hidden(foreign)["state"], "eyJyZXR1cm5fdG8iOiJodHRwczovL2V2aWwifQ:x:y", ""):
        response = shop.post(browser, "/u/logout", {"csrf_token": token, "state": state, "action": "yes"})
        assert response.status_code == 400
    assert is_signed_in(shop, browser)


def test_T048_the_question_shows_names_as_text(shop, ada):
    browser, _ = ada
    type(shop.web).objects.filter(pk=shop.web.pk).update(name="<script>alert(1)</script>")
    update_tenant(shop.world.tenant, by=BY, friendly_name="Acme")
    page = oidc(browser, client_id=shop.web.client_id).content.decode()
    assert "&lt;script&gt;" in page
    assert "<script" not in page


# --- /v2/logout -----------------------------------------------------------------------------------------------------------
def test_auth0s_logout_leads_to_the_applications_address_at_once(shop, ada):
    browser, _ = ada
    response = v2(browser, client_id=shop.web.client_id, returnTo=AFTER)
    assert (response.status_code, response.headers["Location"]) == (302, AFTER)
    assert not is_signed_in(shop, browser)
    [event] = shop.world.events("slo")
    assert event.client_id == shop.web.client_id


def test_auth0s_logout_without_an_application_leads_to_the_tenants_address(shop, ada):
    browser, _ = ada
    assert v2(browser, returnTo="https://acme.example/home").headers["Location"] == "https://acme.example/home"
    assert not is_signed_in(shop, browser)
    assert v2(browser, returnTo=AFTER).status_code == 400, "the application's address needs the application"
    assert v2(browser, client_id=shop.web.client_id, returnTo="https://acme.example/home").status_code == 400


def test_auth0s_logout_does_not_look_at_query_and_fragment(shop, ada):
    browser, _ = ada
    address = f"{AFTER}?from=here&x=%3Cb%3E#top"
    assert v2(browser, client_id=shop.web.client_id, returnTo=address).headers["Location"] == address


def test_auth0s_logout_without_an_address_leads_to_the_applications_first(shop, ada):
    browser, _ = ada
    update_application(shop.web, by=BY, post_logout_redirect_uris=f"{AFTER}\nhttps://shop.example/later")
    assert v2(browser, client_id=shop.web.client_id, federated="").headers["Location"] == AFTER
    assert not is_signed_in(shop, browser)


def test_T100_auth0s_logout_with_nowhere_to_go_asks(shop, ada):
    browser, _ = ada
    assert asks(v2(browser))
    update_application(shop.web, by=BY, post_logout_redirect_uris="")
    assert asks(v2(browser, client_id=shop.web.client_id))
    assert is_signed_in(shop, browser)


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "https://evil.example/?https://shop.example/bye",
        "https://shop.example@evil.example/bye",
        "https://shop.example/bye/../x",
        "https://shop.example\\@evil.example/bye",
        "https://shop.example/bye\r\nSet-Cookie: a=b",
        "https://shop.example/bye ",
        "//shop.example/bye",
        "/bye",
        "javascript:alert(1)//shop.example/bye",
        "https://[shop.example/bye",
        "https://shop.\u0435xample/bye",
    ],
)
def test_T014_an_address_that_is_not_listed_gets_a_page_and_logs_nobody_out(shop, ada, address):
    browser, _ = ada
    response = v2(browser, client_id=shop.web.client_id, returnTo=address)
    assert response.status_code == 400
    assert "Location" not in response.headers
    assert f'href="{address}"' not in response.content.decode()
    assert is_signed_in(shop, browser)
    [event] = shop.world.events("flo")
    assert event.details["reason"] == "LogoutURLNotAllowed"
    assert "allowed logout URLs" in event.details["remedy"]


def test_an_unknown_application_gets_a_page(shop, ada, strangers):
    browser, _ = ada
    for client_id in ("nobody", strangers.web.client_id):
        response = v2(browser, client_id=client_id, returnTo=AFTER)
        assert response.status_code == 400
        assert "Unknown application" in response.content.decode()
    assert is_signed_in(shop, browser)


@pytest.mark.parametrize(
    "headers",
    [
        IMAGE,
        {"sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"},
        {"sec-fetch-mode": "cors", "sec-fetch-dest": "empty"},
        {"sec-fetch-mode": "no-cors", "sec-fetch-dest": "style"},
        {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document", "sec-purpose": "prefetch;prerender"},
    ],
    ids=["image", "frame", "fetch", "style sheet", "loaded in advance"],
)
def test_T100_what_a_page_loads_behind_a_persons_back_logs_nobody_out(shop, ada, headers):
    browser, _ = ada
    sent = urlencode({"client_id": shop.web.client_id, "returnTo": AFTER})
    assert asks(browser.get(f"/v2/logout?{sent}", headers=headers))
    assert is_signed_in(shop, browser)
    navigation = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document", "sec-fetch-site": "cross-site"}
    assert browser.get(f"/v2/logout?{sent}", headers=navigation).headers["Location"] == AFTER
    assert not is_signed_in(shop, browser)


def test_T139_a_logout_at_one_tenant_leaves_the_other_signed_in(shop, ada, strangers):
    browser, _ = ada
    theirs = strangers.browser()
    strangers.through(theirs)
    theirs.cookies["__Host-latchkey_session"] = theirs.cookies["__Host-latchkey_session"].value
    v2(browser, client_id=shop.web.client_id, returnTo=AFTER)
    assert not is_signed_in(shop, browser)
    assert is_signed_in(strangers, theirs)


def test_the_page_after_it_says_so_and_is_there_for_everybody(shop):
    response = shop.browser().get("/logged-out")
    assert response.status_code == 200
    assert "You are logged out" in response.content.decode()
