"""Send on the Test tab of an API: the answer is the token endpoint's own, decoded and verified, and the log names who."""

import json

import jwt
from django.contrib.sessions.models import Session as BrowserSession

from apis.models import API, SigningAlg, TokenDialect
from apis.services import apis
from authserver.admin import token_reading
from tenants.models import LogEvent
from tests import factories
from tests.console.asking import event, send, tab, text, token_in
from tests.console.browser import Console
from tests.console.conftest import address
from tests.factories import BY
from tests.verification import verified


def test_an_admin_gets_the_token_that_the_application_would_get(acme, ada):
    page = send(ada, acme.api, acme.application)
    sent = json.loads(page.context["answer"].body)
    own = acme.ask().json()
    assert {name: sent[name] for name in ("scope", "token_type")} == {name: own[name] for name in ("scope", "token_type")}
    claims, theirs = verified(acme, token_in(page)), verified(acme, own["access_token"])
    differing = {"iat", "exp", "jti"}
    assert {k: v for k, v in claims.items() if k not in differing} == {k: v for k, v in theirs.items() if k not in differing}
    assert "200 OK" in text(page)


def test_the_token_lives_for_five_minutes_and_where_its_api_wants_less_for_less(acme, ada):
    page = send(ada, acme.api, acme.application)
    claims = verified(acme, token_in(page))
    assert claims["exp"] - claims["iat"] == json.loads(page.context["answer"].body)["expires_in"] == 300
    assert "for five minutes" in text(page)
    apis.update_api(acme.api, token_lifetime=60, token_lifetime_for_web=60, by=BY)
    claims = verified(acme, token_in(send(ada, acme.api, acme.application)))
    assert claims["exp"] - claims["iat"] == 60


def test_the_tokens_of_the_application_itself_live_on_as_long_as_ever(acme, ada):
    send(ada, acme.api, acme.application)
    assert acme.ask().json()["expires_in"] == acme.api.token_lifetime


def test_every_member_of_the_token_is_explained_in_a_sentence(acme, ada):
    for dialect in TokenDialect.values:
        apis.update_api(acme.api, token_dialect=dialect, by=BY)
        page = send(ada, acme.api, acme.application)
        reading = page.context["answer"].reading
        token = token_in(page)
        assert {said.name: json.loads(said.value) for said in reading.header} == jwt.get_unverified_header(token)
        assert {said.name: json.loads(said.value) for said in reading.claims} == verified(acme, token)
        assert all(said.sentence for said in (*reading.header, *reading.claims)), dialect
    assert "form of RFC 9068" in text(page)


def test_the_page_says_by_which_published_key_the_token_verifies(acme, ada):
    page = send(ada, acme.api, acme.application)
    kid = jwt.get_unverified_header(token_in(page))["kid"]
    assert f"Verified with the published keys (kid {kid})" in text(page)


def test_a_token_that_does_not_verify_is_said_to_be_refused(acme, ada, monkeypatch):
    monkeypatch.setattr(token_reading, "keyring", lambda _: type("None", (), {"public_keys": {}}))
    page = send(ada, acme.api, acme.application)
    assert "Not verified" in text(page)
    assert "An API would refuse it" in text(page)


def test_a_token_of_an_api_with_a_secret_verifies_with_that_secret(acme, ada):
    api = factories.make_api(acme.tenant, "urn:hs", signing_alg=SigningAlg.HS256)
    factories.grant(acme.application, api)
    page = send(ada, api, acme.application)
    assert "Verified with the secret that the API shares" in text(page)
    secret = apis.reveal_signing_secret(api)
    assert jwt.decode(token_in(page), secret, algorithms=["HS256"], audience="urn:hs", issuer=acme.issuer)
    assert secret not in page.content.decode()


def test_an_admin_gets_a_token_for_the_management_api_which_opens_it(acme, ada):
    system = API.objects.get(tenant=acme.tenant, is_system=True)
    factories.grant(acme.application, system, ("read:clients",))
    page = send(ada, system, acme.application)
    token = token_in(page)
    assert f"{acme.issuer}api/v2/clients" in page.context["answer"].call
    answer = acme.http(authorization=f"Bearer {token}").get("/api/v2/clients")
    assert answer.status_code == 200


def test_the_log_says_that_it_was_a_console_test_and_whose(acme, ada):
    page = send(ada, acme.api, acme.application)
    told = event(acme, "seccft")
    assert told.description == "Console test by ada: Successful exchange of client credentials for an access token"
    assert told.details["console_test"] == "ada"
    assert (told.client_id, told.audience, told.scope) == (
        acme.application.client_id,
        acme.api.identifier,
        "read:orders create:orders",
    )
    assert told.ip == "127.0.0.1"
    assert told.request_id == told.details["request_id"] == page.headers["X-Auth0-RequestId"]
    assert told.request_id in page.context["answer"].log.url


def test_a_request_of_the_application_itself_is_not_called_a_test(acme):
    acme.ask()
    acme.ask(scope="drop:tables")
    for kind in ("seccft", "feccft"):
        assert "console_test" not in event(acme, kind).details
        assert "Console test" not in event(acme, kind).description


def test_no_secret_of_the_application_counts_as_used(acme, ada):
    send(ada, acme.api, acme.application)
    assert acme.events("seccft")
    assert acme.application.secrets.get().last_used_at is None


def test_T141_the_token_stands_in_that_one_answer_and_nowhere_else(acme, ada):
    page = send(ada, acme.api, acme.application)
    token = token_in(page)
    assert "no-store" in page.headers["Cache-Control"]
    assert not ada.get(tab(acme.api)).context.get("answer")
    kept = [str(session.get_decoded()) for session in BrowserSession.objects.all()]
    assert acme.events("seccft")
    kept += [str(values) for values in LogEvent.objects.values()]
    kept += [ada.get(url).content.decode() for url in (tab(acme.api), address(LogEvent, "changelist"))]
    kept += [repr(page.context["answer"]), str(page.headers)]
    assert not [text for text in kept if token.rpartition(".")[2] in text]


def test_the_token_of_a_post_without_the_form_s_token_is_not_issued(acme, ada):
    strict = Console(None, enforce_csrf_checks=True)
    strict.cookies = ada.cookies
    assert send(strict, acme.api, acme.application).status_code == 403
    assert not acme.events("seccft", "feccft")


def test_looking_at_the_tab_sends_nothing(acme, ada):
    ada.get(tab(acme.api, application=acme.application.client_id, _send="1"))
    assert not acme.events("seccft", "feccft")
