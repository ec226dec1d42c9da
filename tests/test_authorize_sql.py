"""What /authorize costs in SQL for somebody who is signed in and has allowed it before: the way that most requests take.

BEGIN and COMMIT count, and so does the event, which PostgreSQL takes by COPY.
"""

import itertools

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apis.services import apis
from authserver.models import Session
from tenants import config_cache
from tests.factories import BY
from tests.people import answer

pytestmark = pytest.mark.django_db(transaction=True)

BUDGET = 8
EVENT = ('INSERT INTO "tenants_logevent"', "COPY tenants_logevent")


nonces = (f"nonce-{number}" for number in itertools.count())


def statements(people, browser, *, error="", **changes):
    # Two ID tokens of one second and one nonce would be the same to the byte, and the canary takes that for a leak.
    with CaptureQueriesContext(connection) as queries:
        response = people.authorize(browser, nonce=next(nonces), **changes)
    assert answer(response).get("error", "") == error
    return [query["sql"] for query in queries]


def warm(people, browser, **changes):
    """What the second request of its kind costs."""
    statements(people, browser, **changes)
    return statements(people, browser, **changes)


def test_a_request_with_a_session_and_a_stored_consent_stays_within_its_budget(people):
    found = warm(people, people.signed_in())
    assert len(found) <= BUDGET, found
    assert [len([sql for sql in found if sql.startswith(word)]) for word in ("BEGIN", "COMMIT")] == [1, 1]
    stored = [sql.split('"')[1] for sql in found if sql.startswith("INSERT")]
    assert stored[:2] == ["authserver_tokenfamily", "authserver_authorizationcode"]


@pytest.mark.parametrize("response_type", ["token", "id_token", "id_token token", "code id_token token"])
@pytest.mark.parametrize("changes", [{}, {"prompt": "none"}, {"response_mode": "web_message", "prompt": "none"}], ids=str)
def test_every_response_type_and_every_way_to_answer_stays_within_it(people, response_type, changes):
    browser = people.signed_in()
    if "response_mode" in changes:
        people.authorize(browser, response_type=response_type, nonce=next(nonces), **changes)
        with CaptureQueriesContext(connection) as queries:
            response = people.authorize(browser, response_type=response_type, nonce=next(nonces), **changes)
        assert b"authorization_response" in response.content
        assert len(queries) <= BUDGET, queries.captured_queries
    else:
        found = warm(people, browser, response_type=response_type, **changes)
        assert len(found) <= BUDGET, found


def test_an_opaque_token_is_stored_within_it(people):
    browser = people.signed_in()
    people.through(browser, audience=None)
    found = warm(people, browser, audience=None, response_type="code token")
    assert len(found) <= BUDGET, found


def test_the_look_at_the_settings_once_a_second_is_within_it(people, monkeypatch):
    browser = people.signed_in()
    plain = len(warm(people, browser))
    monkeypatch.setattr(config_cache, "MAX_AGE", 0)
    assert len(warm(people, browser)) == plain + 1 <= BUDGET


def test_noting_the_visit_once_a_minute_costs_one_more(people):
    browser = people.signed_in()
    plain = len(warm(people, browser))
    Session.objects.update(last_seen_at="2026-01-01T00:00:00Z")
    assert len(statements(people, browser)) == plain + 1 <= BUDGET


def test_enforcing_rbac_costs_one_more(people):
    browser = people.signed_in()
    plain = len(warm(people, browser, scope="openid"))
    apis.update_api(people.world.api, enforce_policies=True, by=BY)
    assert len(warm(people, browser, scope="openid")) == plain + 1 <= BUDGET


def test_a_process_that_knows_nothing_yet_reads_each_setting_once(people):
    browser = people.signed_in()
    plain = len(warm(people, browser))
    config_cache.clear()
    found = statements(people, browser)
    read = [sql for sql in found if sql.startswith("SELECT")]
    assert len(found) <= plain + 7, found
    assert len(set(read)) == len(read), "nothing is read twice"


def test_a_silent_refusal_of_a_stranger_stores_nothing_but_its_event(people):
    found = [
        sql
        for _ in range(2)
        for sql in statements(people, people.browser(), error="login_required", prompt="none")
        if not sql.startswith(("SELECT", "BEGIN", "COMMIT"))
    ]
    assert [sql.startswith(EVENT) for sql in found] == [True, True]


def test_a_link_that_leads_nowhere_stores_nothing_but_its_event(people):
    with CaptureQueriesContext(connection) as queries:
        assert people.authorize(people.browser(), redirect_uri="https://evil.example/").status_code == 400
    written = [query["sql"] for query in queries if not query["sql"].startswith(("SELECT", "BEGIN", "COMMIT"))]
    assert [sql.startswith(EVENT) for sql in written] == [True]
