"""Single sign-on: who signed in to one application is known to the next, as far as its directories reach."""

import jwt

from apis.models import AppType
from apis.services import connections as connection_services
from tenants.services import add_domain, create_connection, create_user
from tests import factories
from tests.conftest import SecureClient
from tests.factories import BY
from tests.people import CALLBACK, PASSWORD, answer, hidden, is_to_application


def partner_application(people, *connections):
    """A second web application, for people of `connections` only."""
    application, _ = factories.make_application(
        people.world.tenant, "Partner portal", app_type=AppType.REGULAR_WEB, redirect_uris=CALLBACK
    )
    connection_services.set_connections(application, connections, by=BY)
    return application


def asked(people, application, **changes):
    return people.asked(client_id=application.client_id, audience=None, scope="openid", **changes)


def test_who_signed_in_to_one_application_is_signed_in_to_the_next(people):
    browser = people.browser()
    people.through(browser)
    application = partner_application(people, people.connection)
    for changes in ({}, {"prompt": "none"}):
        assert "code" in answer(people.authorize(browser, asked(people, application, **changes)))
    other_browser = people.browser()
    assert people.authorize(other_browser, asked(people, application)).headers["Location"].startswith("/u/login")


def test_both_applications_hear_of_the_same_session_and_login(people):
    browser = people.browser()
    first = people.redeem(people.code(browser)).json()
    second = people.redeem_spa(people.code(browser, people.of_spa())).json()
    one, two = (jwt.decode(t["id_token"], options={"verify_signature": False}) for t in (first, second))
    assert (one["sid"], one["auth_time"], one["sub"]) == (two["sid"], two["auth_time"], two["sub"])
    assert one["aud"] != two["aud"]


def test_single_sign_on_ends_where_the_second_application_has_other_directories(people):
    browser = people.signed_in()
    partners = create_connection(people.world.tenant, "Partners", by=BY)
    application = partner_application(people, partners)
    assert people.authorize(browser, asked(people, application)).headers["Location"].startswith("/u/login")
    silent = answer(people.authorize(browser, asked(people, application, prompt="none")))
    assert silent["error"] == "login_required"
    connection_services.enable_connection(application, people.connection, by=BY)
    assert "code" in answer(people.authorize(browser, asked(people, application)))


def test_single_sign_on_ends_where_the_request_names_another_directory(people):
    browser = people.signed_in()
    partners = create_connection(people.world.tenant, "Partners", by=BY)
    application = partner_application(people, people.connection, partners)
    assert "code" in answer(people.authorize(browser, asked(people, application, connection="Users")))
    response = people.authorize(browser, asked(people, application, connection="Partners"))
    assert response.headers["Location"].startswith("/u/login")


def test_T042_a_person_of_a_directory_that_is_not_for_it_cannot_finish_the_request(people):
    browser = people.signed_in()
    partners = create_connection(people.world.tenant, "Partners", by=BY)
    create_user(partners, email="pat@example.com", password=PASSWORD, by=BY)
    application = partner_application(people, partners)
    response = people.authorize(browser, asked(people, application))
    state = response.headers["Location"].partition("=")[2]
    again = browser.get(f"/authorize/resume?state={state}")
    assert again.headers["Location"] == f"/u/login?state={state}"
    assert is_to_application(people.log_in(browser, response, username="pat@example.com"))


def test_T139_single_sign_on_ends_at_the_tenant(people, strangers):
    browser = people.signed_in()
    foreign = strangers.browser()
    foreign.cookies = browser.cookies
    assert strangers.authorize(foreign).headers["Location"].startswith("/u/login")
    assert "code" in answer(people.authorize(browser, prompt="none"))


def test_T139_a_domain_of_another_tenant_knows_no_session_and_no_application_of_this_one(people, strangers):
    browser = people.signed_in()
    add_domain(strangers.world.tenant, "login.globex.example", by=BY)
    foreign = SecureClient(headers={"host": "login.globex.example", "accept": "text/html"})
    foreign.cookies = browser.cookies
    assert foreign.get("/account").headers["Location"].startswith("/u/login")
    page = people.authorize(foreign)
    assert page.status_code == 400
    assert "Shop" not in page.content.decode()
    assert "Callback URL mismatch" in page.content.decode()


def test_a_second_domain_of_the_same_tenant_has_a_cookie_of_its_own(people):
    browser = people.signed_in()
    add_domain(people.world.tenant, "id.acme.example", by=BY)
    other = SecureClient(headers={"host": "id.acme.example", "accept": "text/html"})
    assert all(not cookie["domain"] for cookie in browser.cookies.values()), "browsers send them to one host only"
    assert people.authorize(other).headers["Location"].startswith("/u/login")


def test_choosing_an_account_goes_on_as_the_person_or_to_the_login(people):
    browser = people.signed_in()
    response = people.authorize(browser, prompt="select_account")
    assert response.headers["Location"].startswith("/u/account?state=")
    page = browser.get(response.headers["Location"])
    assert "ada@example.com" in page.content.decode()
    assert page.status_code == 200
    posted = people.post(browser, "/u/account", hidden(page) | {"action": "other"})
    assert posted.headers["Location"].startswith("/u/login?state=")
    assert posted.status_code == 303
    posted = people.post(browser, "/u/account", hidden(page) | {"action": "continue"})
    assert posted.status_code == 303
    assert is_to_application(browser.get(posted.headers["Location"]))


def test_T041_choosing_an_account_needs_our_own_form(people):
    browser = people.signed_in()
    page = browser.get(people.authorize(browser, prompt="select_account").headers["Location"])
    forged = hidden(page) | {"csrf_token": "0" * 64, "action": "continue"}
    assert people.post(browser, "/u/account", forged).status_code == 403
    assert browser.get(f"/authorize/resume?state={forged['state']}").headers["Location"].startswith("/u/account")


def test_an_account_that_was_chosen_for_one_request_is_not_chosen_for_the_next(people):
    browser = people.signed_in()
    page = browser.get(people.authorize(browser, prompt="select_account").headers["Location"])
    browser.get(people.post(browser, "/u/account", hidden(page) | {"action": "continue"}).headers["Location"])
    assert people.authorize(browser, prompt="select_account").headers["Location"].startswith("/u/account")


def test_who_signs_in_as_another_person_on_the_way_leaves_no_choice_behind(people):
    create_user(people.connection, email="bob@example.com", password=PASSWORD, by=BY)
    browser = people.signed_in()
    page = browser.get(people.authorize(browser, prompt="select_account").headers["Location"])
    login = people.post(browser, "/u/account", hidden(page) | {"action": "other"})
    response = people.log_in(browser, login, username="bob@example.com")
    assert response.headers["Location"].startswith("/u/consent"), "Bob has allowed nothing yet"
    assert is_to_application(people.decide(browser, response))
    assert people.world.events("s")[0].user_name == "bob@example.com"
