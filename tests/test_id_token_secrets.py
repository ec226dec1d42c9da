"""HS256 ID tokens: the client secret signs them, so it is readable to us, encrypted, and no longer than it must be."""

import time
from datetime import timedelta
from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from apis.models import Application, ClientSecret
from apis.services.applications import add_secret, create_application, end_secret, rotate_secret, update_application
from apis.services.id_token_secrets import rewrap_client_secrets
from tenants.keys import encryption, jws
from tenants.models import LogEvent, SigningKey
from tests import factories
from tests.security.test_T143_database_dump import dump

BY = factories.BY


def hs256(world, name="Shop"):
    """An application of `world` whose ID tokens are signed with its secret, and that secret."""
    return factories.make_application(world.tenant, name, app_type="regular_web", id_token_alg="HS256")


def readable(application):
    """Every secret of `application` as we could sign with it: the value, or None when only its hash is kept."""
    rows = ClientSecret.objects.filter(application=application)
    return [row.encrypted and encryption.decrypt(row.encrypted).decode() for row in rows]


def id_token(world, application, secret, **changes):
    now = int(time.time())
    claims = {"iss": world.issuer, "sub": "auth0|1", "aud": application.client_id, "iat": now, "exp": now + 60}
    signer = jws.hmac_signer(secret.encode())
    return signer.sign(signer.encode_header("JWT"), claims | changes)


def test_a_secret_is_readable_while_the_application_signs_with_it_and_else_a_hash(acme, globex):
    shop, secret = hs256(acme)
    assert readable(shop) == [secret]
    assert readable(acme.application) == readable(globex.application) == [None]
    fresh = rotate_secret(shop, by=BY, overlap=timedelta(hours=1))
    assert readable(shop) == [secret, fresh.value]
    factories.grant(shop, acme.api)
    for value, status in ((secret, 200), (fresh.value, 200), (acme.secret, 401)):
        assert acme.ask(client_id=shop.client_id, client_secret=value).status_code == status


def test_T118_a_secret_of_which_only_a_hash_is_kept_signs_no_id_token(acme):
    application = acme.application
    with pytest.raises(ValidationError, match="End it first, then choose HS256, then add a new secret") as refusal:
        update_application(application, by=BY, id_token_alg="HS256")
    assert list(refusal.value.message_dict) == ["id_token_alg"]
    assert Application.objects.get(pk=application.pk).id_token_alg == "RS256"
    application.refresh_from_db()
    end_secret(application.secrets.get(), by=BY)
    update_application(application, by=BY, id_token_alg="HS256")
    fresh = add_secret(application, by=BY)
    assert readable(application) == [None, fresh.value]
    assert acme.ask(client_secret=acme.secret).status_code == 401
    assert acme.ask(client_secret=fresh.value).status_code == 200


def test_T118_a_hashed_secret_that_ends_later_still_counts(acme):
    rotate_secret(acme.application, by=BY, overlap=timedelta(hours=1))
    end_secret(acme.application.secrets.last(), by=BY)
    with pytest.raises(ValidationError, match="only a hash is kept"):
        update_application(acme.application, by=BY, id_token_alg="HS256")


@pytest.mark.parametrize("alg", ["RS256", "PS256"])
def test_an_application_that_leaves_hs256_leaves_no_readable_secret_behind(acme, globex, alg):
    shop, secret = hs256(acme)
    other, theirs = hs256(globex)
    update_application(shop, by=BY, id_token_alg=alg)
    assert readable(shop) == [None]
    assert readable(other) == [theirs]
    factories.grant(shop, acme.api)
    assert acme.ask(client_id=shop.client_id, client_secret=secret).status_code == 200, "it authenticates as before"
    assert SigningKey.objects.of(acme.tenant).filter(alg=alg).count() == 2
    with pytest.raises(ValidationError, match="only a hash is kept"):
        update_application(shop, by=BY, id_token_alg="HS256")


def test_another_change_leaves_the_readable_secret_as_it_is(acme):
    shop, secret = hs256(acme)
    update_application(shop, by=BY, name="Store", id_token_lifetime=60)
    assert readable(shop) == [secret]


def test_a_public_client_has_no_secret_to_sign_with(acme):
    with pytest.raises(ValidationError, match="A public client has no secret") as refusal:
        create_application(acme.tenant, "Tracker", by=BY, app_type="spa", id_token_alg="HS256")
    assert list(refusal.value.message_dict) == ["id_token_alg"]
    spa, _ = factories.make_application(acme.tenant, "Tracker", app_type="spa")
    with pytest.raises(ValidationError, match="A public client has no secret"):
        update_application(spa, by=BY, id_token_alg="HS256")
    shop, secret = hs256(acme)
    public = {"token_endpoint_auth_method": "none", "grant_types": ["authorization_code"]}
    with pytest.raises(ValidationError, match="A public client has no secret"):
        update_application(shop, by=BY, **public)
    assert readable(shop) == [secret], "nothing has changed"
    shop.refresh_from_db()
    update_application(shop, by=BY, id_token_alg="RS256", **public)
    assert readable(shop) == []


def test_what_is_stored_decides_whether_a_new_secret_is_readable(acme):
    """The page that adds it may have been opened before the algorithm was changed."""
    shop, _ = hs256(acme)
    stale = Application.objects.get(pk=shop.pk)
    update_application(shop, by=BY, id_token_alg="RS256")
    add_secret(stale, by=BY)
    assert readable(shop) == [None, None]


@pytest.mark.parametrize("alg", ["none", "RS512", "HS512", "rs256", ""])
def test_an_id_token_algorithm_that_is_not_offered_is_refused(acme, alg):
    with pytest.raises(ValidationError):
        update_application(acme.application, by=BY, id_token_alg=alg)
    with pytest.raises(ValidationError):
        factories.make_application(acme.tenant, id_token_alg=alg)


def test_T117_a_secret_shorter_than_the_hash_is_neither_kept_nor_used(acme):
    shop, _ = hs256(acme)
    with pytest.raises(ValidationError, match="at least 32 characters"):
        add_secret(shop, by=BY, value="x" * 31)
    for short in ("x" * 31, "x"):
        with pytest.raises(jws.InvalidTokenError):
            jws.verify_hmac(id_token(acme, shop, short), [short.encode()], issuer=acme.issuer)
    with pytest.raises(jws.InvalidTokenError):
        jws.verify_hmac(id_token(acme, shop, "x"), [b""], issuer=acme.issuer)
    assert jws.verify_hmac(id_token(acme, shop, "x" * 32), [b"x" * 32], issuer=acme.issuer)


def test_an_id_token_is_recognised_by_any_secret_of_its_client_and_by_no_other(acme, globex):
    shop, secret = hs256(acme)
    _, theirs = hs256(globex)
    secrets = [b"another secret of the same client", secret.encode()]
    token = id_token(acme, shop, secret)
    assert jws.verify_hmac(token, secrets, issuer=acme.issuer, audience=shop.client_id)["sub"] == "auth0|1"
    for held in ([], [theirs.encode()], secrets[:1]):
        with pytest.raises(jws.InvalidTokenError, match="Invalid signature"):
            jws.verify_hmac(token, held, issuer=acme.issuer)
    with pytest.raises(jws.InvalidTokenError, match="Bad audience"):
        jws.verify_hmac(token, secrets, issuer=acme.issuer, audience=acme.application.client_id)
    with pytest.raises(jws.InvalidTokenError):
        jws.verify_hmac(token, secrets, issuer=globex.issuer)
    with pytest.raises(jws.InvalidTokenError):
        jws.verify_hmac("x" * 20_000, secrets, issuer=acme.issuer)


def test_an_expired_id_token_is_a_hint_still(acme):
    shop, secret = hs256(acme)
    token = id_token(acme, shop, secret, exp=int(time.time()) - 1)
    with pytest.raises(jws.InvalidTokenError, match="Expired"):
        jws.verify_hmac(token, [secret.encode()], issuer=acme.issuer)
    assert jws.verify_hmac(token, [secret.encode()], issuer=acme.issuer, expired_ok=True)


def test_whom_an_id_token_is_for_can_be_asked_before_it_is_trusted(acme):
    shop, secret = hs256(acme)
    for token in (id_token(acme, shop, secret), id_token(acme, shop, "f" * 32), id_token(acme, shop, secret, exp=1)):
        assert jws.unverified_audience(token) == shop.client_id
    lists = [id_token(acme, shop, secret, aud=value) for value in (["a", "b"], [shop.client_id], None, 1, {"a": 1})]
    for token in [*lists, "", "a.b.c", "x" * 20_000, "\ud800.a.b", "e30.W10.AA", "e30.e30.AA"]:
        assert jws.unverified_audience(token) == ""


def test_T143_a_readable_secret_stands_in_no_dump_no_event_and_no_representation(acme):
    shop, secret = hs256(acme)
    fresh = rotate_secret(shop, by=BY)
    update_application(shop, by=BY, name="Store")
    told = dump() + str(list(LogEvent.objects.values())) + str(acme.events("sapi")) + repr(fresh) + repr(fresh.row)
    assert readable(shop) == [secret, fresh.value], "it is there, encrypted"
    assert secret not in told
    assert fresh.value not in told


def rewrapped():
    out = StringIO()
    call_command("rotate_keys", rewrap=True, stdout=out)
    return out.getvalue().split()[0]


def test_after_rewrap_the_old_key_encryption_key_may_leave(acme, globex, settings):
    shop, secret = hs256(acme)
    _, new = hs256(globex), Fernet.generate_key().decode()
    settings.KEY_ENCRYPTION_KEYS = [new, *settings.KEY_ENCRYPTION_KEYS]
    assert rewrapped() == str(SigningKey.objects.count() + 2)
    settings.KEY_ENCRYPTION_KEYS = [new]
    assert readable(shop) == [secret]
    assert readable(acme.application) == [None]


def test_rewrap_without_the_old_key_spoils_no_secret(acme, settings):
    shop, secret = hs256(acme)
    old = settings.KEY_ENCRYPTION_KEYS
    settings.KEY_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(encryption.UndecryptableError):
        rewrap_client_secrets()
    with pytest.raises(CommandError):
        rewrapped()
    settings.KEY_ENCRYPTION_KEYS = old
    assert readable(shop) == [secret]


def test_rewrapping_brings_no_copy_back_that_was_erased_meanwhile(acme, monkeypatch):
    shop, _ = hs256(acme)
    rewrap = encryption.rewrap

    def leave_first(value):
        update_application(shop, by=BY, id_token_alg="RS256")
        return rewrap(value)

    monkeypatch.setattr(encryption, "rewrap", leave_first)
    assert rewrap_client_secrets() == 0
    assert readable(shop) == [None]
