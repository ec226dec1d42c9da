"""The overview: what went on in the tenant, what expires, and whose numbers those are."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apis.models import API, ClientSecret
from apis.services import apis, applications
from authserver import errors
from authserver.admin.refusal_reasons import REASONS
from tenants import audit
from tenants.console import charts, periods
from tenants.models import LogCount, LogEvent, SigningKey
from tests import factories
from tests.client_keys import add_key
from tests.console.browser import Console
from tests.console.conftest import address

INDEX = "/admin/"
LIMIT = 20


def overview(console):
    """The page, and the context of each panel by the name of its template."""
    answer = console.get(INDEX)
    assert answer.status_code == 200
    names = {panel.template.rsplit("/")[-1].removesuffix(".html"): panel.context for panel in answer.context["panels"]}
    return answer.content.decode(), names


def count(world, total, *, reason="", hours=0, audience=None):
    hour = timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=hours)
    audience = world.api.identifier if audience is None else audience
    LogCount.objects.create(tenant=world.tenant, hour=hour, audience=audience, reason=reason, total=total)


def figures(console):
    """(issued, refused) of the last day and of the last week."""
    _, panels = overview(console)
    return [tuple(figure.total for figure in shown.figures) for shown in panels["tokens"]["periods"]]


def test_tokens_are_summed_over_a_day_and_over_a_week(ada, acme):
    count(acme, 5)
    count(acme, 7, hours=23)
    count(acme, 11, hours=24)
    count(acme, 2, reason="NotGranted", hours=1)
    count(acme, 1_000, hours=24 * 8)
    assert figures(ada) == [(12, 2), (23, 2)]


def test_a_token_that_was_just_asked_for_is_on_the_overview(ada, acme):
    acme.ask()
    acme.ask(client_secret="wrong")
    audit.flush()
    assert figures(ada) == [(1, 1), (1, 1)]
    page, _ = overview(ada)
    assert "Wrong or missing client credentials" in page


def test_the_chart_says_everything_in_words_and_in_a_table(ada, acme):
    count(acme, 1_234)
    page, panels = overview(ada)
    day, week = (shown.chart for shown in panels["tokens"]["periods"])
    assert (len(day.bars), len(week.bars)) == (24, 28)
    assert page.count('role="img"') == 2
    assert "1,234 issued, 0 refused" in page
    assert page.count("As a table") == 2
    assert page.count('<th scope="row">') >= 24 + 28


def test_a_tenant_without_tokens_sees_a_sentence_and_no_empty_chart(ada):
    page, panels = overview(ada)
    assert "No token was asked for in the last 7 days" in page
    assert 'class="chart"' not in page
    assert not {"by_api", "by_reason"} & set(panels)


def test_apis_are_listed_by_what_was_asked_of_them_and_lead_to_their_pages(ada, acme):
    for number in range(8):
        api = factories.make_api(acme.tenant, f"urn:api:{number}", name=f"API {number}")
        count(acme, number + 1, audience=api.identifier)
    count(acme, 3, audience="urn:api:7", reason="NotGranted", hours=30)
    _, panels = overview(ada)
    rows = panels["by_api"]["rows"]
    assert [row.name for row in rows] == [f"API {number}" for number in range(7, 1, -1)]
    assert (rows[0].issued_day, rows[0].refused_day, rows[0].issued_week, rows[0].refused_week) == ("8", "0", "8", "3")
    assert rows[0].url.startswith(f"/admin/apis/api/{API.objects.get(identifier='urn:api:7').pk}/")
    assert ada.get(rows[0].url).status_code == 200


def test_an_api_that_is_gone_keeps_its_counts_under_its_identifier(ada, acme):
    api = factories.make_api(acme.tenant, "urn:short:lived")
    count(acme, 3, audience="urn:short:lived")
    apis.delete_api(api, by=factories.BY)
    _, panels = overview(ada)
    assert [(row.name, row.url) for row in panels["by_api"]["rows"]] == [("urn:short:lived", "")]


def test_what_was_asked_of_no_api_is_said_so(ada, acme):
    count(acme, 3, audience="", reason="UnknownAudience")
    page, _ = overview(ada)
    assert "No API, or none that exists" in page


def test_reasons_are_sentences_that_lead_to_the_log(ada, acme):
    count(acme, 9, reason="ScopeNotGranted")
    count(acme, 12, reason="NotGranted", hours=30)
    count(acme, 1, reason="ReasonOfTomorrow")
    _, panels = overview(ada)
    reasons = panels["by_reason"]["reasons"]
    assert [(reason.text, reason.day, reason.week) for reason in reasons] == [
        (REASONS["NotGranted"], "0", "12"),
        (REASONS["ScopeNotGranted"], "9", "9"),
        ("ReasonOfTomorrow", "1", "1"),
    ]
    assert reasons[0].url == address(LogEvent, "changelist", reason="NotGranted")
    assert ada.get(reasons[0].url).status_code == 200


def test_every_reason_of_the_token_endpoint_has_a_sentence():
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.OAuthError)]
    of_tokens = {kind.__name__ for kind in kinds if kind.__module__.rsplit(".")[-1] in ("requests", "people")}
    assert of_tokens == set(REASONS)
    assert len(set(REASONS.values())) == len(REASONS)


@pytest.mark.parametrize(
    ("total", "before", "said"),
    [
        (0, 0, ""),
        (5, 0, "none in the day before"),
        (103, 100, "about as many as in the day before"),
        (112, 100, "12% more than in the day before"),
        (0, 100, "100% fewer than in the day before"),
        (300, 100, "3 times as many as in the day before"),
        (250, 100, "2.5 times as many as in the day before"),
    ],
)
def test_a_figure_is_compared_with_the_time_before(total, before, said):
    assert periods.compared(total, before, "the day before") == said


def test_a_day_is_compared_with_the_day_before_it(ada, acme):
    count(acme, 30, hours=2)
    count(acme, 10, hours=26)
    _, panels = overview(ada)
    assert panels["tokens"]["periods"][0].figures[0].change == "3 times as many as in the 24 hours before"


def test_the_week_is_today_and_the_six_days_before(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 3, 8, 17, 45, tzinfo=UTC))
    week = periods.last_week()
    assert week.since == datetime(2026, 3, 2, tzinfo=UTC)
    assert week.since + week.length == datetime(2026, 3, 9, tzinfo=UTC)
    assert periods.last_day().since == datetime(2026, 3, 7, 18, tzinfo=UTC)


def test_a_bar_shows_one_refusal_beside_a_million_tokens():
    chart = charts.stacked([charts.Slot("then", 1_000_000, 1), charts.Slot("now", 0, 0)], ["then"])
    first, second = chart.bars
    assert float(first.refused_height) >= 2
    assert float(first.issued_height) + float(first.refused_height) <= 100
    assert float(first.refused_y) >= 0
    assert (second.issued_height, second.refused_height) == ("0.0", "0.0")


def test_secrets_and_keys_that_expire_soon_lead_to_where_they_are_replaced(ada, acme):
    secret, key, now = acme.application.secrets.get(), add_key(acme.application), timezone.now()
    ClientSecret.objects.filter(pk=secret.pk).update(expires_at=now + timedelta(days=3))
    type(key).objects.filter(pk=key.pk).update(expires_at=now + timedelta(days=20))
    page, panels = overview(ada)
    rows = panels["expiring"]["rows"]
    assert [(row.application, row.what, row.when, row.kind) for row in rows] == [
        ("Warehouse", f"Secret …{secret.last_four}", "in 3 days", "bad"),
        ("Warehouse", f"Key {key}", "in 20 days", "caution"),
    ]
    assert "It is the only one" in page
    assert f"/{acme.application.pk}/credentials/" in rows[0].url
    assert ada.get(rows[0].url).status_code == 200


def test_a_secret_that_another_one_replaces_is_no_alarm(ada, acme):
    old = acme.application.secrets.get()
    ClientSecret.objects.filter(pk=old.pk).update(expires_at=timezone.now() + timedelta(days=3))
    applications.add_secret(acme.application, by=factories.BY)
    page, panels = overview(ada)
    assert [row.kind for row in panels["expiring"]["rows"]] == ["plain"]
    assert "Another one takes over" in page


@pytest.mark.parametrize("days", [-1, 31])
def test_what_has_expired_or_lasts_is_not_about_to_expire(ada, acme, days):
    ClientSecret.objects.update(expires_at=timezone.now() + timedelta(days=days))
    _, panels = overview(ada)
    assert panels["expiring"]["rows"] == []


def test_only_the_next_ones_are_named_and_the_rest_is_hinted_at(ada, acme):
    for number in range(8):
        application, _ = factories.make_application(acme.tenant, f"Application {number}")
        application.secrets.update(expires_at=timezone.now() + timedelta(days=number + 1))
    _, panels = overview(ada)
    assert [row.application for row in panels["expiring"]["rows"]] == [f"Application {number}" for number in range(6)]
    assert panels["expiring"]["more"]


def test_a_key_that_signed_for_long_asks_to_be_rotated(ada, acme):
    assert "In good order" in overview(ada)[0]
    long_ago = timezone.now() - timedelta(days=91)
    SigningKey.objects.of(acme.tenant).filter(state="current").update(current_since=long_ago)
    page, panels = overview(ada)
    assert "Due for rotation" in page
    assert "for 91 days" in page
    assert ada.get(panels["signing_keys"]["rotate"]).status_code == 200


def test_the_overview_is_about_the_tenant_that_was_switched_to(ada, grace, acme, globex):
    count(acme, 5)
    count(globex, 700, reason="NotGranted")
    ClientSecret.objects.filter(application=globex.application).update(expires_at=timezone.now() + timedelta(days=3))
    assert figures(ada) == [(5, 0), (5, 0)]
    assert figures(grace) == [(0, 700), (0, 700)]
    assert overview(ada)[1]["expiring"]["rows"] == []


def test_a_viewer_sees_the_numbers_and_no_button(vera, acme):
    count(acme, 5)
    page, panels = overview(vera)
    assert figures(vera) == [(5, 0), (5, 0)]
    assert panels["signing_keys"]["rotate"] == ""
    assert "button primary" not in page


def test_who_belongs_to_no_tenant_is_told_so_and_the_superuser_creates_one(db):
    nobody = Console(factories.make_operator(username="nobody"))
    page = nobody.get(INDEX).content.decode()
    assert "You are not a member of any tenant yet" in page
    assert "Create a tenant" not in page
    root = Console(factories.make_operator(username="root", is_superuser=True))
    assert "/admin/tenants/tenant/add/" in root.get(INDEX).content.decode()


def test_a_stranger_sees_no_overview(acme):
    assert Console().get(INDEX).status_code == 302


def test_the_overview_keeps_the_strict_policy(ada, acme):
    count(acme, 5, reason="NotGranted")
    answer = ada.get(INDEX)
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    page = answer.content.decode()
    assert "style=" not in page
    assert "<script>" not in page


def test_names_are_escaped(ada, acme):
    factories.make_api(acme.tenant, "urn:x:y", name="a & b", permissions=[])
    count(acme, 1, audience="urn:x:y")
    count(acme, 1, reason="<b>Bold</b>")
    page, _ = overview(ada)
    assert "<b>Bold" not in page
    assert "a &amp; b" in page


def test_the_overview_costs_few_statements_however_much_there_is(ada, acme):
    for number in range(12):
        api = factories.make_api(acme.tenant, f"urn:busy:{number}", permissions=[])
        factories.make_application(acme.tenant, f"Shop {number}", app_type="spa")
        application, _ = factories.make_application(acme.tenant, f"Machine {number}")
        add_key(application)
        count(acme, 5, audience=api.identifier)
        count(acme, 5, audience=api.identifier, reason=f"Reason{number}")
    ClientSecret.objects.update(expires_at=timezone.now() + timedelta(days=3))
    acme.ask()
    audit.flush()
    with CaptureQueriesContext(connection) as queries:
        assert ada.get(INDEX).status_code == 200
    said = [query["sql"] for query in queries]
    assert len(said) <= LIMIT, [sql[:120] for sql in said]
    assert [sql for sql in said if "tenants_logevent" in sql and "EXISTS" not in sql] == []
