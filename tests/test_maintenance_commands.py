"""manage.py rotate_keys and cleanup: safe to run from cron, on as many hosts as there are."""

from datetime import timedelta
from io import StringIO

import jwt
import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.utils import timezone

from apis.services.apis import reveal_signing_secret, update_api
from tenants import config_cache
from tenants.models import SigningKey
from tests import factories
from tests.verification import verified

BY = factories.BY


def rotate(*arguments, **options):
    out = StringIO()
    call_command("rotate_keys", *arguments, stdout=out, **options)
    return out.getvalue().splitlines()


def signing(world):
    return jwt.get_unverified_header(world.ask().json()["access_token"])["kid"]


def make_older(world, days):
    since = timezone.now() - timedelta(days=days)
    SigningKey.objects.of(world.tenant).filter(state="current").update(current_since=since)


def test_rotate_keys_has_the_next_key_of_every_tenant_sign(acme, globex):
    before = {world.tenant.name: signing(world) for world in (acme, globex)}
    lines = rotate()
    after = {world.tenant.name: signing(world) for world in (acme, globex)}
    assert not set(before.values()) & set(after.values())
    assert lines == [f"{name}: {kid} signs now" for name, kid in after.items()]


def test_named_tenants_are_rotated_and_no_others(acme, globex):
    ours, theirs = signing(acme), signing(globex)
    rotate("globex")
    assert signing(acme) == ours
    assert signing(globex) != theirs


def test_an_unknown_name_stops_the_command_before_anything_is_rotated(acme, globex):
    before = signing(acme), signing(globex)
    with pytest.raises(CommandError, match=r"No tenant is called initech, umbrella\."):
        rotate("acme", "umbrella", "globex", "initech")
    assert (signing(acme), signing(globex)) == before


def test_only_keys_that_have_signed_for_longer_are_rotated(acme, globex):
    make_older(globex, days=31)
    ours, theirs = signing(acme), signing(globex)
    assert rotate(older_than=30)[0] == "acme: not due"
    assert signing(acme) == ours
    assert signing(globex) != theirs


def test_running_it_again_rotates_nothing_that_is_not_due_again(acme):
    make_older(acme, days=31)
    rotate(older_than=30)
    current = signing(acme)
    assert rotate(older_than=30) == ["acme: not due"]
    assert signing(acme) == current


def test_a_tenant_without_a_current_key_gets_one(acme):
    SigningKey.objects.of(acme.tenant).delete()
    config_cache.clear()
    assert rotate(older_than=30)[0].endswith("signs now")
    assert acme.ask().status_code == 200


def test_a_token_from_before_the_rotation_still_verifies(acme):
    token = acme.ask().json()["access_token"]
    rotate()
    rotate()
    assert verified(acme, token)


@pytest.fixture
def shared(globex):
    """globex's API, signed with a secret."""
    return update_api(globex.api, by=BY, signing_alg="HS256")


def test_after_rewrap_the_old_key_encryption_key_may_leave(acme, globex, shared, settings):
    signed_by, secret = signing(acme), reveal_signing_secret(shared)
    new = Fernet.generate_key().decode()
    settings.KEY_ENCRYPTION_KEYS = [new, *settings.KEY_ENCRYPTION_KEYS]
    assert rotate(rewrap=True) == [f"{SigningKey.objects.count() + 1} keys and secrets re-encrypted"]
    settings.KEY_ENCRYPTION_KEYS = [new]
    config_cache.clear()
    assert signing(acme) == signed_by
    token = globex.ask().json()["access_token"]
    assert jwt.decode(token, secret, algorithms=["HS256"], audience=shared.identifier)["iss"] == globex.issuer


def test_rewrap_without_the_old_key_says_so_and_spoils_nothing(acme, globex, shared, settings):
    old = settings.KEY_ENCRYPTION_KEYS
    settings.KEY_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(CommandError, match="KEY_ENCRYPTION_KEYS holds no key that opens this value"):
        rotate(rewrap=True)
    settings.KEY_ENCRYPTION_KEYS = old
    assert acme.ask().status_code == globex.ask().status_code == 200


def test_rewrap_rotates_no_key(acme):
    before = signing(acme)
    rotate(rewrap=True)
    config_cache.clear()
    assert signing(acme) == before
    assert SigningKey.objects.of(acme.tenant).count() == 2


@pytest.mark.parametrize("days", [-1, 10**10])
def test_an_age_that_makes_no_sense_is_refused(acme, days):
    before = signing(acme)
    with pytest.raises(CommandError):
        rotate(older_than=days)
    assert signing(acme) == before
