"""ID tokens of people, verified as applications do: by the published keys or their own secret; hashes recomputed here."""

import base64
import hashlib
import json
import time

import jwt
import pytest
from django.core.exceptions import ValidationError

from apis.models import ClientSecret
from apis.services import applications
from authserver.models import TokenFamily
from tenants.models import User
from tenants.services import update_tenant, update_user
from tests.factories import BY
from tests.people import answer
from tests.standing import claims, userinfo

PAIRS = ["RS256", "PS256", "ES256", "EdDSA"]


def use(people, alg):
    """The web application's ID tokens are signed with `alg` from now on."""
    update_tenant(people.world.tenant, flags={"enable_ec_keys": True, "enable_okp_keys": True}, by=BY)
    if alg == "HS256":
        for secret in people.web.secrets.all():
            applications.end_secret(secret, by=BY)
    applications.update_application(people.web, id_token_alg=alg, by=BY)
    if alg == "HS256":
        people.secret = applications.add_secret(people.web, by=BY).value


def checked(people, token, alg, client_id=""):
    """The claims of an ID token, as a careful application reads them."""
    key = people.secret
    if alg != "HS256":
        key_set = jwt.PyJWKSet.from_dict(people.world.http().get("/.well-known/jwks.json").json())
        key = key_set[jwt.get_unverified_header(token)["kid"]]
    return jwt.decode(
        token,
        key,
        algorithms=[alg],
        audience=client_id or people.web.client_id,
        issuer=people.world.issuer,
        options={"require": ["iss", "sub", "aud", "exp", "iat"]},
    )


def half(value, alg):
    """OIDC Core §3.1.3.6, written anew: the left half of the hash that the algorithm has."""
    full = (hashlib.sha512 if alg == "EdDSA" else hashlib.sha256)(value.encode("ascii")).digest()
    return base64.urlsafe_b64encode(full[: len(full) // 2]).decode().rstrip("=")


def from_browser(people, response_type, **changes):
    return answer(people.through(people.browser(), response_type=response_type, **changes))


@pytest.mark.spec("OIDC Core", "2", "claims of an ID token")
def test_it_says_who_signed_in_when_how_and_for_whom(people):
    stated = checked(people, people.tokens()["id_token"], "RS256")
    assert stated["sub"] == people.user.user_id
    assert stated["aud"] == people.web.client_id
    assert stated["exp"] - stated["iat"] == 36_000
    assert abs(stated["iat"] - time.time()) < 5
    assert stated["auth_time"] == int(TokenFamily.objects.get().auth_time.timestamp())
    assert (stated["acr"], stated["amr"], stated["nonce"]) == ("1", ["pwd"], "nonce-1")
    assert stated["sid"] == people.world.tenant.sessions.get().pk


def test_it_lives_as_long_as_the_application_says(people):
    applications.update_application(people.web, id_token_lifetime=120, by=BY)
    stated = claims(people.tokens()["id_token"])
    assert stated["exp"] - stated["iat"] == 120


def test_without_openid_there_is_none(people):
    assert "id_token" not in people.tokens(scope="profile email offline_access")


def test_without_a_nonce_it_has_none(people):
    assert "nonce" not in claims(people.tokens(nonce=None)["id_token"])


@pytest.mark.parametrize("alg", [*PAIRS, "HS256"])
def test_T119_each_algorithm_verifies_and_binds_the_access_token(people, alg):
    use(people, alg)
    tokens = people.tokens()
    assert jwt.get_unverified_header(tokens["id_token"])["alg"] == alg
    assert checked(people, tokens["id_token"], alg)["at_hash"] == half(tokens["access_token"], alg)


@pytest.mark.parametrize("alg", [*PAIRS, "HS256"])
@pytest.mark.spec("OIDC Core", "3.3.2.11", "at_hash and c_hash of a hybrid answer")
def test_T119_a_hybrid_id_token_binds_code_state_and_access_token(people, alg):
    use(people, alg)
    sent = from_browser(people, "code id_token token", state="a state")
    stated = checked(people, sent["id_token"], alg)
    assert stated["c_hash"] == half(sent["code"], alg)
    assert stated["s_hash"] == half("a state", alg)
    assert stated["at_hash"] == half(sent["access_token"], alg)
    later = people.redeem(sent["code"]).json()
    after = checked(people, later["id_token"], alg)
    assert after["at_hash"] == half(later["access_token"], alg)
    assert "c_hash" not in after
    assert (after["iss"], after["sub"]) == (stated["iss"], stated["sub"])


@pytest.mark.parametrize(
    ("response_type", "hashes"),
    [
        ("id_token", {"s_hash"}),
        ("id_token token", {"at_hash", "s_hash"}),
        ("code id_token", {"c_hash", "s_hash"}),
        ("code id_token token", {"at_hash", "c_hash", "s_hash"}),
    ],
)
def test_T119_what_comes_along_is_bound_and_nothing_else(people, response_type, hashes):
    stated = claims(from_browser(people, response_type)["id_token"])
    assert {name for name in stated if name.endswith("_hash")} == hashes


def test_T119_without_a_state_there_is_no_s_hash(people):
    assert "s_hash" not in claims(from_browser(people, "code id_token", state=None)["id_token"])


def test_T118_hs256_signs_with_the_client_secret_which_is_then_kept_encrypted(people):
    use(people, "HS256")
    token = people.tokens()["id_token"]
    assert "kid" not in jwt.get_unverified_header(token)
    assert checked(people, token, "HS256")["sub"] == people.user.user_id
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(token, people.secret[::-1], algorithms=["HS256"], audience=people.web.client_id)
    stored = ClientSecret.objects.get(application=people.web, encrypted__isnull=False)
    assert people.secret.encode() not in bytes(stored.encrypted)


def test_T118_a_hashed_secret_is_never_the_key(people):
    with pytest.raises(ValidationError, match="only a hash is kept"):
        applications.update_application(people.web, id_token_alg="HS256", by=BY)
    with pytest.raises(ValidationError, match="public client"):
        applications.update_application(people.spa, id_token_alg="HS256", by=BY)
    type(people.web).objects.filter(pk=people.web.pk).update(id_token_alg="HS256")  # past the rule, as an old row might be
    code = people.code()
    response = people.redeem(code)
    assert response.status_code == 503
    assert "id_token" not in response.content.decode()
    assert "kept readable" in people.world.events("feacft")[0].details["remedy"]


def test_T118_of_two_readable_secrets_the_one_that_was_used_signs(people):
    use(people, "HS256")
    older = people.secret
    newer = applications.add_secret(people.web, by=BY).value
    for secret in (older, newer):
        token = people.redeem(people.code(), client_secret=secret).json()["id_token"]
        assert jwt.decode(token, secret, algorithms=["HS256"], audience=people.web.client_id)["sub"] == people.user.user_id


def test_T114_the_key_set_signs_what_the_application_registered_and_nothing_else(people):
    use(people, "PS256")
    token = people.tokens()["id_token"]
    with pytest.raises(jwt.PyJWTError):
        checked(people, token, "RS256")
    assert jwt.get_unverified_header(people.spa_tokens()["id_token"])["alg"] == "RS256"


# --- Claims about the person ---------------------------------------------------------------------------------------------
@pytest.fixture
def known(people):
    """Ada with everything that can be known of her."""
    further = {"birthdate": "1815-12-10", "locale": "en-GB", "address": {"country": "GB"}}
    update_user(
        people.user,
        given_name="Ada",
        family_name="Lovelace",
        nickname="ada",
        picture="https://ada.example/p.png",
        phone_number="+442079460000",
        phone_verified=True,
        email_verified=True,
        standard_claims=further,
        by=BY,
    )
    return people


PROFILE = {"name", "given_name", "family_name", "nickname", "picture", "updated_at", "birthdate", "locale"}
OF_SCOPES = [
    ("openid", set()),
    ("openid profile", PROFILE),
    ("openid email", {"email", "email_verified"}),
    ("openid phone", {"phone_number", "phone_number_verified"}),
    ("openid address", {"address"}),
]
ABOUT = PROFILE | {"email", "email_verified", "phone_number", "phone_number_verified", "address"}


@pytest.mark.parametrize(("scope", "expected"), OF_SCOPES)
def test_with_auth0s_profile_the_claims_of_the_scopes_stand_in_the_id_token(known, scope, expected):
    stated = claims(known.tokens(scope=scope)["id_token"])
    assert ABOUT & set(stated) == expected


@pytest.mark.spec("OIDC Core", "5.4", "claims of scopes come from userinfo, unless no access token is issued")
@pytest.mark.parametrize(("scope", "expected"), OF_SCOPES)
def test_with_the_oidc_profile_they_stand_at_userinfo_unless_the_id_token_comes_alone(known, scope, expected):
    update_tenant(known.world.tenant, security_profile="oidc", by=BY)
    tokens = known.tokens(scope=scope)
    assert ABOUT.isdisjoint(claims(tokens["id_token"]))
    assert set(userinfo(known.world, tokens["access_token"]).json()) == expected | {"sub"}
    assert ABOUT & set(claims(from_browser(known, "id_token", scope=scope)["id_token"])) == expected


def test_updated_at_is_text_as_auth0_writes_it_or_seconds_as_oidc_does(known):
    assert claims(known.tokens()["id_token"])["updated_at"].endswith("Z")
    update_tenant(known.world.tenant, security_profile="oidc", by=BY)
    seconds = userinfo(known.world, known.tokens()["access_token"]).json()["updated_at"]
    known.user.refresh_from_db()
    assert seconds == int(known.user.updated_at.timestamp())


@pytest.mark.spec("OIDC Core", "5.5", "claims asked for by name")
def test_claims_that_are_asked_for_by_name_come_where_they_were_asked_for(known):
    wanted = json.dumps({"id_token": {"phone_number": None}, "userinfo": {"birthdate": {"essential": True}}})
    tokens = known.tokens(scope="openid offline_access", claims=wanted)
    for body in (tokens, known.refresh(tokens["refresh_token"]).json()):
        assert ABOUT & set(claims(body["id_token"])) == {"phone_number"}
        assert set(userinfo(known.world, body["access_token"]).json()) == {"sub", "birthdate"}


def test_no_claim_asked_for_by_name_replaces_one_of_the_tokens_own(known):
    """Not even when the person's row holds such a name, past the rule that refuses it."""
    evil = {"aud": "someone", "sub": "someone", "iss": "https://evil.example/", "azp": "x", "jti": "y", "exp": 9_999_999_999}
    User.objects.filter(pk=known.user.pk).update(standard_claims=evil)
    wanted = json.dumps({"id_token": dict.fromkeys(evil), "userinfo": dict.fromkeys(evil)})
    tokens = known.tokens(claims=wanted)
    stated = checked(known, tokens["id_token"], "RS256")
    assert (stated["sub"], stated["aud"]) == (known.user.user_id, known.web.client_id)
    assert {"azp", "jti"}.isdisjoint(stated)
    assert userinfo(known.world, tokens["access_token"]).json()["sub"] == known.user.user_id


def test_what_is_not_known_is_left_out_rather_than_empty(people):
    stated = claims(people.tokens(scope="openid profile phone address")["id_token"])
    assert "" not in stated.values()
    assert {"given_name", "phone_number", "phone_number_verified", "address"}.isdisjoint(stated)
    assert stated["name"] == "Ada Lovelace"
