"""Random histories of one token family, played against a model: one live refresh token at most, none after its end.

The histories are the same in each run; what was found once stays findable (L-29).
"""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from apis.services import applications
from authserver.models import AuthorizationCode, RefreshToken, TokenFamily
from tests.factories import BY
from tests.people import answer
from tests.standing import introspect, revoke, userinfo

HISTORIES, STEPS = 15, 12
LEEWAY = 60


class Family(RuleBasedStateMachine):
    """`people` and a signed-in `browser` come from the test. The model is what the class remembers between the calls."""

    people: Any
    browser: Any

    @initialize()
    def authorize(self) -> None:
        self.code = answer(self.people.authorize(self.browser))["code"]
        self.family = TokenFamily.objects.order_by("-created_at").first().pk
        self.code_used = self.code_old = self.ended = self.expired = self.late = False
        self.refresh_tokens: list[str] = []
        self.access_tokens: list[str] = []

    def took(self, response: Any, expected: bool) -> None:
        assert response.status_code == (200 if expected else 403), response.content
        if expected:
            self.access_tokens.append(response.json()["access_token"])

    @rule()
    def redeem(self) -> None:
        good = not (self.code_used or self.ended or self.code_old)
        response = self.people.redeem(self.code)
        self.took(response, good)
        if good:
            self.refresh_tokens.append(response.json()["refresh_token"])
        self.ended = self.ended or self.code_used
        self.code_used = self.code_used or good

    @rule()
    def wrong_redirect_uri(self) -> None:
        self.took(self.people.redeem(self.code, redirect_uri="https://evil.example/"), False)
        # A wrong proof uses the code up, and a used one was replayed: either way the family is over, unless it was too old.
        self.ended = self.ended or self.code_used or not self.code_old
        self.code_used = self.code_used or not self.code_old

    @precondition(lambda self: self.refresh_tokens)
    @rule()
    def refresh_the_newest(self) -> None:
        good = not (self.ended or self.expired)
        response = self.people.refresh(self.refresh_tokens[-1])
        self.took(response, good)
        if good:
            self.refresh_tokens.append(response.json()["refresh_token"])
            self.late = False

    @precondition(lambda self: len(self.refresh_tokens) >= 2)
    @rule()
    def repeat_the_one_before(self) -> None:
        good = not (self.ended or self.expired or self.late)
        response = self.people.refresh(self.refresh_tokens[-2])
        self.took(response, good)
        if good:
            assert response.json()["refresh_token"] == self.refresh_tokens[-1]
        # Past its absolute end a token is only old; before, a second use outside the leeway is a theft.
        self.ended = self.ended or (self.late and not self.expired)

    @precondition(lambda self: len(self.refresh_tokens) >= 3)
    @rule()
    def reuse_an_old_one(self) -> None:
        self.took(self.people.refresh(self.refresh_tokens[0]), False)
        self.ended = self.ended or not self.expired

    @precondition(lambda self: self.refresh_tokens)
    @rule()
    def another_client_tries(self) -> None:
        self.took(self.people.refresh_spa(self.refresh_tokens[-1]), False)
        assert revoke(self.people, self.refresh_tokens[-1], **self.spa()).status_code == 200

    @precondition(lambda self: self.access_tokens)
    @rule()
    def give_the_access_token_back(self) -> None:
        revoke(self.people, self.access_tokens[-1])
        self.ended = True

    @precondition(lambda self: self.refresh_tokens)
    @rule()
    def give_an_old_refresh_token_back(self) -> None:
        revoke(self.people, self.refresh_tokens[0])
        self.ended = True

    @rule()
    def a_minute_passes(self) -> None:
        """The code is too old now, and the leeway is over. The tokens themselves live for days."""
        before = timezone.now() - timedelta(seconds=LEEWAY + 1)
        AuthorizationCode.objects.filter(family=self.family).update(expires=before)
        RefreshToken.objects.filter(family=self.family).exclude(used_at=None).update(used_at=before)
        self.code_old = self.late = True

    @precondition(lambda self: self.refresh_tokens)
    @rule()
    def a_month_passes(self) -> None:
        RefreshToken.objects.filter(family=self.family).update(expires_at=timezone.now() - timedelta(seconds=1))
        self.expired = True

    @invariant()
    def at_most_one_refresh_token_is_unused(self) -> None:
        if hasattr(self, "family"):
            assert RefreshToken.objects.filter(family=self.family, used_at=None).count() <= 1

    @invariant()
    def nothing_lives_after_the_end(self) -> None:
        if not hasattr(self, "family"):
            return
        assert (TokenFamily.objects.get(pk=self.family).revoked_at is not None) == self.ended
        for token in self.access_tokens[-2:]:
            assert userinfo(self.people.world, token).status_code == (401 if self.ended else 200)
        for age, token in enumerate(reversed(self.refresh_tokens)):
            alive = age == 0 and not (self.ended or self.expired)
            assert introspect(self.people, token).json()["active"] == alive

    def spa(self) -> dict[str, Any]:
        return {"client_id": self.people.spa.client_id, "client_secret": None}


def test_T050_T051_T054_no_history_of_a_family_leaves_two_live_tokens_or_one_after_its_end(people):
    applications.update_application(people.web, refresh_token_rotation="rotating", refresh_token_leeway=LEEWAY, by=BY)
    machine = type("FamilyOfAda", (Family,), {"people": people, "browser": people.signed_in()})
    few = settings(max_examples=HISTORIES, stateful_step_count=STEPS, deadline=None, derandomize=True, database=None)
    run_state_machine_as_test(machine, settings=few)
