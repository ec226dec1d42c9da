"""T-058: what takes a person's or an application's access away takes it at once, wherever a token is answered to."""

import pytest

from apis.models import Application
from apis.services import applications, connections
from authserver import consents
from authserver.models import Consent
from tenants.models import User
from tenants.services import create_user, delete_user, set_password, update_user
from tests.factories import BY
from tests.people import PASSWORD
from tests.standing import backend, introspect, is_alive, revoke, userinfo

NEW_PASSWORD = PASSWORD[::-1]


def disable(people):
    applications.update_application(Application.objects.get(pk=people.web.pk), enabled=False, by=BY)


# How access ends, and how the refresh token is refused then.
ENDINGS = {
    "the password was changed": (lambda people: set_password(people.user, NEW_PASSWORD, by=BY), 403),
    "the person was blocked": (lambda people: update_user(people.user, blocked=True, by=BY), 403),
    "the person was blocked past the services": (lambda people: User.objects.update(blocked=True), 403),
    "the person was deleted": (lambda people: delete_user(people.user, by=BY), 403),
    "the consent was taken back": (lambda people: [consents.withdraw(row, BY) for row in Consent.objects.all()], 403),
    "the application was disabled": (disable, 401),
    "the application was deleted": (lambda people: applications.delete_application(people.web, by=BY), 401),
    "the directory was switched off": (lambda people: connections.set_connections(people.web, [], by=BY), 403),
    "the token was given back": (lambda people: revoke(people, people.last["access_token"]), 403),
}


class Held:
    """People who remember the tokens that they were issued last."""

    def __init__(self, people):
        self._people = people
        self.last = people.tokens()

    def __getattr__(self, name):
        return getattr(self._people, name)


@pytest.mark.parametrize("ending", ENDINGS)
def test_T058_refresh_introspection_and_userinfo_refuse_at_once(people, ending):
    end, refresh_status = ENDINGS[ending]
    asker, held = backend(people), Held(people)
    tokens = held.last
    assert is_alive(people, tokens)
    end(held)
    assert userinfo(people.world, tokens["access_token"]).status_code == 401
    assert introspect(people, tokens["access_token"], **asker).json() == {"active": False}
    refused = people.refresh(tokens["refresh_token"])
    assert refused.status_code == refresh_status
    assert "access_token" not in refused.json()


@pytest.mark.parametrize("ending", [name for name in ENDINGS if "consent" not in name and "given back" not in name])
def test_T058_an_opaque_token_ends_as_well(people, ending):
    token = people.tokens(audience=None)["access_token"]
    assert userinfo(people.world, token).status_code == 200
    ENDINGS[ending][0](people)
    assert userinfo(people.world, token).status_code == 401


def test_T058_another_persons_access_stays(people):
    tokens = people.tokens()
    grace = create_user(people.connection, email="grace@example.com", password=PASSWORD, by=BY)
    update_user(grace, blocked=True, by=BY)
    set_password(grace, NEW_PASSWORD, by=BY)
    delete_user(grace, by=BY)
    assert is_alive(people, tokens)


def test_T058_another_applications_access_stays(people):
    tokens = people.tokens()
    spa = people.spa_tokens()
    applications.update_application(people.spa, enabled=False, by=BY)
    assert is_alive(people, tokens)
    assert userinfo(people.world, spa["access_token"]).status_code == 401


def test_T058_the_same_events_at_another_tenant_end_nothing_here(people, strangers):
    tokens = people.tokens()
    update_user(strangers.user, blocked=True, by=BY)
    set_password(strangers.user, NEW_PASSWORD, by=BY)
    delete_user(strangers.user, by=BY)
    assert is_alive(people, tokens)


def test_T058_a_change_of_the_name_ends_nothing(people):
    tokens = people.tokens()
    update_user(people.user, name="Augusta King", by=BY)
    assert is_alive(people, tokens)


def test_T058_enabling_the_application_again_brings_back_what_was_never_revoked(people):
    tokens = people.tokens()
    disable(people)
    applications.update_application(Application.objects.get(pk=people.web.pk), enabled=True, by=BY)
    assert is_alive(people, tokens)
