"""The week that the demo tenant has behind it: marked, true to what the server says, written once, and nowhere else."""

import json
from collections import Counter
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import Sum
from django.utils import timezone

from apis.models import API, Application, ClientSecret
from apis.services.applications import delete_application, update_application
from apis.services.client_grants import create_client_grant
from authserver import errors
from authserver.demo_history import fill
from tenants import audit
from tenants.models import LogCount, LogEvent, Tenant
from tests import factories
from tests.conftest import SecureClient
from tests.console.browser import Console
from tests.factories import BY

pytestmark = pytest.mark.django_db
HOST = "localhost:8000"
REPORTS = "https://reports.example.com"


def create(name="demo", domain=f"http://{HOST}"):
    output = StringIO()
    call_command("create_tenant", name, "--domain", domain, "--demo", "--json", stdout=output)
    return json.loads(output.getvalue()), Tenant.objects.get(name=name)


@pytest.fixture
def demo(settings):
    settings.DEVELOPMENT = True
    return create()


@pytest.fixture
def filled(demo):
    assert 4_000 < fill(demo[1]) < 8_000
    return demo


def events(**conditions):
    return LogEvent.objects.filter(**conditions)


def test_every_event_of_the_week_says_that_it_was_made_up(filled):
    assert not events().exclude(details__synthetic=True).exists()
    assert not events(details__request_id="").exists()
    assert events().count() == events().values("request_id").distinct().count() + events(request_id="").count() - 1


def test_it_lasts_a_week_and_is_numbered_in_the_order_of_its_dates(filled):
    dates = list(events().order_by("id").values_list("date", flat=True))
    assert dates == sorted(dates)
    now = timezone.now()
    assert timedelta(days=6) <= now - dates[0] <= timedelta(days=7)
    assert (dates[0].hour, dates[0].minute) == (0, 0)
    assert now - dates[-1] < timedelta(hours=2)


def test_there_is_more_by_day_than_by_night(filled):
    hours = Counter(date.hour for date in events().values_list("date", flat=True))
    assert min(hours[hour] for hour in (9, 10, 14, 15)) > 3 * max(hours[hour] for hour in (1, 2, 3))


def test_the_hourly_counts_know_it_with_its_own_dates(filled):
    counts = LogCount.objects.filter(tenant=filled[1])
    issued = counts.filter(reason="").aggregate(total=Sum("total"))["total"]
    assert issued == events(type__in=["seccft", "seacft", "sertft"]).count()
    assert counts.values("hour").distinct().count() > 140
    assert set(counts.values_list("audience", flat=True)) == {api["identifier"] for api in filled[0]["apis"]} | {""}
    assert counts.exclude(reason="").values("reason").distinct().count() >= 6


def test_most_of_it_works_and_what_does_not_has_a_reason_and_a_remedy(filled):
    refused = events(details__has_key="reason")
    assert 0.03 < refused.count() / events().count() < 0.15
    for reason, remedy in refused.values_list("details__reason", "details__remedy").distinct():
        assert issubclass(getattr(errors, reason), errors.OAuthError)
        assert remedy
    assert events(type="s").exists()
    assert events(type="sapi", user_name="admin").exists()


@pytest.mark.parametrize(
    ("asked", "key"),
    [({"audience": REPORTS}, "web"), ({"audience": "https://orders.example.com", "scope": "delete:orders"}, "m2m")],
)
def test_a_made_up_refusal_is_word_for_word_what_the_server_says(filled, asked, key):
    document, tenant = filled
    mine = {**document["applications"][key], "grant_type": "client_credentials", **asked}
    http = SecureClient(headers={"host": HOST})
    assert http.post("/oauth/token", mine, content_type="application/json", secure=False).status_code == 403
    audit.flush()
    real = LogEvent.objects.of(tenant).order_by("-id")[0]
    made_up = events(client_id=real.client_id, audience=real.audience, scope=real.scope).exclude(pk=real.pk)[0]
    for name in ("type", "description", "client_name", "hostname"):
        assert getattr(made_up, name) == getattr(real, name), name
    assert made_up.details.keys() == real.details.keys() | {"synthetic"}
    for name in ("reason", "error", "remedy", "grant_type"):
        assert made_up.details[name] == real.details[name]


def test_a_later_start_adds_what_happened_since_and_nothing_twice(filled):
    last, later = events().latest("id"), timezone.now() + timedelta(hours=48)
    assert 500 < fill(filled[1], now=later) < 2_500
    assert not events(pk__gt=last.pk, date__lte=last.date).exists()
    # What is left of the hour after the newest event.
    assert fill(filled[1], now=later) < 60
    dates = list(events().order_by("id").values_list("date", flat=True))
    assert dates == sorted(dates)


def test_after_a_month_it_fills_a_week(filled):
    later = timezone.now() + timedelta(days=30)
    assert 4_000 < fill(filled[1], now=later) < 8_000
    assert not events(date__gt=timezone.now() + timedelta(minutes=1), date__lt=later - timedelta(days=7, minutes=1)).exists()


def test_what_happened_is_never_moved_nor_marked_once_somebody_asked_for_a_token(demo):
    document, tenant = demo
    mine = {
        **document["applications"]["m2m"],
        "grant_type": "client_credentials",
        "audience": document["apis"][0]["identifier"],
    }
    http = SecureClient(headers={"host": HOST})
    assert http.post("/oauth/token", mine, content_type="application/json", secure=False).status_code == 200
    audit.flush()
    before = list(events().order_by("id").values())
    fill(tenant)
    assert list(events(pk__in=[row["id"] for row in before]).order_by("id").values()) == before


def test_what_was_switched_on_meanwhile_is_refused_no_more(demo):
    _, tenant = demo
    shop = Application.objects.get(name="Shop")
    create_client_grant(shop, API.objects.get(identifier=REPORTS), ["read:reports"], by=BY)
    update_application(Application.objects.get(name="Courier"), enabled=True, by=BY)
    fill(tenant, now=timezone.now() + timedelta(days=1))
    assert events(details__reason="ScopeNotGranted").exists()
    assert not events(details__reason="NotGranted").exists()
    assert not events(details__remedy__icontains="disabled").exists()


def test_what_was_deleted_does_nothing_any_more(demo):
    _, tenant = demo
    for application in Application.objects.exclude(name__in=["Warehouse", "Management (machine to machine)"]):
        delete_application(application, by=BY)
    fill(tenant, now=timezone.now() + timedelta(days=1))
    assert set(events(type="seccft").values_list("client_name", flat=True)) == {"Warehouse"}


def test_secrets_show_when_they_were_used(filled):
    assert ClientSecret.objects.get(application__name="Warehouse").last_used_at
    assert not ClientSecret.objects.filter(application__name="Old till").exclude(last_used_at=None).exists()


@pytest.mark.parametrize(("name", "development"), [("demo", False), ("umbrella", True)])
def test_no_other_tenant_and_no_production_has_a_made_up_event(settings, name, development):
    settings.DEVELOPMENT = development
    _, tenant = create(name)
    before = events().count()
    assert fill(tenant) == 0
    assert events().count() == before
    assert not events(details__has_key="synthetic").exists()


def test_a_tenant_without_a_domain_stays_as_it_is(demo):
    demo[1].domains.all().delete()
    assert fill(demo[1]) == 0


def test_the_console_says_what_was_made_up(filled):
    console = Console(factories.make_operator(filled[1]))
    assert "This is the demo" in console.get("/admin/").content.decode()
    event = events(details__reason="NotGranted")[0]
    page = console.get(f"/admin/tenants/logevent/{event.pk}/change/").content.decode()
    assert "Made up for the demo" in page
    LogEvent.objects.filter(pk=event.pk).update(details={"reason": "NotGranted"})
    assert "Made up" not in console.get(f"/admin/tenants/logevent/{event.pk}/change/").content.decode()


def test_the_console_of_another_tenant_says_nothing_of_a_demo(settings):
    settings.DEVELOPMENT = True
    _, tenant = create("umbrella")
    console = Console(factories.make_operator(tenant))
    assert "This is the demo" not in console.get("/admin/").content.decode()
