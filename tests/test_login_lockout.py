"""Passwords of people cannot be guessed: not one person's from one address or many, nor many people's from one."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from authserver import directory
from tenants import throttle
from tenants.models import Attempts
from tenants.services import create_user, set_password, update_user
from tests.factories import BY
from tests.hashers import CheapArgon2PasswordHasher
from tests.people import PASSWORD, hidden

HOME, ELSEWHERE = "203.0.113.9", "203.0.113.10"
GUESSES, WINDOW = directory.PER_USER_AND_IP.tries, directory.PER_USER_AND_IP.seconds


class Door:
    """The login page as somebody at one address has it open, with an old form that still works."""

    def __init__(self, people, ip=HOME, **headers):
        self.people = people
        self.browser = people.browser(**headers)
        self.browser.defaults["REMOTE_ADDR"] = ip
        self.fields = hidden(self.browser.get(people.authorize(self.browser).headers["Location"]))

    def log_in(self, name="ada@example.com", password=PASSWORD, ip=None):
        if ip:
            self.browser.defaults["REMOTE_ADDR"] = ip
        return self.people.post(self.browser, "/u/login", self.fields | {"username": name, "password": password})

    def guess(self, times, name="ada@example.com"):
        return [self.log_in(name, "wrong").status_code for _ in range(times)]


@pytest.fixture
def door(people):
    return Door(people)


def hurry(monkeypatch, **tries):
    """Smaller limits, so that a test need not try a hundred passwords."""
    for name, number in tries.items():
        limit = getattr(directory, name)
        monkeypatch.setattr(directory, name, throttle.Limit(limit.name, tries=number, seconds=limit.seconds))


def test_T124_the_limits_are_ten_for_a_user_and_address_and_a_hundred_for_each_alone(people):
    assert (directory.PER_USER_AND_IP.tries, directory.PER_USER.tries, directory.PER_IP.tries) == (10, 100, 100)
    assert {limit.seconds for limit in (directory.PER_USER_AND_IP, directory.PER_USER, directory.PER_IP)} == {900}


def test_T124_after_ten_wrong_passwords_the_page_says_how_long_to_wait(door):
    assert door.guess(GUESSES + 1) == [400] * GUESSES + [429]
    response = door.log_in()
    assert response.status_code == 429
    assert WINDOW - 60 < int(response.headers["Retry-After"]) <= WINDOW
    page = " ".join(response.content.decode().split())
    assert "There were too many attempts to log in." in page
    assert "Try again in 15 minutes." in page
    assert 'value="ada@example.com"' in page
    assert "no-store" in response.headers["Cache-Control"]


def test_the_last_minute_is_one_minute(door):
    door.guess(GUESSES)
    Attempts.objects.update(resets_at=timezone.now() + timedelta(seconds=30))
    assert "Try again in 1 minute." in door.log_in().content.decode()


def test_T124_a_locked_user_may_log_in_from_elsewhere_and_another_user_from_here(door, people):
    create_user(people.connection, email="bob@example.com", password=PASSWORD, by=BY)
    door.guess(GUESSES + 1)
    assert door.log_in().status_code == 429
    assert Door(people, ELSEWHERE).log_in().status_code == 303
    assert door.log_in("bob@example.com").status_code == 303


def test_T124_the_lock_ends_by_itself_even_when_guessing_goes_on(door):
    door.guess(GUESSES + 2)
    Attempts.objects.update(resets_at=timezone.now())
    assert door.log_in().status_code == 303


def test_T124_spelling_the_e_mail_differently_gives_no_more_attempts(door):
    names = ["ada@example.com", "ADA@example.com", " ada@Example.COM "] * 5
    assert [door.log_in(name, "wrong").status_code for name in names] == [400] * 10 + [429] * 5


def test_T124_guessing_one_user_from_many_addresses_locks_the_user(people, monkeypatch):
    hurry(monkeypatch, PER_USER=6)
    doors = [Door(people, f"198.51.100.{number}") for number in range(3)]
    assert [door.guess(2) for door in doors] == [[400, 400]] * 3
    assert doors[0].log_in().status_code == 429
    assert Door(people, ELSEWHERE).log_in().status_code == 429


def test_T124_a_new_password_lets_the_user_in_from_elsewhere_and_nobody_else(people, strangers, monkeypatch):
    hurry(monkeypatch, PER_USER=4)
    bob = create_user(people.connection, email="bob@example.com", password=PASSWORD, by=BY)
    for world in (people, strangers):
        for name in ("ada@example.com", bob.email):
            for number in range(3):
                Door(world, f"198.51.100.{number}").guess(2, name)
    assert Door(people, ELSEWHERE).log_in().status_code == 429
    set_password(people.user, PASSWORD + "-new", by=BY)
    assert Door(people, ELSEWHERE).log_in(password=PASSWORD + "-new").status_code == 303
    assert Door(people, ELSEWHERE).log_in(bob.email).status_code == 429
    assert Door(strangers, ELSEWHERE).log_in().status_code == 429


def test_T124_an_address_that_guessed_stays_locked_when_the_password_is_new(people):
    door = Door(people)
    door.guess(GUESSES)
    set_password(people.user, PASSWORD + "-new", by=BY)
    assert door.log_in(password=PASSWORD + "-new").status_code == 429
    assert Door(people, ELSEWHERE).log_in(password=PASSWORD + "-new").status_code == 303


def test_T124_blocking_a_user_forgives_no_guesses(people, monkeypatch):
    hurry(monkeypatch, PER_USER=4)
    for number in range(3):
        Door(people, f"198.51.100.{number}").guess(2)
    update_user(people.user, by=BY, blocked=True)
    update_user(people.user, by=BY, blocked=False)
    assert Door(people, ELSEWHERE).log_in().status_code == 429


def test_T124_one_address_alone_cannot_lock_a_user_out_of_the_others(people, monkeypatch):
    hurry(monkeypatch, PER_USER=GUESSES + 5)
    door = Door(people)
    assert door.guess(GUESSES + 10).count(429) == 10
    assert Door(people, ELSEWHERE).log_in().status_code == 303


def test_T124_guessing_many_users_from_one_address_locks_the_address(people, monkeypatch):
    hurry(monkeypatch, PER_IP=6)
    door = Door(people)
    assert [door.log_in(f"user{n}@example.com", "wrong").status_code for n in range(8)] == [400] * 6 + [429] * 2
    assert door.log_in().status_code == 429
    assert Attempts.objects.count() == 1 + 2 * 6, "names tried after the lock leave rows"
    assert Door(people, ELSEWHERE).log_in().status_code == 303


def test_T124_logging_in_oneself_does_not_buy_an_address_more_guesses(people, monkeypatch):
    hurry(monkeypatch, PER_IP=6)
    create_user(people.connection, email="eve@example.com", password=PASSWORD, by=BY)
    door = Door(people)
    statuses = [
        status
        for number in range(7)
        for status in (
            door.log_in(f"user{number}@example.com", "wrong").status_code,
            door.log_in("eve@example.com").status_code,
        )
    ]
    assert statuses == [400, 303] * 5 + [400, 429, 429, 429]


def test_T124_right_passwords_alone_never_lock_an_address(people, monkeypatch):
    hurry(monkeypatch, PER_IP=3)
    door = Door(people)
    assert [door.log_in().status_code for _ in range(8)] == [303] * 8


def test_a_success_forgives_the_wrong_passwords_before_it(door):
    door.guess(GUESSES - 1)
    assert door.log_in().status_code == 303
    assert door.guess(GUESSES + 1) == [400] * GUESSES + [429]


def test_T124_an_ipv6_customer_is_one_address(people):
    door = Door(people)
    assert [door.log_in(password="wrong", ip=f"2001:db8:1:2::{n}").status_code for n in range(1, 12)] == [400] * 10 + [429]
    assert door.log_in(ip="2001:db8:1:3::1").status_code == 303


def test_a_directory_without_brute_force_protection_has_the_limit_per_address_still(people, monkeypatch):
    hurry(monkeypatch, PER_IP=15)
    people.connection.brute_force_protection = False
    people.connection.save()
    assert Door(people).guess(16) == [400] * 15 + [429]


def test_T139_the_same_e_mail_at_another_tenant_is_not_locked_with_it(door, strangers):
    door.guess(GUESSES + 1)
    assert Door(strangers).log_in().status_code == 303


def test_T123_a_lockout_tells_nothing_of_whether_the_user_exists(door):
    def answers(name):
        return [
            (response.status_code, re.sub(r"[0-9a-f]{64}|" + re.escape(name), "", response.content.decode()))
            for response in (door.log_in(name, "wrong") for _ in range(GUESSES + 2))
        ]

    assert answers("ada@example.com") == answers("eve@example.com")


def test_T125_a_locked_password_is_not_checked_any_more(door, monkeypatch, people):
    door.guess(GUESSES)
    other = Door(people, ELSEWHERE)

    def never(*_, **__):
        raise AssertionError("a password was checked")

    monkeypatch.setattr(CheapArgon2PasswordHasher, "verify", never)
    assert door.log_in().status_code == 429
    with pytest.raises(AssertionError, match="checked"):
        other.log_in()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite in memory knows one connection")
@pytest.mark.django_db(transaction=True)
def test_T125_guesses_that_come_at_once_do_not_outrun_the_counter(request):
    people = request.getfixturevalue("people")
    doors = [Door(people) for _ in range(30)]
    start = threading.Barrier(len(doors))

    def guess(door):
        start.wait(120)
        try:
            return door.log_in(password="wrong").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(doors)) as pool:
        statuses = list(pool.map(guess, doors))
    assert (statuses.count(400), statuses.count(429)) == (GUESSES, 30 - GUESSES)


def test_T099_a_forwarded_address_counts_only_when_a_trusted_proxy_says_it(people, settings):
    def tries(number):
        door = Door(people, "10.0.0.1", **{"x-forwarded-for": f"198.51.100.{number}"})
        return door.log_in(password="wrong").status_code

    assert [tries(number) for number in range(12)] == [400] * 10 + [429] * 2, "a header of anybody's is no new address"
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    assert [tries(number) for number in range(12)] == [400] * 12


def test_T099_an_address_that_the_client_puts_before_the_proxys_own_does_not_count(people, settings):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    statuses = []
    for number in range(12):
        door = Door(people, "10.0.0.1", **{"x-forwarded-for": f"198.51.100.{number}, {HOME}"})
        statuses.append(door.log_in(password="wrong").status_code)
    assert statuses == [400] * 10 + [429] * 2


def test_a_lockout_is_an_event_with_its_reason_and_remedy_and_no_password(door, people):
    door.guess(GUESSES)
    door.log_in()
    [event] = people.world.events("limit_wc")
    assert (event.user_name, event.ip, event.client_id) == ("ada@example.com", HOME, people.web.client_id)
    assert event.details["reason"] == "TooManyAttempts"
    assert "Too many wrong passwords for one user from one address. It ends by itself" in event.details["remedy"]
    assert PASSWORD not in str(event.__dict__)
    assert len(people.world.events("fp")) == GUESSES


def test_who_is_signed_in_stays_so_while_their_name_is_locked(people):
    browser = people.signed_in()
    Door(people, "127.0.0.1").guess(GUESSES + 1)
    assert browser.get("/account").status_code == 200
    assert people.authorize(browser).headers["Location"].startswith("https://shop.example/")
