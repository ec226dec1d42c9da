"""The decision table of `next_step`: prompt, session, max_age, consent, who the answer is about, account choice.

The table below is read by people: each row names what it looks at and leaves the rest open ("-"). Every situation of the
full product must fall under exactly one row, so the rows neither overlap nor leave anything out.
"""

from itertools import combinations, product

import pytest

from authserver import errors
from authserver.interaction import Situation, next_step

NOW, STARTED = 1_000_000.0, 999_990.0
ADA, BOB = "auth0|ada", "auth0|bob"

ASKS = ("login", "select_account", "consent")
PROMPTS = [("none",), *(names for size in range(4) for names in combinations(ASKS, size))]
# Seconds between the last login and now. 5 is after the request began (STARTED), 3600 is before.
SESSIONS = {"nobody": None, "old": 3_600.0, "new": 5.0}
AGES = {"unlimited": None, "long enough": 10_000, "exactly": 3_600, "too short": 3_599, "zero": 0}
# Whom the answer must be about: a hint, or the sub that was asked for; two contradicting ones leave nobody.
PEOPLE = {
    "anybody": None,
    "same": frozenset({ADA}),
    "one of": frozenset({ADA, BOB}),
    "other": frozenset({BOB}),
    "nobody": frozenset(),
}
CHOICES = {"chosen": True, "not chosen": False}
CONSENTS = {"needed": ("first time", False), "not needed": ("", False), "given": ("", True)}

# prompt has none, login, select_account, consent | session | too old for max_age | right person | account | consent → step
TABLE = """
    yes  -    -    -   | nobody | -   | -   | -          | -          → LoginRequired
    yes  -    -    -   | old    | -   | no  | -          | -          → LoginRequired
    yes  -    -    -   | new    | -   | no  | -          | -          → LoginRequired
    yes  -    -    -   | old    | yes | yes | -          | -          → LoginRequired
    yes  -    -    -   | old    | no  | yes | -          | needed     → ConsentRequired
    yes  -    -    -   | old    | no  | yes | -          | not needed → respond
    yes  -    -    -   | old    | no  | yes | -          | given      → respond
    yes  -    -    -   | new    | -   | yes | -          | needed     → ConsentRequired
    yes  -    -    -   | new    | -   | yes | -          | not needed → respond
    yes  -    -    -   | new    | -   | yes | -          | given      → respond
    no   -    -    -   | nobody | -   | -   | -          | -          → login
    no   -    -    -   | old    | -   | no  | -          | -          → login
    no   -    -    -   | new    | -   | no  | -          | -          → LoginRequired
    no   yes  -    -   | old    | -   | yes | -          | -          → login
    no   no   -    -   | old    | yes | yes | -          | -          → login
    no   no   yes  -   | old    | no  | yes | not chosen | -          → select_account
    no   no   yes  -   | old    | no  | yes | chosen     | needed     → consent
    no   no   yes  yes | old    | no  | yes | chosen     | not needed → consent
    no   no   yes  no  | old    | no  | yes | chosen     | not needed → respond
    no   no   yes  -   | old    | no  | yes | chosen     | given      → respond
    no   no   no   -   | old    | no  | yes | -          | needed     → consent
    no   no   no   yes | old    | no  | yes | -          | not needed → consent
    no   no   no   no  | old    | no  | yes | -          | not needed → respond
    no   no   no   -   | old    | no  | yes | -          | given      → respond
    no   -    -    -   | new    | -   | yes | -          | needed     → consent
    no   -    -    yes | new    | -   | yes | -          | not needed → consent
    no   -    -    no  | new    | -   | yes | -          | not needed → respond
    no   -    -    -   | new    | -   | yes | -          | given      → respond
"""
ROWS = [line.strip() for line in TABLE.strip().splitlines()]
PRODUCT = list(product(PROMPTS, SESSIONS, AGES, PEOPLE, CHOICES, CONSENTS))


def looked_at(combination):
    """A combination in the words of the table's columns."""
    prompt, session, age, person, choice, consent = combination
    yes = {True: "yes", False: "no"}
    return [
        *(yes[name in prompt] for name in ("none", *ASKS)),
        session,
        yes[age in ("too short", "zero")],
        yes[person in ("anybody", "same", "one of")],
        choice,
        consent,
    ]


def columns(row):
    prompts, *others = row.partition("→")[0].split("|")
    return [*prompts.split(), *(column.strip() for column in others)]


def falls_under(row, combination):
    return all(column in ("-", seen) for column, seen in zip(columns(row), looked_at(combination), strict=True))


def situation(combination):
    prompt, session, age, person, choice, consent = combination
    ago = SESSIONS[session]
    reason, consented = CONSENTS[consent]
    return Situation(
        started_at=STARTED,
        now=NOW,
        prompt=prompt,
        max_age=AGES[age],
        subject="" if ago is None else ADA,
        auth_time=0.0 if ago is None else NOW - ago,
        required_subjects=PEOPLE[person],
        account_confirmed=CHOICES[choice],
        consent_reason=reason,
        consented=consented,
    )


def outcome(combination):
    try:
        return str(next_step(situation(combination)))
    except errors.OAuthError as error:
        return type(error).__name__ if error.private.endswith(".") else "a refusal that tells the admin nothing"


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.spec("OIDC Core", "3.1.2.1", "prompt, max_age and id_token_hint")
def test_a_row_of_the_decision_table_holds_in_every_situation_that_it_describes(row):
    meant = [combination for combination in PRODUCT if falls_under(row, combination)]
    assert meant, "no situation is like this: the row is wrong"
    assert {outcome(combination) for combination in meant} == {row.partition("→")[2].strip()}


def test_every_situation_falls_under_exactly_one_row():
    assert len(PRODUCT) == 9 * 3 * 5 * 5 * 2 * 3
    for combination in PRODUCT:
        assert len([row for row in ROWS if falls_under(row, combination)]) == 1, combination


def test_a_silent_request_never_leads_to_a_page():
    silent = {outcome(combination) for combination in PRODUCT if combination[0] == ("none",)}
    assert silent == {"LoginRequired", "ConsentRequired", "respond"}


def test_a_login_in_the_very_moment_of_the_request_counts_for_it():
    asked = Situation(started_at=NOW, now=NOW, prompt=("login",), max_age=0, subject=ADA, auth_time=NOW)
    assert next_step(asked) == "respond"
    assert next_step(Situation(started_at=NOW, now=NOW, prompt=("login",), subject=ADA, auth_time=NOW - 0.001)) == "login"
