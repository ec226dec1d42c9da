"""An operator adds and ends secrets of an application."""

import base64
import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.contrib.sessions.models import Session
from django.utils import timezone

from apis.models import Application
from apis.models.client_secret import digest
from apis.services.applications import update_application
from tenants.models import LogEvent
from tests import factories
from tests.console.browser import FormReader, errors, shown_secret
from tests.console.conftest import address


def adding(application):
    return address(application, "add_secret", application.pk)


def works(world, secret):
    return world.ask(client_secret=secret).status_code == 200


def test_a_secret_appears_in_one_answer_and_nowhere_after_it(ada, acme):
    answer = ada.submit(address(Application, "add"), name="Shop", app_type="non_interactive")
    secret = shown_secret(answer)
    application = Application.objects.get(name="Shop")
    assert application.secrets.get().sha256 == digest(secret)
    assert not list(get_messages(answer.wsgi_request))
    for url in (
        address(application, "change", application.pk),
        address(application, "credentials", application.pk),
        address(application, "quick_start", application.pk),
        address(application, "history", application.pk),
        address(application, "changelist"),
        address(LogEvent, "changelist"),
        "/admin/",
    ):
        assert secret not in ada.get(url).content.decode()
    kept = [str(row.__dict__) for row in [*LogEntry.objects.all(), *LogEvent.objects.all()]]
    kept += [str(session.get_decoded()) for session in Session.objects.all()]
    assert not [text for text in kept if secret in text]


def test_a_second_secret_works_beside_the_first_until_the_day_that_was_chosen(ada, acme):
    old = acme.application.secrets.get()
    secret = shown_secret(ada.submit(adding(acme.application), old_secret="week"))
    assert works(acme, secret)
    assert works(acme, acme.secret)
    old.refresh_from_db()
    assert abs(old.expires_at - timezone.now() - timedelta(days=7)) < timedelta(minutes=1)


@pytest.mark.parametrize(("choice", "after"), [("hour", timedelta(hours=1)), ("day", timedelta(days=1)), ("never", None)])
def test_the_old_secret_ends_when_it_was_said_to(choice, after, ada, acme):
    old = acme.application.secrets.get()
    shown_secret(ada.submit(adding(acme.application), old_secret=choice))
    old.refresh_from_db()
    assert (old.expires_at is None) if after is None else abs(old.expires_at - timezone.now() - after) < timedelta(minutes=1)


def test_now_means_that_the_old_secret_is_refused_at_once(ada, acme):
    secret = shown_secret(ada.submit(adding(acme.application), old_secret="now"))
    assert works(acme, secret)
    assert not works(acme, acme.secret)


def test_with_two_secrets_in_use_a_third_ends_both(ada, acme):
    ada.submit(adding(acme.application), old_secret="never")
    form = ada.get(adding(acme.application)).context["adminform"].form
    assert [value for value, _ in form.fields["old_secret"].choices] == ["now"]
    assert "not one of the available choices" in errors(ada.submit(adding(acme.application), old_secret="never"))
    secret = shown_secret(ada.submit(adding(acme.application), old_secret="now"))
    assert works(acme, secret)
    assert not works(acme, acme.secret)


def test_without_a_live_secret_nothing_is_asked(ada, acme):
    acme.application.secrets.all().delete()
    assert not ada.get(adding(acme.application)).context["adminform"].form.fields
    assert works(acme, shown_secret(ada.submit(adding(acme.application))))


def test_a_public_application_is_refused_with_the_reason(ada, acme):
    spa, _ = factories.make_application(acme.tenant, "Tracker", app_type="spa")
    assert "it could not keep one" in errors(ada.submit(adding(spa)))
    assert not spa.secrets.exists()


def listed(console, application):
    """The secrets on the tab Credentials."""
    return console.get(address(application, "credentials", application.pk)).context["secrets"]


def test_the_list_shows_the_last_four_letters_and_the_dates(ada, acme):
    row = acme.application.secrets.get()
    (shown,) = listed(ada, acme.application)
    assert (shown.row, shown.live) == (row, True)
    page = ada.get(address(acme.application, "credentials", acme.application.pk)).content.decode()
    assert f"…{acme.secret[-4:]}" in page
    assert "Never" in page
    assert f'href="{address(acme.application, "end_secret", acme.application.pk, row.pk)}"' in page


def test_the_day_on_which_the_old_secret_ends_is_chosen_and_must_lie_ahead(ada, acme):
    old = acme.application.secrets.get()
    for wrong in ("", "2020-01-01T00:00", "soon"):
        answer = ada.submit(adding(acme.application), old_secret="date", ends_at=wrong)
        assert errors(answer)
    assert acme.application.secrets.count() == 1
    shown_secret(ada.submit(adding(acme.application), old_secret="date", ends_at="2090-01-02T03:04"))
    old.refresh_from_db()
    assert old.expires_at.isoformat() == "2090-01-02T03:04:00+00:00"


def test_the_secret_can_be_downloaded_as_an_environment_file_from_the_page_itself(ada, acme):
    answer = ada.submit(address(Application, "add"), name="Night job", app_type="non_interactive")
    secret, page = shown_secret(answer), answer.content.decode()
    kind, _, encoded = re.search(r'href="(data:[^"]*)"\s+download="night-job.env"', page)[1].partition(",")
    assert kind == "data:text/plain;base64"
    client_id = Application.objects.get(name="Night job").client_id
    assert base64.b64decode(encoded).decode().splitlines() == [
        "# Night job",
        "ISSUER_BASE_URL=https://acme.example.com/",
        f"CLIENT_ID={client_id}",
        f"CLIENT_SECRET={secret}",
    ]


@pytest.mark.parametrize(
    ("app_type", "text", "leads_to"),
    [
        ("non_interactive", "Next: let it call an API", "apis"),
        ("regular_web", "Next: its callback URLs", "change"),
    ],
)
def test_the_page_of_a_new_secret_leads_to_the_next_step(app_type, text, leads_to, ada, acme):
    answer = ada.submit(address(Application, "add"), name="Shop", app_type=app_type)
    shown_secret(answer)
    application = Application.objects.get(name="Shop")
    step = answer.context["next_step"]
    assert step.text == text
    assert step.url.partition("#")[0] == address(application, leads_to, application.pk)
    assert ada.get(step.url).status_code == 200
    added = ada.submit(adding(application), old_secret="never")
    shown_secret(added)
    assert (added.context["next_step"], added.context["back"]) == (None, address(application, "credentials", application.pk))


def test_ending_a_secret_asks_first_and_then_refuses_it(ada, acme):
    url = address(acme.application, "end_secret", acme.application.pk, acme.application.secrets.get().pk)
    assert "Whoever still uses it is refused" in ada.get(url).content.decode()
    assert works(acme, acme.secret)
    answer = ada.submit(url)
    assert answer.status_code == 302
    assert not works(acme, acme.secret)
    event = acme.events("sapi")[0]
    assert (event.description, event.user_name) == ("End a client secret", "ada")


def test_a_secret_that_has_ended_has_no_page_to_end_it(ada, acme):
    url = address(acme.application, "end_secret", acme.application.pk, acme.application.secrets.get().pk)
    ada.submit(url)
    assert ada.post(url).status_code == 404
    (ended,) = listed(ada, acme.application)
    assert not ended.live
    assert url not in ada.get(address(acme.application, "credentials", acme.application.pk)).content.decode()


def test_a_viewer_sees_when_secrets_were_used_and_can_end_none(vera, acme):
    page = vera.get(address(acme.application, "credentials", acme.application.pk)).content.decode()
    assert f"…{acme.secret[-4:]}" in page
    for absent in ("End now", "Add a secret", "Change the method", "Add a key"):
        assert absent not in page


def choosing(application, method, **more):
    return address(application, "credentials", application.pk), {"token_endpoint_auth_method": method, **more}


def test_the_secret_can_move_to_the_header_without_a_question(ada, acme):
    assert ada.post(*choosing(acme.application, "client_secret_basic")).status_code == 302
    acme.application.refresh_from_db()
    assert acme.application.token_endpoint_auth_method == "client_secret_basic"
    assert acme.application.secrets.count() == 1
    assert acme.events("sapi")[0].details["changes"] == {"token_endpoint_auth_method": "client_secret_basic"}


def test_a_method_without_secrets_asks_before_it_ends_them(ada, acme):
    update_application(acme.application, by=factories.BY, grant_types=["authorization_code"])
    url, sent = choosing(acme.application, "none")
    asked = ada.post(url, sent)
    assert "the one secret of it ends now, for good" in asked.content.decode()
    assert acme.application.secrets.count() == 1
    confirmed = FormReader(asked.content.decode()).forms[-1]
    assert ada.post(url, confirmed).status_code == 302
    acme.application.refresh_from_db()
    assert acme.application.is_public
    assert not acme.application.secrets.exists()


def test_a_machine_cannot_become_public_and_is_told_why(ada, acme):
    url, sent = choosing(acme.application, "none", confirmed="yes")
    answer = ada.post(url, sent, follow=True)
    assert "A public client has no secret, so it cannot use client_credentials" in answer.content.decode()
    acme.application.refresh_from_db()
    assert not acme.application.is_public


@pytest.mark.parametrize("method", ["", "magic", "tls_client_auth"])
def test_an_unknown_method_changes_nothing(method, ada, acme):
    answer = ada.post(*choosing(acme.application, method), follow=True)
    assert "Choose one of the methods" in answer.content.decode()
    acme.application.refresh_from_db()
    assert acme.application.token_endpoint_auth_method == "client_secret_post"


def test_a_viewer_and_a_stranger_change_no_method(vera, grace, acme):
    url, sent = choosing(acme.application, "client_secret_basic")
    assert vera.post(url, sent).status_code == 403
    assert grace.post(url, sent).status_code == 404
    acme.application.refresh_from_db()
    assert acme.application.token_endpoint_auth_method == "client_secret_post"


def test_a_name_with_line_separators_stays_one_comment_of_the_file(ada, acme):
    Application.objects.filter(pk=acme.application.pk).update(name="Shop\u2028LD_PRELOAD=x\u0085PATH=y\nHOME=z")
    page = ada.submit(adding(acme.application)).content.decode()
    encoded = re.search(r'href="data:text/plain;base64,([^"]*)"', page)[1]
    lines = base64.b64decode(encoded).decode().splitlines()
    assert [line.partition("=")[0] for line in lines[1:]] == ["ISSUER_BASE_URL", "CLIENT_ID", "CLIENT_SECRET"]
