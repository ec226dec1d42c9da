"""T-001 to T-012: whatever is wrong with client_id or redirect_uri is told on our own page, and nothing is sent anywhere."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apis.models import AppType
from apis.services.applications import update_application
from apis.services.connections import set_connections
from authserver.models import AuthorizationCode, AuthorizationRequest, TokenFamily
from tests import answers, factories
from tests.factories import BY
from tests.people import CALLBACK, challenge, is_to_application


def assert_page_and_nothing_else(response, world, reason=""):
    """A page of ours, no redirect, nothing stored, and the admin is told the reason."""
    assert response.status_code == 400, response.headers.get("Location", response.content)
    assert "Location" not in response.headers
    assert "Refresh" not in response.headers
    assert response.headers["Content-Type"].startswith("text/html")
    assert answers.policy(response)["frame-ancestors"] == ["'none'"]
    page = answers.parsed(response)
    assert (page.forms, page.scripts) == ([], [])
    assert not AuthorizationCode.objects.exists()
    assert not AuthorizationRequest.objects.exists()
    assert not TokenFamily.objects.exists()
    event = world.events("f", "fsa")[0]
    assert reason in ("", event.details["reason"])


def browsers(people):
    """Nobody signed in, and Ada signed in without any request of hers on record."""
    signed_in = people.signed_in()
    AuthorizationRequest.objects.all().delete()
    AuthorizationCode.objects.all().delete()
    TokenFamily.objects.all().delete()
    return people.browser(), signed_in


VARIANTS = {
    "T001 longer path": f"{CALLBACK}/more",
    "T001 trailing slash": f"{CALLBACK}/",
    "T001 shorter path": "https://shop.example/call",
    "T001 query added": f"{CALLBACK}?next=https://evil.example",
    "T001 empty query": f"{CALLBACK}?",
    "T001 fragment": f"{CALLBACK}#top",
    "T001 empty fragment": f"{CALLBACK}#",
    "T002 user name": "https://shop.example@evil.example/callback",
    "T002 user name before the right host": "https://evil@shop.example/callback",
    "T002 user and password": "https://shop.example:443@evil.example/callback",
    "T002 backslash before at sign": "https://evil.example\\@shop.example/callback",
    "T003 dots": "https://shop.example/a/../callback",
    "T003 dots behind": f"{CALLBACK}/..",
    "T003 encoded dots": "https://shop.example/%2e%2e/callback",
    "T003 twice encoded dots": "https://shop.example/%252e%252e/callback",
    "T003 encoded letter": "https://shop.example/%63allback",
    "T003 path parameter": f"{CALLBACK};x=1",
    "T003 double slash": "https://shop.example//callback",
    "T003 backslash": "https://shop.example\\callback",
    "T003 space behind": f"{CALLBACK} ",
    "T003 line break behind": f"{CALLBACK}\n",
    "T003 tab inside": "https://shop.exa\tmple/callback",
    "T003 two addresses in one": f"{CALLBACK} https://evil.example/",
    "T006 path in capitals": "https://shop.example/CALLBACK",
    "T006 host in capitals": "https://SHOP.example/callback",
    "T006 scheme in capitals": "HTTPS://shop.example/callback",
    "T006 usual port": "https://shop.example:443/callback",
    "T006 look-alike": "https://sh\u043ep.example/callback",
    "T006 full-width": "https://shop\uff0eexample/callback",
    "T006 dot behind the host": "https://shop.example./callback",
    "T007 http": "http://shop.example/callback",
    "another host": "https://evil.example/callback",
    "subdomain": "https://a.shop.example/callback",
    "host that begins alike": "https://shop.example.evil.example/callback",
    "scheme-relative": "//shop.example/callback",
    "path alone": "/callback",
    "T008 javascript": "javascript:alert(1)",
    "T008 data": "data:text/html,x",
}


@pytest.mark.parametrize("uri", VARIANTS.values(), ids=VARIANTS)
@pytest.mark.spec("RFC 9700", "2.1", "redirect URIs are compared character by character")
def test_T001_to_T006_an_address_that_differs_in_anything_gets_a_page_and_no_code(people, uri):
    assert_page_and_nothing_else(people.authorize(people.browser(), redirect_uri=uri), people.world, "CallbackMismatch")


def test_T001_the_registered_address_itself_is_answered(people):
    assert is_to_application(people.authorize(people.signed_in()))


def test_T001_nobody_is_sent_to_a_wrong_address_even_when_signed_in_or_silent(people):
    wrong = {"redirect_uri": "https://evil.example/callback"}
    for browser in browsers(people):
        for changes in (
            {},
            {"prompt": "none"},
            {"response_mode": "form_post"},
            {"response_type": "token"},
            {"response_type": "?"},
        ):
            assert_page_and_nothing_else(people.authorize(browser, **wrong, **changes), people.world, "CallbackMismatch")


def test_T001_a_callback_of_another_application_or_tenant_is_none_of_this_one(people, strangers):
    update_application(people.spa, by=BY, redirect_uris="https://tracker.example/callback")
    update_application(strangers.web, by=BY, redirect_uris="https://globex.example/callback")
    for uri in ("https://tracker.example/callback", "https://globex.example/callback"):
        assert_page_and_nothing_else(people.authorize(people.browser(), redirect_uri=uri), people.world)
    response = strangers.authorize(strangers.browser(), redirect_uri="https://globex.example/callback")
    assert response.headers["Location"].startswith("/u/login")


def test_T001_an_application_of_another_tenant_is_unknown_here(people, strangers):
    response = people.authorize(people.browser(), client_id=strangers.web.client_id)
    assert_page_and_nothing_else(response, people.world, "UnknownCallbackClient")


def test_T001_a_switched_off_application_is_answered_nowhere(people):
    update_application(people.web, by=BY, enabled=False)
    assert_page_and_nothing_else(people.authorize(people.browser()), people.world, "UnknownCallbackClient")


def test_T005_a_dot_in_a_registered_address_is_a_dot(people):
    update_application(people.web, by=BY, redirect_uris="https://shop.example/a.b+c(d)")
    asked = {"redirect_uri": "https://shop.example/a.b+c(d)"}
    assert people.authorize(people.browser(), **asked).headers["Location"].startswith("/u/login")
    AuthorizationRequest.objects.all().delete()
    for uri in ("https://shop.example/aXb+c(d)", "https://shop.example/a.bbc(d)", "https://shop.example/a.b+cd"):
        assert_page_and_nothing_else(people.authorize(people.browser(), redirect_uri=uri), people.world)


def native(people, *uris):
    """A native application of Ada's tenant."""
    application, _ = factories.make_application(
        people.world.tenant, "App", app_type=AppType.NATIVE, redirect_uris="\n".join(uris)
    )
    set_connections(application, [people.connection], by=BY)
    return application


def asks(people, application, uri):
    proof = {"code_challenge": challenge(), "code_challenge_method": "S256"}
    return people.authorize(people.browser(), client_id=application.client_id, redirect_uri=uri, **proof)


@pytest.mark.parametrize("port", ["", ":80", ":1", ":49152", ":65535"])
@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
@pytest.mark.spec("RFC 8252", "7.3", "a native application takes any loopback port")
def test_T007_a_native_application_may_use_any_port_of_a_loopback_address(people, host, port):
    application = native(people, f"http://{host}:8000/callback")
    response = asks(people, application, f"http://{host}{port}/callback")
    assert response.headers["Location"].startswith("/u/login")


@pytest.mark.parametrize(
    "uri",
    [
        "http://127.0.0.1:8000/other",
        "http://127.0.0.1:8000/callback?x=1",
        "https://127.0.0.1:8000/callback",
        "http://localhost:8000/callback",
        "http://127.0.0.2:8000/callback",
        "http://127.1:8000/callback",
        "http://2130706433:8000/callback",
        "http://0x7f000001:8000/callback",
        "http://127.0.0.1.evil.example:8000/callback",
        "http://127.0.0.1:8000@evil.example/callback",
        "http://evil.example:8000/callback",
        "http://127.0.0.1:08000/callback",
        "http://127.0.0.1:/callback",
        "http://127.0.0.1:65536/callback",
        "http://127.0.0.1:-1/callback",
        "http://127.0.0.1:80 00/callback",
        "http://127.0.0.1:\u0668000/callback",
        "http://[::1]:8000/callback",
        "http://[::ffff:127.0.0.1]:8000/callback",
    ],
)
def test_T007_only_the_port_may_differ_and_only_on_that_very_address(people, uri):
    application = native(people, "http://127.0.0.1:3000/callback")
    assert_page_and_nothing_else(asks(people, application, uri), people.world, "CallbackMismatch")


def test_T007_localhost_and_other_hosts_keep_their_port_even_for_native_applications(people):
    application = native(people, "http://localhost:3000/callback", "https://app.example:3000/callback")
    assert asks(people, application, "http://localhost:3000/callback").headers["Location"].startswith("/u/login")
    AuthorizationRequest.objects.all().delete()
    for uri in ("http://localhost:3001/callback", "https://app.example:3001/callback"):
        assert_page_and_nothing_else(asks(people, application, uri), people.world, "CallbackMismatch")


def test_T007_the_port_counts_for_applications_that_are_not_native(people):
    update_application(people.web, by=BY, redirect_uris="http://127.0.0.1:3000/callback")
    response = people.authorize(people.browser(), redirect_uri="http://127.0.0.1:3001/callback")
    assert_page_and_nothing_else(response, people.world, "CallbackMismatch")


@pytest.mark.parametrize(
    "uri", ["myapp://callback", "com.example.app:/callback", "com.example.app://acme.example.com/cb?x=1"]
)
def test_a_native_application_is_answered_at_its_private_scheme_and_never_silently_trusted(people, uri):
    people.world.api.skip_consent_for_verifiable_first_party_clients = True
    people.world.api.save()
    application = native(people, uri)
    browser = people.browser()
    response = people.log_in(browser, asks_in(browser, people, application, uri))
    assert response.headers["Location"].startswith("/u/consent"), "any app on the device may claim the scheme"
    location = people.decide(browser, response).headers["Location"]
    assert location.startswith(uri + ("&" if "?" in uri else "?") + "code=")


def asks_in(browser, people, application, uri):
    proof = {"code_challenge": challenge(), "code_challenge_method": "S256"}
    return people.authorize(browser, client_id=application.client_id, redirect_uri=uri, **proof)


@pytest.mark.parametrize(
    "uri", ["MYAPP://callback", "myapp:/callback", "myapp://callback/", "myapp://evil", "myapp:callback"]
)
def test_a_private_scheme_is_compared_character_by_character_too(people, uri):
    application = native(people, "myapp://callback")
    assert_page_and_nothing_else(asks(people, application, uri), people.world, "CallbackMismatch")


def test_T009_with_several_addresses_registered_one_must_be_named(people):
    update_application(people.web, by=BY, redirect_uris=f"{CALLBACK}\nhttps://shop.example/other")
    for browser in browsers(people):
        for uri in (None, ""):
            response = people.authorize(browser, redirect_uri=uri)
            assert_page_and_nothing_else(response, people.world, "MissingParameter")
            assert b"redirect_uri" in response.content


def test_T009_with_one_address_registered_that_one_is_meant(people):
    assert is_to_application(people.authorize(people.signed_in(), redirect_uri=None))


def test_T009_an_application_without_an_address_is_answered_nowhere(people):
    update_application(people.web, by=BY, redirect_uris="")
    for uri in (None, "", CALLBACK, "https://evil.example/"):
        assert_page_and_nothing_else(people.authorize(people.browser(), redirect_uri=uri), people.world)


@pytest.mark.parametrize(
    "name", ["redirect_uri", "client_id", "response_type", "scope", "state", "prompt", "nonce", "unheard_of"]
)
def test_T010_a_parameter_that_stands_twice_gets_a_page_and_no_redirect_to_either(people, name):
    good = people.asked()
    first = good.get(name, "x")
    for second in (first, "https://evil.example/callback", ""):
        for pair in (f"{name}={first}&{name}={second}", f"{name}={second}&{name}={first}"):
            rest = "&".join(f"{key}={value}" for key, value in good.items() if key != name)
            by_get = people.browser().get(f"/authorize?{rest}&{pair}")
            assert_page_and_nothing_else(by_get, people.world, "RepeatedParameter")
            by_post = people.browser().post("/authorize", f"{pair}&{rest}", content_type="application/x-www-form-urlencoded")
            assert_page_and_nothing_else(by_post, people.world, "RepeatedParameter")


def test_T010_an_encoded_name_is_the_same_name(people):
    rest = "&".join(f"{key}={value}" for key, value in people.asked().items())
    response = people.browser().get(f"/authorize?{rest}&redirect%5furi=https://evil.example/")
    assert_page_and_nothing_else(response, people.world, "RepeatedParameter")


def visible(response):
    """A page without what differs by nature: the request's reference number."""
    return response.content.decode().replace(response.headers["X-Auth0-RequestId"], "")


def test_T011_an_unknown_client_and_a_wrong_address_of_a_known_one_look_the_same(people):
    evil = {"redirect_uri": "https://evil.example/callback"}
    unknown_id = "0" * len(people.web.client_id)
    browser = people.browser()
    known = people.authorize(browser, **evil)
    unknown = people.authorize(browser, client_id=unknown_id, **evil)
    assert unknown.status_code == known.status_code == 400
    assert visible(unknown).replace(unknown_id, people.web.client_id) == visible(known)
    assert {name: known.headers[name] for name in known.headers if name != "X-Auth0-RequestId"} == {
        name: unknown.headers[name] for name in unknown.headers if name != "X-Auth0-RequestId"
    }
    reasons = [(event.details["reason"], event.details["remedy"]) for event in people.world.events("f")]
    assert [reason for reason, _ in reasons] == ["UnknownCallbackClient", "CallbackMismatch"]
    assert unknown_id in reasons[0][1]
    assert "https://evil.example/callback" in reasons[1][1]


def test_T011_the_event_names_the_application_that_the_page_does_not_name(people, strangers):
    evil = {"redirect_uri": "https://evil.example/callback"}
    for client_id in (strangers.web.client_id, people.web.client_id):
        assert "Shop" not in people.authorize(people.browser(), client_id=client_id, **evil).content.decode()
    known, unknown = people.world.events("f")
    assert (known.client_id, known.client_name) == (people.web.client_id, "Shop")
    assert (unknown.client_id, unknown.client_name) == ("", "")


def test_T011_both_cost_the_same_in_the_database(people):
    browser, counts = people.browser(), []
    people.authorize(browser)
    for client_id in (people.web.client_id, "nobody"):
        with CaptureQueriesContext(connection) as queries:
            people.authorize(browser, client_id=client_id, redirect_uri="https://evil.example/")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 3


def test_T011_a_missing_client_id_gets_a_page(people):
    for client_id in (None, ""):
        assert_page_and_nothing_else(
            people.authorize(people.browser(), client_id=client_id), people.world, "MissingParameter"
        )


@pytest.mark.parametrize("prompt", ["none", "none login", "nonsense"])
def test_T012_no_error_travels_before_client_and_address_are_known_to_be_right(people, prompt):
    wrong = ({"client_id": "nobody"}, {"redirect_uri": "https://evil.example/"}, {"client_id": None}, {"client_id": "a%00b"})
    for browser in browsers(people):
        for changes in wrong:
            for more in ({}, {"max_age": "x"}, {"id_token_hint": "x"}, {"claims": "{"}, {"response_mode": "web_message"}):
                response = people.authorize(browser, prompt=prompt, **changes, **more)
                assert_page_and_nothing_else(response, people.world)


def test_T012_once_they_are_right_a_silent_refusal_travels(people):
    assert is_to_application(people.authorize(people.browser(), prompt="none"))
