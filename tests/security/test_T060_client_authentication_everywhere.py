"""T-060 to T-064 at every endpoint that asks a client who it is: each in the same way, with nothing done on a refusal."""

import base64
import re
from urllib.parse import quote_plus, urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apis.models import ClientSecret
from apis.models.client_secret import digest
from apis.services import applications
from tenants.models import Tenant
from tenants.services import update_tenant
from tests import factories
from tests.factories import BY
from tests.people import FORM
from tests.standing import is_alive

PATHS = ["/oauth/token", "/oauth/revoke", "/oauth/introspect"]


class Asking:
    """Requests to `path` with a token of the web application, which only its own secret may succeed with."""

    def __init__(self, people, path):
        self.people, self.path, self.tokens = people, path, people.tokens()
        self.about = {"grant_type": "refresh_token", "refresh_token": self.tokens["refresh_token"]}
        if path != "/oauth/token":
            self.about = {"token": self.tokens["refresh_token"]}

    def ask(self, header="", **parameters):
        """`parameters` are those of client authentication."""
        http = self.people.world.http(**({"authorization": header} if header else {}))
        return http.post(self.path, urlencode(self.about | parameters), content_type=FORM)

    def basic(self, client_id="", secret=""):
        pair = f"{quote_plus(client_id or self.people.web.client_id)}:{quote_plus(secret or self.people.secret)}"
        return "Basic " + base64.b64encode(pair.encode()).decode()

    def refused(self, response, status, error):
        assert (response.status_code, response.json()["error"]) == (status, error)
        assert set(response.json()) == {"error", "error_description"}
        assert response.headers["Cache-Control"] == "no-store"
        assert is_alive(self.people, self.tokens), "nothing was done"
        return True


@pytest.fixture(params=PATHS)
def asking(people, request):
    return Asking(people, request.param)


def test_T060_the_right_secret_is_taken_in_the_body(asking):
    web = {"client_id": asking.people.web.client_id, "client_secret": asking.people.secret}
    assert asking.ask(**web).status_code == 200


def test_T060_the_right_secret_is_taken_in_the_header(asking):
    assert asking.ask(asking.basic()).status_code == 200


@pytest.mark.parametrize("sent", [{}, {"client_secret": "wrong"}, {"client_secret": ""}])
def test_T060_a_confidential_client_that_proves_nothing_is_refused_and_recorded(asking, sent):
    web = asking.people.web.client_id
    assert asking.refused(asking.ask(client_id=web, **sent), 401, "access_denied")
    event = asking.people.world.events("frrt", "fertft")[0]
    assert web in (event.client_id, event.details.get("claimed_client_id"))
    assert event.details["remedy"]


def test_T060_with_the_oidc_profile_only_the_registered_method_is_taken(asking):
    update_tenant(asking.people.world.tenant, security_profile="oidc", by=BY)
    response = asking.ask(asking.basic())
    assert asking.refused(response, 401, "invalid_client")
    assert response.headers["WWW-Authenticate"] == 'Basic realm="acme"'


def test_T060_a_public_client_that_sends_some_secret_is_refused(asking):
    response = asking.ask(client_id=asking.people.spa.client_id, client_secret="anything")
    assert asking.refused(response, 401, "access_denied")


def test_T060_nobody_at_all_is_refused(asking):
    assert asking.refused(asking.ask(), 400, "invalid_request")


def test_T061_two_methods_at_once_are_refused(asking):
    response = asking.ask(asking.basic(), client_secret=asking.people.secret)
    assert asking.refused(response, 400, "invalid_request")


def test_T062_the_header_and_the_body_must_name_the_same_client(asking):
    other, _ = factories.make_application(asking.people.world.tenant, "Other")
    assert asking.refused(asking.ask(asking.basic(), client_id=other.client_id), 400, "invalid_request")
    assert asking.ask(asking.basic(), client_id=asking.people.web.client_id).status_code == 200


def test_T063_an_unknown_client_and_a_wrong_secret_get_the_same_answer_for_the_same_work(asking):
    heard, tables = [], []
    for sent in ({"client_id": "nobody"}, {"client_id": asking.people.web.client_id}):
        with CaptureQueriesContext(connection) as queries:
            response = asking.ask(**sent, client_secret="wrong")
        heard.append((response.status_code, response.content))
        tables.append([re.findall(r"FROM (\S+)", query["sql"]) for query in queries.captured_queries])
    assert heard[0] == heard[1]
    assert tables[0] == tables[1]


def test_T064_reserved_characters_survive_the_header(asking):
    secret = "a+b/c%d:e f&g=ü" + "x" * 40
    applications.add_secret(asking.people.web, value=secret, by=BY)
    assert asking.ask(asking.basic(secret=secret)).status_code == 200


@pytest.mark.parametrize("header", ["Basic", "Basic !!!", "Bearer abc", "Basic " + base64.b64encode(b"a%00:b").decode()])
def test_T064_a_malformed_header_is_a_bad_request(asking, header):
    assert asking.refused(asking.ask(header), 400, "invalid_request")


def test_a_secret_that_another_process_just_added_is_not_refused_on_older_knowledge(asking):
    people, value = asking.people, "s" * 48
    ClientSecret.objects.create(application=people.web, sha256=digest(value), last_four=value[-4:])
    assert asking.refused(asking.ask(client_id=people.web.client_id, client_secret=value), 401, "access_denied")
    Tenant.objects.filter(pk=people.world.tenant.pk).update(config_version=10_000)
    assert asking.ask(client_id=people.web.client_id, client_secret=value).status_code == 200


def test_another_tenants_client_is_an_unknown_client(asking, strangers):
    foreign = {"client_id": strangers.web.client_id, "client_secret": strangers.secret}
    assert asking.refused(asking.ask(**foreign), 401, "access_denied")


@pytest.mark.parametrize("path", PATHS)
def test_T142_a_body_of_another_kind_or_size_is_refused(people, path):
    http = people.world.http()
    assert http.post(path, b"<x/>", content_type="text/xml").status_code == 400
    assert http.post(path, b"token=" + b"x" * 70_000, content_type=FORM).status_code == 413
    assert http.post(path, b"token=a&token=b", content_type=FORM).status_code == 400
    assert http.post(path, b"token=a%00b&client_id=c", content_type=FORM).status_code == 400
