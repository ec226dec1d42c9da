"""What an application may ask of /authorize: parameters by GET and POST, scopes, nonce, connections, and what is refused."""

import pytest

from apis.services.applications import update_application
from apis.services.connections import set_connections
from authserver.models import AuthorizationCode
from tenants.services import create_connection, update_tenant
from tests import answers, factories
from tests.factories import BY
from tests.people import CALLBACK, FORM, answer, is_to_application


def error(response):
    """The error that the application is sent; nothing was issued."""
    assert is_to_application(response), response.content
    assert not {"code", "access_token", "id_token"} & set(answer(response))
    return answer(response)["error"]


@pytest.mark.spec("conformance", "oidcc-ensure-post-request-succeeds", "the authorization endpoint takes a form as well")
def test_a_posted_request_is_answered_like_one_in_the_address(people):
    browser = people.browser()
    response = people.post(browser, "/authorize", people.asked())
    assert (response.status_code, response.headers["Location"][:9]) == (303, "/u/login?")
    assert "code" in answer(people.decide(browser, people.log_in(browser, response)))
    assert "code" in answer(people.post(browser, "/authorize", people.asked()))


def test_of_a_posted_request_only_the_body_counts(people):
    browser = people.signed_in()
    response = browser.post(
        "/authorize?client_id=other&prompt=login&state=other",
        "&".join(f"{k}={v}" for k, v in people.asked().items()),
        content_type=FORM,
    )
    assert answer(response)["state"] == "state-1"


@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data; boundary=x", "text/plain"])
def test_a_posted_request_that_is_no_form_gets_a_page(people, content_type):
    response = people.signed_in().post("/authorize", "client_id=x", content_type=content_type)
    assert (response.status_code, "Location" in response.headers) == (400, False)


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
@pytest.mark.spec("RFC 9700", "2.6", "no CORS at the authorization endpoint")
def test_other_methods_are_not_allowed_and_no_script_may_read_the_endpoint(people, method):
    response = getattr(people.browser(origin="https://shop.example"), method)("/authorize", secure=True)
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD, POST"
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.spec("RFC 9110", "9.3.2", "HEAD is identical to GET, without content")
@pytest.mark.parametrize("path", ["/account", "/logged-out", "/authorize", "/u/login"])
def test_head_answers_as_get_does_without_a_body(people, path):
    head, get = people.browser().head(path, secure=True), people.browser().get(path)
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert ("Location" in head.headers) == ("Location" in get.headers)


def test_head_of_ones_own_account_shows_and_changes_nothing(people):
    head = people.signed_in().head("/account", secure=True)
    assert (head.status_code, head.content) == (200, b"")


def test_head_does_not_pass_where_only_post_does(people):
    response = people.browser().head("/u/logout", secure=True)
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert "Access-Control-Allow-Origin" not in people.authorize(people.browser(origin="https://shop.example")).headers


@pytest.mark.spec("conformance", "oidcc-ensure-request-with-unknown-parameter-succeeds", "extra parameters are ignored")
def test_parameters_that_nobody_knows_are_ignored(people):
    extra = {
        "ext-theme": "dark",
        "auth0Client": "not base64 {",
        "extra": "<b>",
        "claims_locales": "se",
        "connection_scope": "x",
        "access_type": "offline",
        "login_ticket": "x",
    }
    assert set(answer(people.authorize(people.signed_in(), **extra))) == {"code", "state", "iss"}


@pytest.mark.parametrize("display", ["page", "popup", "touch", "wap"])
@pytest.mark.spec("conformance", "oidcc-display-page, oidcc-display-popup", "display is accepted")
def test_every_display_that_openid_connect_knows_is_accepted(people, display):
    assert "code" in answer(people.authorize(people.signed_in(), display=display))


@pytest.mark.parametrize("locales", ["se", "de-CH en", "fr-CA fr en", "not a locale!", "x" * 500])
@pytest.mark.spec("conformance", "oidcc-ui-locales", "a language that we do not speak is no error")
def test_ui_locales_are_a_wish(people, locales):
    browser = people.browser()
    response = people.authorize(browser, ui_locales=locales)
    assert browser.get(response.headers["Location"]).status_code == 200


def test_a_display_that_does_not_exist_is_refused(people):
    assert error(people.authorize(people.signed_in(), display="hologram")) == "invalid_request"


@pytest.mark.spec("conformance", "oidcc-alternate-happy-flow, fapi ensure-other-scope-order-succeeds", "order means nothing")
def test_the_order_of_scopes_and_response_types_means_nothing(people):
    browser = people.signed_in()
    forward = people.redeem(people.code(browser, scope="openid profile email")).json()
    backward = people.redeem(people.code(browser, scope="email  profile openid openid")).json()
    assert set(forward["scope"].split()) == set(backward["scope"].split())
    assert set(answer(people.authorize(browser, response_type="token id_token code"))) >= {
        "code",
        "id_token",
        "access_token",
    }


def test_T032_scopes_that_do_not_exist_are_dropped_and_the_token_says_what_is_left(people, strangers):
    factories.make_api(strangers.world.tenant, "urn:globex", permissions=[])
    asked = "openid read:orders nonsense admin:everything READ:ORDERS read:orders,create:orders"
    tokens = people.tokens(scope=asked)
    assert tokens["scope"] == "openid read:orders"
    assert answers.claims(tokens["access_token"])["scope"] == "openid read:orders"


def test_T032_consent_to_less_is_no_consent_to_more(people):
    browser = people.browser()
    people.through(browser, scope="openid read:orders")
    assert is_to_application(people.authorize(browser, scope="openid read:orders"))
    more = people.authorize(browser, scope="openid read:orders create:orders")
    assert more.headers["Location"].startswith("/u/consent")
    assert error(people.authorize(browser, scope="openid create:orders", prompt="none")) == "consent_required"


def test_T032_scopes_of_another_tenants_api_of_the_same_name_do_not_exist_here(people, strangers):
    factories.make_api(strangers.world.tenant, "urn:shared", permissions=[])
    assert error(people.authorize(people.browser(), audience="urn:shared")) == "access_denied"
    assert (
        answer(people.authorize(people.browser(), audience="urn:shared"))["error_description"]
        == "Service not found: urn:shared"
    )
    assert strangers.authorize(strangers.browser(), audience="urn:shared").headers["Location"].startswith("/u/login")


def test_T032_nobody_gets_at_the_management_api_by_signing_in(people):
    audience = f"{people.world.issuer}api/v2/"
    tokens = people.tokens(audience=audience, scope="openid read:users create:users")
    assert tokens["scope"] == "openid"


def test_an_api_may_be_named_by_resource_and_by_default(people):
    browser = people.signed_in()
    assert "code" in answer(people.authorize(browser, audience=None, resource=people.world.api.identifier))
    both = f"/authorize?resource=urn:one&resource=urn:two&client_id={people.web.client_id}&response_type=code"
    assert error(browser.get(both)) == "invalid_request"
    update_tenant(people.world.tenant, default_audience=people.world.api.identifier, by=BY)
    tokens = people.redeem(people.code(browser, audience=None)).json()
    assert answers.claims(tokens["access_token"])["aud"][0] == people.world.api.identifier


@pytest.mark.spec(
    "conformance", "oidcc-ensure-request-without-nonce-succeeds-for-code-flow", "nonce is optional with a code"
)
@pytest.mark.parametrize("response_type", ["code", "token", "code token"])
def test_where_no_id_token_comes_through_the_browser_no_nonce_is_needed(people, response_type):
    response = people.authorize(people.signed_in(), response_type=response_type, nonce=None)
    assert "error" not in answer(response)


@pytest.mark.spec("conformance", "oidcc-ensure-request-without-nonce-fails", "nonce is mandatory otherwise")
@pytest.mark.parametrize("response_type", ["id_token", "id_token token", "code id_token", "code id_token token"])
def test_where_one_does_a_nonce_and_the_scope_openid_are_mandatory(people, response_type):
    browser = people.signed_in()
    AuthorizationCode.objects.all().delete()
    for changes in ({"nonce": None}, {"nonce": ""}, {"scope": "profile"}, {"scope": None}):
        assert error(people.authorize(browser, response_type=response_type, **changes)) == "invalid_request"
    assert not AuthorizationCode.objects.exists()


@pytest.mark.spec("conformance", "oidcc-server", "the nonce comes back as it was sent")
@pytest.mark.parametrize("nonce", ["n", "n" * 64, "n" * 2_000, "größe <b> \"'\\", " a  b "])
def test_a_nonce_comes_back_as_it_was_sent(people, nonce):
    browser = people.signed_in()
    tokens = people.redeem(people.code(browser, nonce=nonce)).json()
    assert answers.claims(tokens["id_token"])["nonce"] == nonce
    direct = answer(people.authorize(browser, nonce=nonce, response_type="id_token"))
    assert answers.claims(direct["id_token"])["nonce"] == nonce


@pytest.mark.spec("conformance", "oidcc-response-type-missing", "no response_type")
def test_without_a_response_type_the_application_is_told_so(people):
    for response_type in (None, ""):
        response = people.authorize(people.signed_in(), response_type=response_type)
        assert error(response) == "invalid_request"
        assert answer(response)["error_description"] == "Missing required parameter: response_type"


@pytest.mark.parametrize(
    "response_type", ["none", "Code", "code code", "code ", " code", "code,token", "code  token", "id_token code x"]
)
def test_T031_a_response_type_that_does_not_exist_is_unsupported(people, response_type):
    response = people.authorize(people.signed_in(), response_type=response_type)
    location = response.headers["Location"]
    assert location.startswith(CALLBACK)
    assert error(response) == "unsupported_response_type"


NEEDS = {
    "code": {"authorization_code"},
    "token": {"implicit"},
    "id_token": {"implicit"},
    "id_token token": {"implicit"},
    "code token": {"authorization_code", "implicit"},
    "code id_token": {"authorization_code", "implicit"},
    "code id_token token": {"authorization_code", "implicit"},
}


@pytest.mark.parametrize(
    "granted", [["authorization_code"], ["implicit"], ["authorization_code", "implicit"], ["client_credentials"]]
)
def test_T031_an_application_gets_only_what_its_grant_types_allow(people, granted):
    browser = people.signed_in()
    update_application(people.web, by=BY, grant_types=granted)
    for response_type, needed in NEEDS.items():
        response = people.authorize(browser, response_type=response_type)
        if needed <= set(granted):
            assert "error" not in answer(response)
        else:
            assert answer(response)["error"] == "unauthorized_client"
            assert "not allowed for the client" in answer(response)["error_description"]


def test_T031_refresh_tokens_need_the_grant_the_scope_and_the_api(people):
    assert "refresh_token" in people.tokens()
    assert "refresh_token" not in people.tokens(scope="openid")
    assert "refresh_token" not in people.tokens(audience=None)
    update_application(people.web, by=BY, grant_types=["authorization_code"])
    assert "refresh_token" not in people.tokens()


REQUEST_OBJECTS = {
    "request": ("request_not_supported", "eyJhbGciOiJub25lIn0.eyJyZWRpcmVjdF91cmkiOiJodHRwczovL2V2aWwuZXhhbXBsZS8ifQ."),
    "request_uri": ("request_uri_not_supported", "https://evil.example/request.jwt"),
    "registration": ("registration_not_supported", '{"logo_uri": "https://evil.example/"}'),
}


@pytest.mark.parametrize("name", REQUEST_OBJECTS)
@pytest.mark.spec(
    "conformance", "oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported", "never ignored"
)
@pytest.mark.spec(
    "conformance", "oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported", "never ignored"
)
def test_T034_request_objects_are_refused_clearly_and_never_ignored(people, name):
    code, value = REQUEST_OBJECTS[name]
    for browser in (people.browser(), people.signed_in()):
        for changes in ({}, {"prompt": "none"}, {"response_type": None}):
            response = people.authorize(browser, **{name: value}, **changes)
            assert error(response) == code
            assert answer(response)["state"] == "state-1"


@pytest.mark.parametrize("name", ["request", "request_uri"])
def test_T034_where_the_address_would_stand_in_the_object_the_refusal_is_a_page(people, name):
    code, value = REQUEST_OBJECTS[name]
    response = people.browser().get("/authorize", {"client_id": people.web.client_id, name: value})
    assert (response.status_code, "Location" in response.headers) == (400, False)
    assert code in response.content.decode()


def test_T034_metadata_says_so_and_there_is_no_endpoint_to_push_to(people):
    metadata = people.world.http().get("/.well-known/openid-configuration").json()
    assert metadata["request_parameter_supported"] is False
    assert metadata["request_uri_parameter_supported"] is False
    assert not {"pushed_authorization_request_endpoint", "require_pushed_authorization_requests"} & set(metadata)
    assert people.world.http().post("/oauth/par").status_code == 404


@pytest.mark.parametrize("prompt", ["none", None, "login"])
def test_T035_T037_no_pushed_request_is_redeemed_by_any_prompt(people, prompt):
    uri = "urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c"
    response = people.authorize(people.signed_in(), request_uri=uri, prompt=prompt)
    assert error(response) == "request_uri_not_supported"


def test_T036_what_is_single_use_in_one_place_is_nothing_in_another(people):
    browser = people.browser()
    waiting = people.authorize(browser).headers["Location"].partition("state=")[2]
    code = people.code()
    for state in (code, browser.cookies["__Host-latchkey_browser"].value):
        assert browser.get("/authorize/resume", {"state": state}).status_code == 400
    assert "access_token" not in people.redeem(waiting).json()
    assert "access_token" not in people.refresh(code).json()
    assert people.redeem(code).status_code == 200


@pytest.mark.spec("conformance", "oidcc-login-hint", "login_hint")
@pytest.mark.parametrize("hint", ["ada@example.com", '"><script>alert(1)</script>', "größe@example.com"])
def test_a_login_hint_stands_in_the_form_already(people, hint):
    browser = people.browser()
    page = browser.get(people.authorize(browser, login_hint=hint).headers["Location"])
    assert answers.parsed(page).fields["username"] == hint
    assert b"<script>" not in page.content


def test_screen_hint_signup_opens_the_sign_up_page_with_the_hint(people):
    browser = people.browser()
    response = people.authorize(browser, screen_hint="signup", login_hint="new@example.com")
    assert response.headers["Location"].startswith("/u/signup?state=")
    assert answers.parsed(browser.get(response.headers["Location"])).fields["email"] == "new@example.com"
    assert people.authorize(browser, screen_hint="login").headers["Location"].startswith("/u/login")
    assert is_to_application(people.authorize(people.signed_in(), screen_hint="signup")), "who is signed in has an account"


def test_a_connection_that_is_switched_on_is_the_one_to_sign_in_to(people):
    staff = create_connection(people.world.tenant, "Staff", by=BY)
    set_connections(people.web, [people.connection, staff], by=BY)
    browser = people.browser()
    both = browser.get(people.authorize(browser).headers["Location"]).content.decode()
    assert "Staff" in both
    assert "Users" in both
    one = browser.get(people.authorize(browser, connection="Users").headers["Location"]).content.decode()
    assert "Staff" not in one
    signed_in = people.browser()
    people.through(signed_in, connection="Users")
    assert is_to_application(people.authorize(signed_in, connection="Users"))
    other = people.authorize(signed_in, connection="Staff")
    assert other.headers["Location"].startswith("/u/login"), "single sign-on reaches no further than the directory asked for"
    assert error(people.authorize(signed_in, connection="Staff", prompt="none")) == "login_required"


def test_a_connection_that_is_off_unknown_or_another_tenants_is_refused(people, strangers):
    create_connection(people.world.tenant, "Switched-off", by=BY)
    create_connection(strangers.world.tenant, "Theirs", by=BY)
    for name in ("Switched-off", "Theirs", "unknown", "users", "x" * 500):
        for browser in (people.browser(), people.signed_in()):
            response = people.authorize(browser, connection=name)
            assert error(response) == "unauthorized_client"
    assert "Switch the connection" in people.world.events("f")[0].details["remedy"]


@pytest.mark.parametrize("name", ["organization", "invitation", "organization_name"])
def test_organizations_are_refused_and_named(people, name):
    response = people.authorize(people.signed_in(), **{name: "org_1"})
    assert error(response) == "invalid_request"
    assert answer(response)["error_description"] == f"Organizations are not supported: {name}"


def test_an_application_of_nobody_s_directory_signs_nobody_in(people):
    browser = people.signed_in()
    set_connections(people.web, [], by=BY)
    response = people.authorize(browser)
    assert response.headers["Location"].startswith("/u/login"), "a session of a directory that is off does not count"
    assert error(people.authorize(browser, prompt="none")) == "login_required"


def test_T142_too_much_is_refused_and_breaks_nothing(people):
    browser = people.browser()
    many = browser.get("/authorize?" + "&".join(f"p{number}=x" for number in range(101)))
    large = browser.post("/authorize", "state=" + "x" * 70_000, content_type=FORM)
    assert (many.status_code, large.status_code) == (400, 413)
    scopes = " ".join(f"s{number}" for number in range(5_000))
    response = people.post(people.signed_in(), "/authorize", people.asked(scope=f"openid {scopes}"))
    assert "code" in answer(response)
