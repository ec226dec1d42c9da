"""Every refusal in both dialects, from one table: what Auth0 says, and what the RFCs say."""

import pytest

from authserver import dialects, errors

CASES = [
    # meaning, particulars, (Auth0 status, code), (RFC status, code), a word that the sentence must have
    (errors.InvalidRequest, {"reason": "Because"}, (400, "invalid_request"), (400, "invalid_request"), "Because"),
    (errors.MissingParameter, {"parameter": "p"}, (400, "invalid_request"), (400, "invalid_request"), "p"),
    (errors.RepeatedParameter, {"parameter": "p"}, (400, "invalid_request"), (400, "invalid_request"), "p"),
    (
        errors.UnsupportedContentType,
        {"content_type": "text/plain"},
        (400, "invalid_request"),
        (400, "invalid_request"),
        "text/plain",
    ),
    (errors.BodyTooLarge, {"limit": "9"}, (413, "invalid_request"), (413, "invalid_request"), "9"),
    (errors.SeveralAuthMethods, {}, (400, "invalid_request"), (400, "invalid_request"), "client_secret"),
    (errors.ClientAuthenticationFailed, {"reason": "private"}, (401, "access_denied"), (401, "invalid_client"), ""),
    (
        errors.UnsupportedGrantType,
        {"grant_type": "g"},
        (403, "unsupported_grant_type"),
        (400, "unsupported_grant_type"),
        "g",
    ),
    (errors.GrantTypeNotAllowed, {"grant_type": "g"}, (403, "unauthorized_client"), (400, "unauthorized_client"), "g"),
    (errors.MissingAudience, {}, (403, "access_denied"), (400, "invalid_target"), "audience"),
    (errors.SeveralAudiences, {}, (400, "invalid_request"), (400, "invalid_target"), "resource"),
    (errors.UnknownAudience, {"audience": "urn:a"}, (403, "access_denied"), (400, "invalid_target"), "urn:a"),
    (errors.APIsSectionDisabled, {"audience": "urn:a"}, (403, "access_denied"), (400, "invalid_target"), "urn:a"),
    (
        errors.NotGranted,
        {"audience": "urn:a", "client_id": "c"},
        (403, "access_denied"),
        (400, "invalid_target"),
        "urn:a",
    ),
    (
        errors.ScopeNotGranted,
        {"scope": "s", "audience": "urn:a", "client_id": "c"},
        (403, "access_denied"),
        (400, "invalid_scope"),
        "s",
    ),
    (errors.MethodNotAllowed, {"method": "GET"}, (405, "method_not_allowed"), (405, "method_not_allowed"), "POST"),
    (
        errors.TemporarilyUnavailable,
        {"reason": "private"},
        (503, "temporarily_unavailable"),
        (503, "temporarily_unavailable"),
        "again",
    ),
]


@pytest.mark.parametrize(("meaning", "particulars", "auth0", "rfc", "word"), CASES, ids=str)
def test_a_meaning_has_its_status_code_and_sentence_in_both_dialects(meaning, particulars, auth0, rfc, word):
    error = meaning(**particulars)
    for dialect, expected in (("auth0", auth0), ("rfc", rfc)):
        said = dialects.wording(dialect, error)
        assert (said.status, said.code) == expected
        assert word in said.text
        assert "private" not in said.text
        assert "{" not in said.text
    assert "{" not in error.private


def test_every_meaning_is_in_the_table_and_in_both_dialects():
    defined = {value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, errors.OAuthError)}
    defined.remove(errors.OAuthError)
    assert set(dialects.meanings()) == defined == {case[0] for case in CASES}


def test_the_rfc_dialect_uses_only_codes_that_the_rfcs_define():
    registered = {
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "invalid_scope",
        "invalid_target",
        "unauthorized_client",
        "unsupported_grant_type",
        "temporarily_unavailable",
        "method_not_allowed",  # no OAuth error: HTTP's own 405
    }
    for meaning, particulars, *_ in CASES:
        assert dialects.wording("rfc", meaning(**particulars)).code in registered


@pytest.mark.parametrize(
    ("changes", "auth0", "rfc"),
    [
        ({"audience": "urn:unknown"}, (403, "access_denied"), (400, "invalid_target")),
        ({"scope": "no:scope"}, (403, "access_denied"), (400, "invalid_scope")),
        ({"client_secret": "wrong"}, (401, "access_denied"), (401, "invalid_client")),
        ({"grant_type": "unknown"}, (403, "unsupported_grant_type"), (400, "unsupported_grant_type")),
        ({"audience": None}, (403, "access_denied"), (400, "invalid_target")),
        ({"grant_type": None}, (400, "invalid_request"), (400, "invalid_request")),
    ],
)
def test_the_tenants_profile_chooses_the_dialect(acme, globex, changes, auth0, rfc):
    globex.tenant.security_profile = "oidc"
    globex.tenant.save()
    for world, expected in ((acme, auth0), (globex, rfc)):
        response = world.ask(**changes)
        assert (response.status_code, response.json()["error"]) == expected
        assert set(response.json()) == {"error", "error_description"}
