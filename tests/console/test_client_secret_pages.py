"""An operator adds and ends secrets of an application."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.contrib.sessions.models import Session
from django.utils import timezone

from apis.models import Application
from apis.models.client_secret import digest
from tenants.models import LogEvent
from tests import factories
from tests.console.browser import errors, shown_secret
from tests.console.conftest import address


def adding(application):
    return address(application, "add_secret", application.pk)


def works(world, secret):
    return world.ask(client_secret=secret).status_code == 200


def test_a_secret_appears_in_one_answer_and_nowhere_after_it(ada, acme):
    answer = ada.submit(address(Application, "add"), name="Shop", app_type="non_interactive", token_endpoint_auth_method="")
    secret = shown_secret(answer)
    application = Application.objects.get(name="Shop")
    assert application.secrets.get().sha256 == digest(secret)
    assert not list(get_messages(answer.wsgi_request))
    for url in (
        address(application, "change", application.pk),
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


def test_the_list_shows_the_last_four_letters_and_the_dates(ada, acme):
    row = acme.application.secrets.get()
    page = ada.get(address(acme.application, "change", acme.application.pk))
    last_four, created, used, expires, end = page.context["sections"][0].rows[0]
    assert (last_four, created, used, expires) == (f"…{acme.secret[-4:]}", row.created_at, "never", "never")
    assert address(acme.application, "end_secret", acme.application.pk, row.pk) in end


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
    page = ada.get(address(acme.application, "change", acme.application.pk))
    assert page.context["sections"][0].rows[0][-1] == ""
