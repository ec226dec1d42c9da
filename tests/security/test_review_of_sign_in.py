"""What a hostile review of the sign-in found, each attack with its outcome now."""

import json

import pytest
from django.core.exceptions import ValidationError

from apis.models import AppType
from apis.services import connections as connection_services
from apis.services import roles
from apis.services.apis import Scope, set_permissions, update_api
from authserver.models import AuthorizationRequest, Consent, Session
from authserver.params.authorize import MAX_STORED
from tenants.models import Connection, User
from tenants.services import create_user, set_password, update_connection, update_tenant
from tests import factories
from tests.factories import BY
from tests.people import CALLBACK, PASSWORD, answer, hidden
from tests.verification import verified

KELVIN = "\u212a"


@pytest.fixture
def third(people):
    """A third-party application that Ada's directory lets in, and its secret."""
    update_connection(people.connection, is_domain_connection=True, by=BY)
    grants = ["authorization_code", "refresh_token"]
    application, secret = factories.make_application(
        people.world.tenant,
        "Elsewhere",
        app_type=AppType.REGULAR_WEB,
        grant_types=grants,
        redirect_uris=CALLBACK,
        is_first_party=False,
    )
    connection_services.set_connections(application, [people.connection], by=BY)
    return application, secret


def sign_up_page(people, browser):
    return browser.get(people.authorize(browser, screen_hint="signup").headers["Location"])


def changing_the_password(monkeypatch):
    """Has the password changed by somebody else just after the next login has proven the old one."""
    real = User.check_password

    def racing(self, password):
        right = real(self, password)
        monkeypatch.setattr(User, "check_password", real)
        set_password(User.objects.get(pk=self.pk), "an entirely other passphrase", by=BY)
        return right

    monkeypatch.setattr(User, "check_password", racing)


def test_T046_claims_that_are_asked_for_by_name_are_allowed_like_those_of_a_scope(people, third):
    application, secret = third
    claims = json.dumps({"userinfo": {"email": None, "phone_number": None}, "id_token": {"birthdate": None}})
    browser = people.browser()
    asked = people.asked(client_id=application.client_id, scope="openid", audience=None, claims=claims)
    response = people.log_in(browser, people.authorize(browser, asked))
    page = browser.get(response.headers["Location"]).content.decode()
    for sentence in ("See your e-mail address", "See your phone number", "See your name, picture"):
        assert sentence in page
    response = people.decide(browser, response)
    assert set(Consent.objects.get().scopes) == {"email", "phone", "profile"}
    token = people.redeem(answer(response)["code"], client_id=application.client_id, client_secret=secret).json()
    told = people.world.http(authorization=f"Bearer {token['access_token']}").get("/userinfo").json()
    assert told["email"] == people.user.email


def test_T046_who_allowed_openid_only_is_asked_again_when_claims_are_named(people, third):
    application, _ = third
    browser = people.browser()
    plain = people.asked(client_id=application.client_id, scope="openid", audience=None)
    response = people.log_in(browser, people.authorize(browser, plain))
    page = browser.get(response.headers["Location"]).content.decode()
    assert "wants to know that it is you" in page
    assert "nothing new" not in page
    people.decide(browser, response)
    named = plain | {"claims": json.dumps({"userinfo": {"email": None}}), "prompt": "none"}
    assert answer(people.authorize(browser, plain | {"prompt": "none"}))["code"]
    assert answer(people.authorize(browser, named))["error"] == "consent_required"


def test_T094_a_login_in_flight_does_not_survive_a_change_of_the_password(people, monkeypatch):
    browser = people.browser()
    waiting = people.authorize(browser)
    changing_the_password(monkeypatch)
    response = people.log_in(browser, waiting)
    assert response.status_code == 400
    assert not Session.objects.exists()


def test_T094_nor_does_a_password_grant_in_flight(people, monkeypatch):
    update_tenant(people.world.tenant, default_directory="Users", by=BY)
    changing_the_password(monkeypatch)
    response = people.token(grant_type="password", username=people.user.email, password=PASSWORD, scope="openid")
    assert (response.status_code, response.json()["error"]) == (403, "invalid_grant")
    assert not people.world.tenant.token_families.exists()


def test_T124_nobody_signs_up_under_a_name_that_counts_as_somebody_elses(people):
    create_user(people.connection, email="mark@example.com", password=PASSWORD, by=BY)
    browser = people.browser()
    fields = {"email": f"mar{KELVIN}@example.com", "password": PASSWORD, "action": "signup"}
    response = people.post(browser, "/u/signup", hidden(sign_up_page(people, browser)) | fields)
    assert response.status_code == 400
    assert User.objects.filter(email__startswith="mar").count() == 1


def test_T123_a_sign_up_that_is_wrong_in_another_field_does_not_tell_who_is_known(people):
    browser = people.browser()
    page = sign_up_page(people, browser)
    told = set()
    for email in ("ada@example.com", "nobody@example.com"):
        fields = {"email": email, "name": "n" * 301, "password": PASSWORD, "action": "signup"}
        response = people.post(browser, "/u/signup", hidden(page) | fields)
        told.add((response.status_code, "could not be made" in response.content.decode()))
    assert told == {(400, False)}


def test_a_sign_up_in_a_directory_that_has_just_gone_is_refused(people):
    browser = people.browser()
    page = sign_up_page(people, browser)
    Connection.objects.filter(pk=people.connection.pk).delete()
    fields = {"email": "x@example.com", "password": PASSWORD, "action": "signup"}
    assert people.post(browser, "/u/signup", hidden(page) | fields).status_code == 400


def test_T141_a_password_in_the_field_of_the_name_reaches_no_event(people):
    update_tenant(people.world.tenant, default_directory="Users", by=BY)
    people.token(grant_type="password", username="my-password-a-field-too-early", password="x")
    people.token(grant_type="password", username="ada@example.com", password="x")
    assert [event.user_name for event in people.world.events("fepft")] == ["ada@example.com", ""]


def test_an_audience_that_spells_an_internal_name_is_an_unknown_one(people):
    browser = people.signed_in()
    people.tokens()
    response = people.authorize(browser, audience=f"id {people.world.api.pk}")
    assert answer(response)["error"] == "access_denied"


@pytest.mark.parametrize("scope", ["openid", "profile", "email", "address", "phone", "offline_access"])
def test_an_api_cannot_define_a_scope_of_openid_connect(people, scope):
    with pytest.raises(ValidationError, match="OpenID Connect"):
        set_permissions(people.world.api, [Scope(scope, "Nothing at all")], by=BY)


def test_T142_what_waits_for_a_person_is_stored_in_bounds(people):
    browser = people.browser()
    for name in ("state", "nonce", "login_hint", "acr_values", "ui_locales"):
        response = people.post(browser, "/authorize", people.asked(**{name: "s" * (MAX_STORED + 1)}))
        assert answer(response)["error"] == "invalid_request"
        assert name in answer(response)["error_description"]
    people.post(browser, "/authorize", people.asked(scope="openid " + "unknown " * 5_000))
    assert AuthorizationRequest.objects.get().params["scope"] == "openid"


def test_T032_the_permissions_claim_of_a_third_party_application_holds_what_the_person_allowed(people, third):
    application, secret = third
    roles.grant_permissions(people.user, people.world.api.permissions.all(), by=BY)
    update_api(people.world.api, enforce_policies=True, token_dialect="access_token_authz", by=BY)
    asked = people.asked(client_id=application.client_id, scope="openid read:orders")
    code = answer(people.through(people.browser(), asked))["code"]
    tokens = people.redeem(code, client_id=application.client_id, client_secret=secret).json()
    assert verified(people.world, tokens["access_token"])["permissions"] == ["read:orders"]
    own = people.tokens(scope="openid read:orders")
    assert verified(people.world, own["access_token"])["permissions"] == ["read:orders", "create:orders"]
