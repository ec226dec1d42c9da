"""The console's login does not let passwords be guessed: neither one name's from one address nor many names'."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from tenants.models import Attempts
from tests import factories
from tests.console.browser import Console

PASSWORD = "a Password of 25 letters!"
HOME, ELSEWHERE = "203.0.113.9", "203.0.113.10"


@pytest.fixture
def ada(acme):
    operator = factories.make_operator(acme.tenant, username="ada")
    operator.set_password(PASSWORD)
    operator.save()
    return operator


def log_in(name="ada", password=PASSWORD, ip=HOME):
    return Console(REMOTE_ADDR=ip).post("/admin/login/?next=/admin/", {"username": name, "password": password})


def guess(times, name="ada", ip=HOME):
    """The statuses of so many wrong passwords."""
    return [log_in(name, "wrong", ip).status_code for _ in range(times)]


def errornote(answer):
    return [str(error) for error in answer.context["form"].non_field_errors()]


def test_the_right_password_opens_the_console_and_a_wrong_one_does_not(ada):
    wrong = log_in(password="wrong")
    assert wrong.status_code == 200
    assert "Please enter the correct" in errornote(wrong)[0]
    assert "Retry-After" not in wrong.headers
    right = log_in()
    assert (right.status_code, right.headers["Location"]) == (302, "/admin/")


def test_T124_after_ten_wrong_passwords_the_page_says_how_long_to_wait(ada):
    assert guess(11) == [200] * 10 + [429]
    answer = log_in()
    assert answer.status_code == 429
    assert 890 <= int(answer.headers["Retry-After"]) <= 900
    assert errornote(answer) == ["Too many attempts to log in. Try again in 15 minutes."]
    assert "Try again in 15 minutes." in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert 'name="password"' in answer.content.decode()


def test_the_last_minute_is_one_minute(ada):
    guess(10)
    Attempts.objects.update(resets_at=timezone.now() + timedelta(seconds=30))
    assert errornote(log_in()) == ["Too many attempts to log in. Try again in 1 minute."]


def test_T124_a_locked_name_may_log_in_from_elsewhere_and_another_name_from_here(ada, acme):
    guess(11)
    assert log_in(ip=ELSEWHERE).status_code == 302
    assert log_in("bob", "wrong").status_code == 200


def test_T124_the_lock_ends_by_itself_even_when_guessing_goes_on(ada):
    guess(12)
    Attempts.objects.update(resets_at=timezone.now())
    assert log_in().status_code == 302


def test_T124_spelling_the_name_differently_gives_no_more_attempts(ada):
    names = ["ada", "Ada", "ADA", " ada ", "\uff41da"] * 3
    assert [log_in(name, "wrong").status_code for name in names] == [200] * 10 + [429] * 5


def test_T124_a_hundred_attempts_lock_the_address_whatever_the_names(ada):
    assert [log_in(f"operator{number}", "wrong").status_code for number in range(102)] == [200] * 100 + [429] * 2
    assert log_in().status_code == 429
    assert Attempts.objects.count() == 1 + 100, "names tried after the lock leave rows"
    assert log_in(ip=ELSEWHERE).status_code == 302


def test_T124_an_ipv6_customer_is_one_address(ada):
    assert [log_in(password="wrong", ip=f"2001:db8:1:2::{n}").status_code for n in range(1, 12)] == [200] * 10 + [429]
    assert log_in(ip="2001:db8:1:3::1").status_code == 302


def test_a_success_forgives_the_wrong_passwords_before_it(ada):
    guess(9)
    assert log_in().status_code == 302
    assert guess(11) == [200] * 10 + [429]


def test_T124_logging_in_oneself_does_not_buy_an_address_more_guesses(ada):
    for number in range(50):
        log_in(f"operator{number}", "wrong")
        log_in()
    assert log_in("bob", "wrong").status_code == 429


def test_a_form_without_a_name_or_a_password_is_no_attempt(ada):
    assert [log_in(password="").status_code for _ in range(11)] == [200] * 11
    assert [log_in(name="").status_code for _ in range(11)] == [200] * 11
    assert not Attempts.objects.exists()


def test_T123_a_name_that_nobody_has_is_answered_as_one_that_somebody_has(ada):
    def answers(name):
        return [
            (answer.status_code, errornote(answer), answer.content.decode().replace(name, "NAME").count("errornote"))
            for answer in (log_in(name, "wrong") for _ in range(12))
        ]

    assert answers("ada") == answers("eve")


def test_T125_a_locked_password_is_not_checked_any_more(ada, monkeypatch):
    guess(10)

    def never(*_, **__):
        raise AssertionError("a password was checked")

    monkeypatch.setattr("django.contrib.auth.forms.authenticate", never)
    assert log_in().status_code == 429
    with pytest.raises(AssertionError, match="checked"):
        log_in(ip=ELSEWHERE)


def test_a_lockout_is_logged_without_the_password(ada, capsys):
    guess(10)
    capsys.readouterr()
    log_in()
    out = capsys.readouterr().out
    [line] = [line for text in out.splitlines() if (line := json.loads(text))["event"] == "console_login_locked"]
    assert (line["level"], line["name"], line["address"]) == ("warning", "ada", HOME)
    assert line["wait"] > 0
    assert PASSWORD not in out


def test_someone_logged_in_keeps_working_while_their_name_is_locked(ada):
    console = Console(ada, REMOTE_ADDR=HOME)
    guess(11)
    assert console.get("/admin/").status_code == 200
    assert Console().get("/admin/login/").status_code == 200
