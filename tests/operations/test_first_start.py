"""What the first start makes, what later ones leave alone, and what happens when files and database do not fit."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from apis.models import API, Application
from apis.models.client_secret import digest
from apis.services.applications import live_secrets, update_application
from apis.services.connections import set_connections
from authserver.management.first_start import ensure_demo_tenant, ensure_operator
from tenants.models import Domain, Tenant
from tests.factories import BY

DOMAIN = "localhost:8000"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "demo.json"


@pytest.fixture
def login(tmp_path: Path) -> Path:
    return tmp_path / "console-login"


def secrets_work(file: Path) -> bool:
    """Whether every secret in `file` is a live one of this database."""
    document: dict[str, Any] = json.loads(file.read_text())
    shown = [document["management"], document["applications"]["m2m"], document["applications"]["web"]]
    return all(
        digest(one["client_secret"]) in [bytes(row.sha256) for row in live_secrets(application)]
        for one in shown
        for application in Application.objects.filter(client_id=one["client_id"])
    )


def test_the_first_start_writes_credentials_that_work_for_their_owner_only(db: None, file: Path) -> None:
    assert ensure_demo_tenant([DOMAIN], file) == "http://localhost:8000/"
    assert secrets_work(file)
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_later_start_adds_its_domains_and_leaves_the_credentials(db: None, file: Path) -> None:
    ensure_demo_tenant([DOMAIN], file)
    before = file.read_text()
    assert ensure_demo_tenant(["https://localhost:8443", "https://demo.localhost:8443"], file) == "https://localhost:8443/"
    assert file.read_text() == before
    assert secrets_work(file)
    assert set(Domain.objects.values_list("host", flat=True)) == {DOMAIN, "localhost:8443", "demo.localhost:8443"}


@pytest.mark.parametrize("content", [None, "{}", "half a fi"])
def test_credentials_that_were_lost_are_made_anew(db: None, file: Path, content: str | None) -> None:
    ensure_demo_tenant([DOMAIN], file)
    file.unlink()
    if content is not None:
        file.write_text(content)
    ensure_demo_tenant([DOMAIN], file)
    assert secrets_work(file)


def test_credentials_of_another_database_are_set_aside_not_overwritten(db: None, file: Path) -> None:
    ensure_demo_tenant([DOMAIN], file)
    before = file.read_text()
    Tenant.objects.all().delete()
    ensure_demo_tenant([DOMAIN], file)
    assert secrets_work(file)
    assert file.with_name("demo.json.old").read_text() == before


def test_the_first_start_makes_an_operator_who_can_log_in(db: None, login: Path, client: Any) -> None:
    assert ensure_operator(login)
    words = dict(line.split() for line in login.read_text().splitlines())
    assert client.login(username=words["username"], password=words["password"])
    assert login.stat().st_mode & 0o777 == 0o600


def test_a_later_start_leaves_the_operator_and_the_file(db: None, login: Path) -> None:
    ensure_operator(login)
    before = login.read_text()
    assert ensure_operator(login)
    assert login.read_text() == before
    assert get_user_model().objects.count() == 1


def test_another_database_gets_the_operator_of_the_file(db: None, login: Path) -> None:
    ensure_operator(login)
    before = login.read_text()
    get_user_model().objects.all().delete()
    assert ensure_operator(login)
    assert login.read_text() == before


def test_a_password_that_was_chosen_elsewhere_is_neither_changed_nor_guessed(db: None, login: Path) -> None:
    operator = get_user_model().objects.create_superuser("admin", password="chosen elsewhere")
    assert not ensure_operator(login)
    assert not login.exists()
    login.write_text("username admin\npassword of another database\n")
    assert not ensure_operator(login)
    operator.refresh_from_db()
    assert operator.check_password("chosen elsewhere")


DEMO_ADDRESSES = ("redirect_uris", "post_logout_redirect_uris", "web_origins", "allowed_origins")


def addresses() -> dict[str, list[str]]:
    """What the demo's single-page application has registered, line by line."""
    application = Application.objects.get(name="Order tracker")
    return {field: getattr(application, field).split() for field in DEMO_ADDRESSES}


def test_the_demo_page_is_registered_for_each_domain_also_of_an_installation_that_had_none(
    db: None, file: Path, settings: Any
) -> None:
    ensure_demo_tenant([DOMAIN], file)
    before = addresses()
    assert before == {
        "redirect_uris": ["http://localhost:3000/callback"],
        "post_logout_redirect_uris": [],
        "web_origins": ["http://localhost:3000"],
        "allowed_origins": ["http://localhost:3000"],
    }
    settings.DEVELOPMENT = True
    ensure_demo_tenant(["https://localhost:8443", "https://demo.localhost:8443", DOMAIN], file)
    origins = ["http://localhost:8000", "https://localhost:8443", "https://demo.localhost:8443"]
    pages = [f"{origin}/demo/" for origin in origins]
    after = addresses()
    assert after == {
        "redirect_uris": ["http://localhost:3000/callback", *pages],
        "post_logout_redirect_uris": pages,
        "web_origins": ["http://localhost:3000", *origins],
        "allowed_origins": ["http://localhost:3000", *origins],
    }
    ensure_demo_tenant([DOMAIN], file)
    assert addresses() == after


def test_what_an_operator_registered_besides_stays(db: None, file: Path, settings: Any) -> None:
    settings.DEVELOPMENT = True
    ensure_demo_tenant([DOMAIN], file)
    application = Application.objects.get(name="Order tracker")
    update_application(application, by=BY, redirect_uris="https://mine.example.com/callback")
    ensure_demo_tenant([DOMAIN], file)
    assert addresses()["redirect_uris"] == ["https://mine.example.com/callback", "http://localhost:8000/demo/"]


def test_an_installation_from_before_people_gets_its_directory_switched_on(db: None, file: Path) -> None:
    ensure_demo_tenant([DOMAIN], file)
    for application in Application.objects.all():
        set_connections(application, [], by=BY)
    API.objects.filter(is_system=False).update(allow_offline_access=False)
    ensure_demo_tenant([DOMAIN], file)
    signing_in = Application.objects.filter(connections__name="Username-Password-Authentication")
    assert set(signing_in.values_list("name", flat=True)) == {"Shop", "Order tracker", "Old till", "Courier", "Spendwise"}
    assert API.objects.get(identifier="https://orders.example.com").allow_offline_access
