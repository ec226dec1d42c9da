"""Consent: who is asked when and about what, and that exactly what was shown is remembered."""

import pytest

from apis.models import AppType
from apis.services import connections as connection_services
from apis.services.apis import Scope, delete_api, set_permissions, update_api
from apis.services.applications import update_application
from authserver.models import Consent, TokenFamily
from tenants import config_cache
from tenants.services import create_user, update_tenant
from tests import factories
from tests.factories import BY
from tests.people import PASSWORD, answer, hidden, is_to_application

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
LOOPBACK = "http://127.0.0.1:8123/callback"


def asked_page(people, browser, asked=None, **changes):
    """The consent page of a request by Ada, who logs in when she must. Fails where no consent is asked for."""
    response = people.authorize(browser, asked if asked is not None else people.asked(**changes))
    if response.headers["Location"].startswith("/u/login"):
        response = people.log_in(browser, response)
    assert response.headers["Location"].startswith("/u/consent"), response.headers["Location"]
    return browser.get(response.headers["Location"])


def text(page):
    return " ".join(page.content.decode().split())


def wanted(page):
    """What the page asks for, without what was allowed before and the technical details."""
    return text(page).partition("<details")[0]


def is_asked(people, browser=None, asked=None, **changes):
    browser = browser or people.browser()
    response = people.authorize(browser, asked if asked is not None else people.asked(**changes))
    if response.headers["Location"].startswith("/u/login"):
        response = people.log_in(browser, response)
    return response.headers["Location"].startswith("/u/consent")


def allow(people, browser, page, **changes):
    posted = people.post(browser, "/u/consent", hidden(page) | {"action": "allow"} | changes)
    assert posted.status_code == 303
    return browser.get(posted.headers["Location"])


def first_party_skips(people):
    update_api(people.world.api, by=BY, skip_consent_for_verifiable_first_party_clients=True)


@pytest.fixture
def native(people):
    """A first-party application on the person's own machine: anybody may listen at its callback."""
    application, _ = factories.make_application(
        people.world.tenant, "Desktop", app_type=AppType.NATIVE, redirect_uris=LOOPBACK
    )
    connection_services.set_connections(application, [people.connection], by=BY)
    return application


def of_native(people, native):
    return people.of_spa(client_id=native.client_id, redirect_uri=LOOPBACK)


def test_a_first_party_application_asks_unless_the_api_says_otherwise(people):
    assert is_asked(people)
    first_party_skips(people)
    assert not is_asked(people)
    assert not Consent.objects.exists()


def test_without_an_api_a_first_party_application_asks_nothing(people):
    assert not is_asked(people, audience=None, scope="openid profile email")


def test_T044_a_third_party_application_always_asks_and_the_page_warns(people):
    first_party_skips(people)
    people.connection.is_domain_connection = True
    people.connection.save()
    update_application(people.web, by=BY, is_first_party=False)
    browser = people.browser()
    page = asked_page(people, browser)
    assert "is not made by" in text(page)
    assert "shop.example" in text(page)
    assert is_to_application(allow(people, browser, page))
    assert is_asked(people, browser, scope="openid profile", audience=None), (
        "without an API, too: that is a consent of its own"
    )


def test_T044_a_first_party_page_has_no_such_warning(people):
    assert "is not made by" not in text(asked_page(people, people.browser()))


@pytest.mark.parametrize(
    ("tenant", "application", "asks"),
    [
        (False, None, True),
        (True, None, False),
        (False, True, False),
        (True, False, True),
    ],
)
def test_T044_a_callback_that_cannot_be_verified_is_trusted_by_the_application_or_else_by_the_tenant(
    people, native, tenant, application, asks
):
    first_party_skips(people)
    setting = "skip_non_verifiable_callback_uri_confirmation_prompt"
    update_tenant(people.world.tenant, by=BY, **{setting: tenant})
    update_application(native, by=BY, **{setting: application})
    assert is_asked(people, asked=of_native(people, native)) is asks
    assert not is_asked(people), "a callback on the web needs no such trust"


@pytest.mark.parametrize("callback", ["com.example.desktop:/cb", "https://localhost:8443/cb", "http://localhost:8123/cb"])
def test_T044_loopback_names_and_private_schemes_cannot_be_verified_either(people, native, callback):
    first_party_skips(people)
    update_application(native, by=BY, redirect_uris=callback)
    page = asked_page(people, people.browser(), people.of_spa(client_id=native.client_id, redirect_uri=callback))
    assert "it cannot be verified that the answer reaches <bdi>Desktop</bdi>" in text(page)


def test_each_cause_is_said_in_a_line(people):
    browser = people.browser()
    page = asked_page(people, browser)
    assert "You are asked because <bdi>Shop</bdi> wants this for the first time." in text(page)
    allow(people, browser, page)
    assert "You are asked because <bdi>Shop</bdi> wants you to decide again." in text(
        asked_page(people, browser, prompt="consent")
    )
    page = asked_page(people, browser, scope="openid read:orders create:orders")
    assert "You are asked because <bdi>Shop</bdi> wants more than you allowed before." in text(page)


def test_only_what_is_new_is_asked_and_the_rest_is_folded_away(people):
    browser = people.browser()
    allow(people, browser, asked_page(people, browser))
    page = asked_page(people, browser, scope="openid read:orders create:orders")
    assert "May create:orders" in wanted(page)
    assert "May read:orders" not in wanted(page)
    assert "May read:orders" in text(page)
    allow(people, browser, page)
    assert not is_asked(people, browser, scope="openid read:orders create:orders")
    stored = set(Consent.objects.get().scopes)
    assert stored == {"profile", "email", "offline_access", "read:orders", "create:orders"}, "nothing is forgotten"


def test_T046_a_larger_scope_asks_again_and_a_smaller_one_does_not(people):
    browser = people.browser()
    allow(people, browser, asked_page(people, browser, scope="openid read:orders"))
    assert is_asked(people, browser, scope="openid read:orders create:orders")
    assert not is_asked(people, browser, scope="openid")
    silent = answer(people.authorize(browser, scope="openid read:orders create:orders", prompt="none"))
    assert silent["error"] == "consent_required"
    assert "code" in answer(people.authorize(browser, scope="openid read:orders", prompt="none"))


def test_T046_what_is_allowed_for_one_api_is_asked_for_another(people):
    invoices = factories.make_api(people.world.tenant, "https://invoices.example.com")
    browser = people.browser()
    allow(people, browser, asked_page(people, browser))
    assert is_asked(people, browser, audience=invoices.identifier, scope="openid read:orders")
    assert Consent.objects.get().api == people.world.api


def test_what_one_person_allowed_one_application_is_nobody_elses_and_no_others(people):
    create_user(people.connection, email="bob@example.com", password=PASSWORD, by=BY)
    browser = people.browser()
    allow(people, browser, asked_page(people, browser))
    assert is_asked(people, browser, people.of_spa()), "another application"
    other = people.browser()
    response = people.log_in(other, people.authorize(other), username="bob@example.com")
    assert response.headers["Location"].startswith("/u/consent"), "another person"
    assert not is_asked(people, browser)


def test_T139_what_was_allowed_at_one_tenant_is_asked_at_another(people, strangers):
    browser = people.browser()
    allow(people, browser, asked_page(people, browser))
    assert is_asked(strangers)
    assert not Consent.objects.of(strangers.world.tenant).exists()


def test_prompt_consent_shows_all_of_it_again_and_a_no_takes_nothing_back(people):
    browser = people.browser()
    allow(people, browser, asked_page(people, browser))
    page = asked_page(people, browser, prompt="consent")
    assert "May read:orders" in wanted(page)
    posted = people.post(browser, "/u/consent", hidden(page) | {"action": "deny"})
    assert answer(posted)["error"] == "access_denied"
    assert not is_asked(people, browser)
    assert is_to_application(allow(people, browser, asked_page(people, browser, prompt="consent")))


def test_a_first_party_application_may_want_to_be_decided_on(people):
    first_party_skips(people)
    assert is_asked(people, prompt="consent")


def test_descriptions_are_shown_or_scopes_grouped_as_the_tenant_says(people):
    page = asked_page(people, people.browser(), scope="openid read:orders create:orders")
    assert "May read:orders" in wanted(page)
    assert "orders: read" not in text(page)
    update_tenant(people.world.tenant, by=BY, flags={"use_scope_descriptions_for_consent": False})
    page = asked_page(people, people.browser(), scope="openid read:orders create:orders")
    assert "orders: read, create" in wanted(page)
    assert "May read:orders" not in text(page)


def test_offline_access_is_said_plainly_and_marked_and_the_scopes_stand_in_the_details(people):
    page = asked_page(people, people.browser())
    assert "Keep access when you are away, until you take it back" in wanted(page)
    assert '<li class="sensitive">' in wanted(page)
    assert "offline_access" not in wanted(page)
    for scope in ("offline_access", "read:orders", "profile"):
        assert f'<code dir="ltr">{scope}</code>' in text(page)
    assert wanted(page).index("Keep access") < wanted(page).index("See your e-mail address"), "what weighs more comes first"


def test_a_scope_without_a_description_is_spoken(people):
    set_permissions(people.world.api, [Scope("read:orders", "")], by=BY)
    assert "read orders" in wanted(asked_page(people, people.browser()))


def test_who_refuses_gives_nothing_and_the_application_hears_so(people):
    browser = people.browser()
    page = asked_page(people, browser)
    posted = people.post(browser, "/u/consent", hidden(page) | {"action": "deny"})
    assert posted.status_code == 303
    assert (answer(posted)["error"], answer(posted)["state"]) == ("access_denied", "state-1")
    assert not Consent.objects.exists()
    assert not TokenFamily.objects.exists()
    assert people.world.events("f")[0].details["reason"] == "ConsentRefused"
    assert is_asked(people, browser), "and may be asked again"


@pytest.mark.parametrize("action", ["", "Allow", "yes", None])
def test_T043_whatever_is_no_clear_yes_is_a_no(people, action):
    browser = people.browser()
    fields = hidden(asked_page(people, browser)) | ({} if action is None else {"action": action})
    assert answer(people.post(browser, "/u/consent", fields))["error"] == "access_denied"
    assert not Consent.objects.exists()


def test_who_is_not_the_person_on_the_page_logs_in_as_oneself_and_is_asked(people):
    create_user(people.connection, email="bob@example.com", password=PASSWORD, by=BY)
    browser = people.browser()
    page = asked_page(people, browser)
    assert "Not you?" in text(page)
    posted = people.post(browser, "/u/consent", hidden(page) | {"action": "other"})
    response = people.log_in(browser, posted, username="bob@example.com")
    assert response.headers["Location"].startswith("/u/consent")
    page = browser.get(response.headers["Location"])
    assert "bob@example.com" in text(page)
    assert "ada@example.com" not in text(page)
    assert is_to_application(allow(people, browser, page))
    assert Consent.objects.get().user.email == "bob@example.com"


def test_T041_a_form_that_was_shown_to_ada_is_no_yes_of_bobs(people):
    create_user(people.connection, email="bob@example.com", password=PASSWORD, by=BY)
    browser = people.browser()
    adas = asked_page(people, browser)
    posted = people.post(browser, "/u/consent", hidden(adas) | {"action": "other"})
    people.log_in(browser, posted, username="bob@example.com")
    assert people.post(browser, "/u/consent", hidden(adas) | {"action": "allow"}).status_code == 403
    assert not Consent.objects.exists()


def test_T043_a_permission_that_comes_meanwhile_is_neither_asked_nor_stored(people):
    asked = people.asked(scope="openid read:orders delete:orders")
    browser = people.browser()
    page = asked_page(people, browser, asked)
    assert "delete:orders" not in text(page)
    set_permissions(
        people.world.api, [Scope("read:orders", "May read:orders"), Scope("delete:orders", "May delete:orders")], by=BY
    )
    response = allow(people, browser, page)
    assert Consent.objects.get().scopes == ["read:orders"], "what was shown is what is stored"
    assert people.redeem(answer(response)["code"]).json()["scope"] == "openid read:orders"


def test_T043_a_permission_that_goes_meanwhile_is_not_stored(people):
    browser = people.browser()
    page = asked_page(people, browser, scope="openid read:orders create:orders")
    set_permissions(people.world.api, [Scope("read:orders")], by=BY)
    posted = people.post(browser, "/u/consent", hidden(page) | {"action": "allow"})
    page = browser.get(posted.headers["Location"])
    allow(people, browser, page)
    assert Consent.objects.get().scopes == ["read:orders"]


def test_T043_hidden_fields_and_more_of_them_change_nothing(people):
    browser = people.browser()
    page = asked_page(people, browser, scope="openid read:orders")
    more = {
        "scope": "create:orders",
        "client_id": people.spa.client_id,
        "redirect_uri": "https://evil.example/",
        "audience": "urn:other",
        "user": "bob",
    }
    response = allow(people, browser, page, **more)
    assert is_to_application(response)
    consent = Consent.objects.get()
    assert (consent.scopes, consent.application, consent.user) == (["read:orders"], people.web, people.user)


@pytest.mark.parametrize("shown", ["", "0" * 64, None], ids=["empty", "forged", "left out"])
def test_T043_without_its_seal_a_form_is_no_yes(people, shown):
    browser = people.browser()
    fields = {name: value for name, value in hidden(asked_page(people, browser)).items() if name != "shown"}
    fields |= {} if shown is None else {"shown": shown}
    posted = people.post(browser, "/u/consent", fields | {"action": "allow"})
    assert posted.headers["Location"].startswith("/u/consent")
    assert not Consent.objects.exists()


def test_a_yes_that_is_pressed_twice_counts_once(people):
    browser = people.browser()
    page = asked_page(people, browser)
    fields = hidden(page) | {"action": "allow"}
    first, second = people.post(browser, "/u/consent", fields), people.post(browser, "/u/consent", fields)
    assert first.headers["Location"] == second.headers["Location"]
    assert is_to_application(browser.get(second.headers["Location"]))
    assert Consent.objects.count() == 1
    assert len(people.world.events("consent")) == 1


def test_consent_is_told_in_an_event_with_the_person_the_application_and_the_scopes(people):
    browser = people.browser()
    browser.defaults["HTTP_USER_AGENT"] = FIREFOX
    allow(people, browser, asked_page(people, browser))
    [event] = people.world.events("consent")
    assert (event.user_id, event.client_id) == (people.user.user_id, people.web.client_id)
    assert event.audience == people.world.api.identifier
    assert "read:orders" in event.scope
    assert (event.user_name, event.client_name) == (people.user.email, "Shop")
    assert (event.ip, event.hostname, event.user_agent) == ("127.0.0.1", "acme.example.com", FIREFOX)
    assert event.request_id
    assert "by" not in event.details


def test_the_page_links_what_the_application_wants_read_and_where_to_take_it_back(people):
    update_application(people.web, by=BY, policy_uri="https://shop.example/privacy", tos_uri="https://shop.example/terms")
    page = text(asked_page(people, people.browser()))
    for part in ('href="https://shop.example/privacy"', 'href="https://shop.example/terms"', 'href="/account"'):
        assert part in page


@pytest.mark.django_db(transaction=True)
def test_a_yes_to_an_api_that_another_worker_just_deleted_stores_nothing_and_the_person_goes_on(people, monkeypatch):
    browser = people.browser()
    page = asked_page(people, browser)
    with monkeypatch.context() as another_worker:
        another_worker.setattr(config_cache, "forget", lambda tenant_id: None)
        delete_api(people.world.api, by=BY)
    posted = people.post(browser, "/u/consent", hidden(page) | {"action": "allow"})
    assert posted.status_code == 303
    told = browser.get(posted.headers["Location"])
    assert is_to_application(told)
    assert answer(told)["error"] == "access_denied"
    assert not Consent.objects.exists()
    assert not TokenFamily.objects.exists()
