"""password and password-realm: an application of your own brings a person's password, and nobody else's application does."""

import pytest

from apis.services import apis, applications, connections
from authserver import directory, refresh_tokens
from authserver.models import Consent, RefreshToken, Session, TokenFamily
from tenants.models import User
from tenants.services import create_connection, create_user, update_tenant, update_user
from tests.factories import BY
from tests.people import PASSWORD
from tests.standing import claims, is_alive, userinfo
from tests.verification import verified

REALM = "http://auth0.com/oauth/grant-type/password-realm"


def ask(people, **changes):
    """A good password request of the web application, changed; None leaves a parameter out."""
    good = {
        "grant_type": "password",
        "username": people.user.email,
        "password": PASSWORD,
        "audience": people.world.api.identifier,
    }
    return people.token(**(good | changes))


def ask_from(people, forwarded_for, **changes):
    """The same as the web application's server sends it for a person at another address."""
    good = {"grant_type": "password", "username": people.user.email, "password": PASSWORD}
    sent = {"client_id": people.web.client_id, "client_secret": people.secret} | good | changes
    body = {name: value for name, value in sent.items() if value is not None}
    client = people.world.http(**{"auth0-forwarded-for": forwarded_for})
    return client.post("/oauth/token", body, content_type="application/json")


def refused(response, error, status=403):
    assert (response.status_code, response.json()["error"]) == (status, error), response.content
    assert not TokenFamily.objects.exists()
    return True


@pytest.fixture
def own(people):
    """People whose tenant has a default directory and whose applications may use both grants."""
    update_tenant(people.world.tenant, default_directory=people.connection.name, by=BY)
    for application in (people.web, people.spa):
        applications.update_application(application, grant_types=[*application.grant_types, REALM], by=BY)
    return people


@pytest.mark.spec("RFC 6749", "4.3.2", "password grant")
def test_a_right_password_of_the_default_directory_gives_tokens(own):
    response = ask(own, scope="openid profile offline_access read:orders")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    body = response.json()
    stated = verified(own.world, body["access_token"])
    assert stated["sub"] == own.user.user_id
    assert stated["gty"] == "password"
    assert "read:orders" in stated["scope"]
    assert claims(body["id_token"])["amr"] == ["pwd"]
    assert is_alive(own, body)
    assert (Consent.objects.count(), Session.objects.count()) == (0, 0), "nothing is asked, and no browser is signed in"


def test_the_login_is_counted_and_recorded(own):
    ask(own)
    own.user.refresh_from_db()
    assert own.user.logins_count == 1
    event = own.world.events("sepft")[0]
    assert (event.user_id, event.client_id) == (own.user.user_id, own.web.client_id)


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"username": "nobody@example.com"}])
def test_T123_a_wrong_password_and_an_unknown_person_are_refused_alike(own, wrong):
    response = ask(own, **wrong)
    assert refused(response, "invalid_grant")
    assert response.json()["error_description"] == "Wrong email or password."
    assert own.world.events("fepft")[0].user_name == wrong.get("username", own.user.email)
    own.user.refresh_from_db()
    assert own.user.logins_count == 0


@pytest.mark.parametrize("left_out", ["username", "password"])
def test_what_is_missing_is_named(own, left_out):
    response = ask(own, **{left_out: None})
    assert refused(response, "invalid_request", 400)
    assert response.json()["error_description"] == f"Missing required parameter: {left_out}"


def test_a_blocked_person_is_refused_after_the_right_password_only(own):
    update_user(own.user, blocked=True, by=BY)
    assert refused(ask(own), "unauthorized")
    assert refused(ask(own, password="wrong"), "invalid_grant")


# --- Which directory -----------------------------------------------------------------------------------------------------
def test_without_a_default_directory_the_password_grant_has_none_to_ask(people):
    response = ask(people)
    assert refused(response, "server_error", 400)
    assert "default connection" in response.json()["error_description"]


def test_a_realm_names_the_directory_and_is_its_own_gty(own):
    update_tenant(own.world.tenant, default_directory="", by=BY)
    body = ask(own, grant_type=REALM, realm=own.connection.name).json()
    assert claims(body["access_token"])["gty"] == REALM
    assert refused_realm(ask(own, grant_type=REALM), 400)
    assert refused_realm(ask(own, grant_type=REALM, realm="nowhere"), 403)


def refused_realm(response, status):
    assert (response.status_code, response.json()["error"]) == (status, "invalid_request")
    return True


def test_the_same_address_in_two_directories_is_two_people(own):
    other = create_connection(own.world.tenant, "Partners", by=BY)
    twin = create_user(other, email=own.user.email, password=PASSWORD[::-1], by=BY)
    connections.set_connections(own.web, [own.connection, other], by=BY)
    asked = {"grant_type": REALM, "realm": "Partners"}
    assert ask(own, **asked).status_code == 403
    assert claims(ask(own, **asked, password=PASSWORD[::-1]).json()["access_token"])["sub"] == twin.user_id


@pytest.mark.parametrize("grant_type", ["password", REALM])
def test_a_directory_that_is_not_switched_on_for_the_application_is_refused(own, grant_type):
    connections.set_connections(own.web, [], by=BY)
    assert refused(ask(own, grant_type=grant_type, realm=own.connection.name), "unauthorized_client")


def test_another_tenants_directory_is_unknown_here(own, strangers):
    other = create_connection(strangers.world.tenant, "Elsewhere", by=BY)
    create_user(other, email=own.user.email, password=PASSWORD, by=BY)
    assert refused_realm(ask(own, grant_type=REALM, realm="Elsewhere"), 403)


# --- Which application ---------------------------------------------------------------------------------------------------
def test_a_third_party_application_is_refused_whatever_the_password(own):
    applications.update_application(own.web, is_first_party=False, by=BY)
    assert refused(ask(own), "unauthorized_client")
    assert refused(ask(own, password="wrong"), "unauthorized_client")
    applications.update_application(own.web, is_first_party=True, by=BY)
    assert ask(own).status_code == 200


def test_an_application_without_the_grant_type_is_refused(own):
    applications.update_application(own.web, grant_types=["authorization_code"], by=BY)
    assert refused(ask(own), "unauthorized_client")


def test_a_confidential_application_must_prove_itself_first(own):
    assert refused(ask(own, client_secret="wrong"), "access_denied", 401)
    assert refused(ask(own, client_secret=None), "access_denied", 401)


def test_a_public_application_that_was_given_the_grant_may_use_it(own):
    assert ask(own, client_id=own.spa.client_id, client_secret=None).status_code == 200


# --- Which scopes --------------------------------------------------------------------------------------------------------
def test_without_a_scope_all_of_the_apis_scopes_are_meant(own):
    body = ask(own).json()
    assert body["scope"] == "read:orders create:orders"
    assert "id_token" not in body
    assert "refresh_token" not in body


def test_with_a_scope_just_that_is_meant_and_what_does_not_exist_is_dropped(own):
    body = ask(own, scope="openid create:orders fly:orders").json()
    assert body["scope"] == "openid create:orders"
    assert "id_token" in body


def test_offline_access_needs_the_apis_leave(own):
    assert RefreshToken.objects.count() == 0
    assert "refresh_token" in ask(own, scope="offline_access").json()
    apis.update_api(own.world.api, allow_offline_access=False, by=BY)
    assert "refresh_token" not in ask(own, scope="openid offline_access").json()


def test_without_an_audience_the_token_opens_the_profile_only(own):
    body = ask(own, audience=None, scope="openid email read:orders").json()
    assert body["scope"] == "openid email"
    assert userinfo(own.world, body["access_token"]).json()["email"] == own.user.email


def test_an_unknown_audience_is_refused_before_the_password_is_looked_at(own):
    assert refused(ask(own, audience="urn:unknown", password="wrong"), "access_denied")


# --- Attempts ------------------------------------------------------------------------------------------------------------
def test_T124_too_many_wrong_passwords_are_answered_with_429_even_if_the_next_is_right(own):
    for _ in range(directory.PER_USER_AND_IP.tries):
        assert ask(own, password="wrong").status_code == 403
    response = ask(own)
    assert refused(response, "too_many_attempts", 429)
    assert 0 < int(response.headers["Retry-After"]) <= directory.PER_USER_AND_IP.seconds
    event = own.world.events("limit_wc")[0]
    assert event.user_name == own.user.email
    assert len(own.world.events("fepft")) == directory.PER_USER_AND_IP.tries


def locked_out(people, forwarded_for, **changes):
    """Whether wrong passwords sent for one address lock out that address alone."""
    for _ in range(directory.PER_USER_AND_IP.tries):
        ask_from(people, forwarded_for, password="wrong", **changes)
    return {
        "there": ask_from(people, forwarded_for, **changes).status_code == 429,
        "elsewhere": ask_from(people, "198.51.100.7", **changes).status_code == 429,
    }


def test_T099_a_trusted_application_says_whose_attempts_they_are(own):
    applications.update_application(own.web, is_token_endpoint_ip_header_trusted=True, by=BY)
    assert locked_out(own, "203.0.113.9") == {"there": True, "elsewhere": False}


def test_T099_an_application_that_is_not_trusted_cannot_dodge_the_limit_by_a_header(own):
    assert locked_out(own, "203.0.113.9") == {"there": True, "elsewhere": True}


def test_T099_a_trusted_application_that_proved_nothing_cannot_either(own):
    applications.update_application(own.spa, is_token_endpoint_ip_header_trusted=True, by=BY)
    public = {"client_id": own.spa.client_id, "client_secret": None}
    assert locked_out(own, "203.0.113.9", **public) == {"there": True, "elsewhere": True}


def test_L05_what_dies_before_the_tokens_are_stored_leaves_no_family(own, monkeypatch):
    class Killed(BaseException):
        pass

    def die(*_):
        raise Killed

    monkeypatch.setattr(refresh_tokens, "first", die)
    with pytest.raises(Killed):
        ask(own, scope="offline_access")
    assert not TokenFamily.objects.exists()
    assert User.objects.get(pk=own.user.pk).logins_count == 0
