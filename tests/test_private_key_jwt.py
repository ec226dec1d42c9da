"""What a client assertion must say (RFC 7523 §3), refusal by refusal. Ids are those of the security checklist."""

import json
import time

import jwt
import pytest

from tests.client_keys import ask, assertion, claims, part, private_key, private_pem, refused, signing, why
from tests.verification import verified


@pytest.fixture
def signer(acme):
    """acme's application, which signs assertions from now on."""
    return signing(acme.application)


def test_an_assertion_stands_for_the_client(acme, signer):
    response = ask(acme, assertion(signer, acme))
    assert response.status_code == 200
    assert verified(acme, response.json()["access_token"])["azp"] == signer.client_id
    assert acme.events("seccft")[0].client_id == signer.client_id


def test_what_auth0s_own_library_signs_is_taken(acme, signer):
    from auth0.authentication.client_authentication import create_client_assertion_jwt

    signed = create_client_assertion_jwt(acme.domain.host, signer.client_id, private_pem(), "RS256")
    assert ask(acme, signed, client_id=signer.client_id).status_code == 200


def test_client_id_may_come_along(acme, signer):
    assert ask(acme, assertion(signer, acme), client_id=signer.client_id).status_code == 200


@pytest.mark.parametrize("alg", ["RS256", "RS384", "PS256"])
def test_every_algorithm_that_a_key_may_be_registered_for_verifies(acme, alg):
    application = signing(acme.application, alg=alg)
    assert ask(acme, assertion(application, acme, alg=alg)).status_code == 200


@pytest.mark.parametrize("typ", ["JWT", "jwt", None, "client-authentication+jwt", "application/client-authentication+jwt"])
def test_what_the_header_may_call_an_assertion(acme, signer, typ):
    assert ask(acme, assertion(signer, acme, header={"typ": typ})).status_code == 200


AUDIENCES = {
    "the issuer": lambda issuer: issuer,
    "the issuer in a list": lambda issuer: [issuer],
    "the token endpoint": lambda issuer: f"{issuer}oauth/token",
}


@pytest.mark.parametrize("audience", AUDIENCES.values(), ids=AUDIENCES)
def test_the_audience_is_the_issuer_or_its_token_endpoint(acme, signer, audience):
    assert ask(acme, assertion(signer, acme, aud=audience(acme.issuer))).status_code == 200


OTHER_AUDIENCES = {
    "none": lambda issuer: None,
    "no server at all": lambda issuer: [],
    "two servers": lambda issuer: [issuer, "https://other.example/"],
    "this one in two ways": lambda issuer: [issuer, f"{issuer}oauth/token"],
    "another one": lambda issuer: "https://other.example/",
    "without the slash": lambda issuer: issuer.rstrip("/"),
    "another endpoint": lambda issuer: f"{issuer}oauth/revoke",
    "with a query": lambda issuer: f"{issuer}oauth/token?x=1",
    "in capitals": lambda issuer: issuer.upper(),
    "a number": lambda issuer: 1,
    "an object": lambda issuer: {issuer: issuer},
    "a list in a list": lambda issuer: [[issuer]],
}


@pytest.mark.parametrize("audience", OTHER_AUDIENCES.values(), ids=OTHER_AUDIENCES)
def test_T065_an_assertion_for_another_audience_is_refused(acme, signer, audience):
    assert refused(ask(acme, assertion(signer, acme, aud=audience(acme.issuer))))
    assert why(acme) == f"aud of the assertion must be {acme.issuer} and nothing else."


IN_TIME = {
    "expired within the skew": {"iat": -60, "exp": -8},
    "issued by a clock that is ahead": {"iat": 8, "exp": 60},
    "beginning by a clock that is ahead": {"nbf": 8},
    "as long as allowed": {"iat": 0, "exp": 300},
    "as long as allowed, by a clock that is ahead": {"iat": None, "exp": 308},
    "without iat": {"iat": None},
}
OUT_OF_TIME = {
    "no exp": ({"exp": None}, "The assertion has no exp."),
    "expired": ({"iat": -60, "exp": -11}, "The assertion has expired."),
    "longer than five minutes": ({"iat": -10, "exp": 291}, "The assertion lives for more than 300 seconds."),
    "longer than five minutes, without iat": ({"iat": None, "exp": 320}, "The assertion lives for more than 300 seconds."),
    "exp for ever": ({"iat": None, "exp": 10**15}, "The assertion lives for more than 300 seconds."),
    "issued in the future": (
        {"iat": 20, "exp": 60},
        "The assertion begins in the future (iat, nbf): compare the clocks.",
    ),
    "beginning in the future": ({"nbf": 20}, "The assertion begins in the future (iat, nbf): compare the clocks."),
}


def at(moments):
    """Seconds from now → seconds since 1970."""
    return {name: None if moment is None else int(time.time()) + moment for name, moment in moments.items()}


@pytest.mark.parametrize("moments", IN_TIME.values(), ids=IN_TIME)
def test_T065_clocks_may_differ_a_little(acme, signer, moments):
    assert ask(acme, assertion(signer, acme, **at(moments))).status_code == 200


@pytest.mark.parametrize(("moments", "reason"), OUT_OF_TIME.values(), ids=OUT_OF_TIME)
def test_T065_an_assertion_out_of_its_time_is_refused(acme, signer, moments, reason):
    assert refused(ask(acme, assertion(signer, acme, **at(moments))))
    assert why(acme) == reason


@pytest.mark.parametrize("name", ["exp", "iat", "nbf"])
@pytest.mark.parametrize("value", ["1900000000", True, [], {}])
def test_T065_a_time_that_is_no_number_is_refused(acme, signer, name, value):
    signed = jwt.PyJWS().encode(
        json.dumps(claims(signer, acme) | {name: value}).encode(), private_key(), "RS256", headers={"typ": "JWT"}
    )
    assert refused(ask(acme, signed))
    assert why(acme) == f"{name} of the assertion must be a number of seconds."


PARTIES = {
    "no sub": {"sub": None},
    "no iss": {"iss": None},
    "another iss": {"iss": "somebody"},
    "no jti": {"jti": None},
    "an empty jti": {"jti": ""},
    "a long jti": {"jti": "x" * 65},
    "a long iss": {"iss": "x" * 65},
    "a jti with NUL": {"jti": "a\x00b"},
    "a sub with NUL": {"sub": "a\x00b"},
}


@pytest.mark.parametrize("changes", PARTIES.values(), ids=PARTIES)
def test_T065_iss_and_sub_are_the_client_and_jti_is_a_short_text(acme, signer, changes):
    assert refused(ask(acme, assertion(signer, acme, **changes)))


@pytest.mark.parametrize("name", ["iss", "sub", "jti"])
@pytest.mark.parametrize("value", [1, ["x"], {"x": "x"}, True])
def test_T065_names_are_text(acme, signer, name, value):
    body = json.dumps(claims(signer, acme) | {name: value}).encode()
    assert refused(ask(acme, jwt.PyJWS().encode(body, private_key(), "RS256")))
    assert why(acme) == f"{name} of the assertion must be a text of 1 to 64 characters."


def test_T065_a_jti_of_64_characters_is_taken(acme, signer):
    assert ask(acme, assertion(signer, acme, jti="x" * 64)).status_code == 200


def test_an_assertion_of_more_than_2048_bytes_is_refused_unread(acme, signer):
    assert refused(ask(acme, assertion(signer, acme, padding="x" * 1_500)))
    assert why(acme) == "The assertion has more than 2048 bytes."


@pytest.mark.parametrize(
    "signed",
    [
        "x",
        "..",
        "a.b.c",
        "ü.ü.ü",
        f"{part({'alg': 'RS256'})}.{part(b'[]')}.",
        f"{part({'alg': 'RS256'})}.{part(b'1')}.x",
        f"{part({'alg': 'RS256'})}.{part(b'not json')}.x",
        f"{part(b'not json')}.{part({'sub': 'x'})}.x",
        f"{part([])}.{part({'sub': 'x'})}.x",
        f"{part({'alg': 'RS256'})}.{part(b'[' * 1000)}.x",
    ],
)
def test_what_is_no_jwt_is_refused(acme, signer, signed):
    assert refused(ask(acme, signed))
