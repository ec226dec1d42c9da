"""Passwords of people: which may be chosen, how they are compared, and what a new one or a block ends."""

import pytest
from django.core.exceptions import ValidationError
from django.test import override_settings

from tenants import passwords, signals
from tenants.models import User
from tenants.services import create_connection, create_user, set_password, update_user
from tests import factories

BY = factories.BY
GOOD = "correct horse battery"


@pytest.fixture
def people(acme):
    return create_connection(acme.tenant, "people", by=BY)


@pytest.fixture
def eve(people):
    return create_user(people, email="eve.adams@example.com", password=GOOD, by=BY)


@pytest.fixture
def ended():
    """What was told of people whose access ended: (e-mail, reason, by)."""
    told = []

    def note(user, reason, by, **_):
        told.append((user.email, reason, by))

    signals.user_access_ended.connect(note)
    yield told
    signals.user_access_ended.disconnect(note)


@pytest.mark.parametrize(
    "password", ["x7" * 4, "v" * 64, "q9 " * 333, "пароль на память", "🐙🐙🐙🐙🐙🐙🐙🐙", "  blanks around  "]
)
def test_T120_a_password_of_8_to_1000_characters_of_any_kind_is_taken_whole(people, password):
    user = create_user(people, email="bob@example.com", password=password, by=BY)
    assert user.check_password(password)
    for other in (password[:-1], password + "x", password.swapcase() + "!", password[:72] + "."):
        assert not user.check_password(other)


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", "at least 8"),
        ("x7x7x7x", "at least 8"),
        ("v" * 1_001, "at most 1000"),
        ("v" * 1_000_000, "at most 1000"),
        ("half a pair \ud800", "is text"),
        (None, "is text"),
    ],
    ids=["empty", "seven", "1001", "a million", "surrogate", "none"],
)
def test_T120_a_password_that_is_too_short_too_long_or_no_text_is_refused_everywhere(people, eve, password, said):
    with pytest.raises(ValidationError, match=said):
        create_user(people, email="bob@example.com", password=password, by=BY)
    with pytest.raises(ValidationError, match=said):
        set_password(eve, password, by=BY)
    assert [user.email for user in User.objects.all()] == ["eve.adams@example.com"]
    assert User.objects.get().check_password(GOOD)


def test_T120_a_letter_is_the_same_letter_however_a_keyboard_composes_it(people):
    composed, decomposed = "café crème".encode().decode(), "cafe\u0301 cre\u0300me"
    assert composed != decomposed
    user = create_user(people, email="bob@example.com", password=composed, by=BY)
    assert user.check_password(decomposed)
    for other in ("cafe creme", "CAFÉ CRÈME", "\uff43afé crème"):
        assert not user.check_password(other)


@pytest.mark.parametrize("tried", ["\ud800" * 9, "v" * 1_000_000, "\x00" * 9], ids=["surrogates", "a million", "NULs"])
def test_T120_a_guess_that_can_be_no_password_is_wrong_and_nothing_more(eve, tried):
    assert not eve.check_password(tried)


@pytest.mark.parametrize("password", ["password", "Password", "12345678", "iloveyou", "football", " 123456789 "])
def test_T121_a_password_that_everybody_tries_is_refused(people, eve, password):
    with pytest.raises(ValidationError, match="Many people"):
        create_user(people, email="bob@example.com", password=password, by=BY)
    with pytest.raises(ValidationError, match="Many people"):
        set_password(eve, password, by=BY)


@pytest.mark.parametrize("password", ["eve.adams@example.com", "EVE.ADAMS", " eve.adams ", "Eve.Adams@Example.com"])
def test_T121_the_email_address_and_what_stands_before_its_at_are_no_password(people, eve, password):
    with pytest.raises(ValidationError, match="e-mail address"):
        set_password(eve, password, by=BY)
    with pytest.raises(ValidationError, match="e-mail address"):
        create_user(people, email="Eve.Adams@example.com", password=password, by=BY)
    assert not passwords.problems(password, email="bob@example.com")


def test_a_refused_password_stands_in_no_event_and_no_error(acme, people):
    with pytest.raises(ValidationError) as refused:
        create_user(people, email="bob@example.com", password="iloveyou", by=BY)
    assert "iloveyou" not in str(refused.value)
    assert "iloveyou" not in str([event.details for event in acme.events("sapi")])


def test_T122_a_right_password_with_an_outdated_hash_is_hashed_anew_and_a_wrong_one_is_not(eve):
    hashers = ["tests.hashers.CheapArgon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    with override_settings(PASSWORD_HASHERS=hashers[::-1]):
        eve.set_password(GOOD)
        eve.save()
    with override_settings(PASSWORD_HASHERS=hashers):
        assert not eve.check_password("something else")
        assert User.objects.get().password.startswith("pbkdf2")
        assert eve.check_password(GOOD)
        assert User.objects.get().password.startswith("argon2")
        assert User.objects.get().check_password(GOOD)


def test_T122_a_hash_that_changed_meanwhile_is_not_overwritten_by_the_upgrade(eve):
    hashers = ["tests.hashers.CheapArgon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    with override_settings(PASSWORD_HASHERS=hashers[::-1]):
        eve.set_password(GOOD)
        eve.save()
    with override_settings(PASSWORD_HASHERS=hashers):
        set_password(User.objects.get(), "another good one", by=BY)
        assert eve.check_password(GOOD)
        assert User.objects.get().check_password("another good one")
        assert not User.objects.get().check_password(GOOD)


def test_T094_a_new_password_is_noted_and_ends_every_session_and_token(acme, eve, ended):
    assert eve.last_password_reset is None
    set_password(eve, "another good one", by=BY)
    assert User.objects.get().last_password_reset is not None
    assert ended == [("eve.adams@example.com", "password changed", BY)]
    with pytest.raises(ValidationError):
        set_password(eve, "short", by=BY)
    assert len(ended) == 1


def test_T091_blocking_ends_every_session_and_token_and_other_changes_end_none(eve, ended):
    update_user(eve, by=BY, name="Eve", blocked=False)
    assert not ended
    update_user(eve, by=BY, blocked=True)
    assert ended == [("eve.adams@example.com", "blocked", BY)]


def test_what_cannot_end_access_keeps_the_old_password(eve):
    def fail(**_):
        raise ValidationError("not now")

    signals.user_access_ended.connect(fail)
    try:
        with pytest.raises(ValidationError, match="not now"):
            set_password(eve, "another good one", by=BY)
    finally:
        signals.user_access_ended.disconnect(fail)
    assert User.objects.get().check_password(GOOD)


@pytest.mark.parametrize(
    ("policy", "password", "missed"),
    [
        ("none", "onlysmallletters", ""),
        ("low", "onlysmallletters", ""),
        ("fair", "Has4AllThree", ""),
        ("fair", "hasnocapital4", "a capital letter"),
        ("good", "Two-of-four", ""),
        ("good", "Twooffour", "three of these"),
        ("excellent", "Ten-letters-9", ""),
        ("excellent", "Short-9x!", "at least 10"),
        ("excellent", "Aaaa-letters-9", "twice in a row"),
        ("excellent", "onlysmall-ones", "three of these"),
    ],
)
def test_a_connection_may_ask_for_kinds_of_characters(people, policy, password, missed):
    people.password_policy = policy
    people.save()
    made = {"email": "ada@example.com", "password": GOOD if policy in ("none", "low") else "Canary-Good-4-all-of-them"}
    user = create_user(people, by=BY, **made)
    if not missed:
        set_password(user, password, by=BY)
        return
    for attempt in (
        lambda: set_password(user, password, by=BY),
        lambda: create_user(people, email="bob@example.com", password=password, by=BY),
    ):
        with pytest.raises(ValidationError, match=missed):
            attempt()
