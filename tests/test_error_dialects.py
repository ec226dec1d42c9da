"""Every refusal in both dialects, from one table: what Auth0 says, and what the RFCs say."""

import pytest

from authserver import dialects, errors

BAD_REQUEST, DENIED, INVALID_GRANT = (400, "invalid_request"), (403, "access_denied"), (400, "invalid_grant")
CALLBACK = {"client_id": "c", "redirect_uri": "https://x"}


def same(code, status=400):
    """The same in both dialects."""
    return (status, code), (status, code)


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
    (errors.ClientAssertionRefused, {"reason": "private"}, *same("invalid_client", 401), ""),
    (errors.ClientAssertionReused, {"reason": "private"}, *same("invalid_client", 401), ""),
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
        errors.NotGrantedForUsers,
        {"audience": "urn:a", "client_id": "c"},
        (403, "access_denied"),
        (400, "invalid_target"),
        "urn:a",
    ),
    (errors.ClosedToAll, {"audience": "urn:a", "setting": "private"}, DENIED, (400, "invalid_target"), "urn:a"),
    (
        errors.ScopeNotGranted,
        {"scope": "s", "audience": "urn:a", "client_id": "c"},
        (403, "access_denied"),
        (400, "invalid_scope"),
        "s",
    ),
    (
        errors.MethodNotAllowed,
        {"method": "GET", "allowed": "POST"},
        (405, "method_not_allowed"),
        (405, "method_not_allowed"),
        "POST",
    ),
    (
        errors.TemporarilyUnavailable,
        {"reason": "private"},
        (503, "temporarily_unavailable"),
        (503, "temporarily_unavailable"),
        "again",
    ),
    # At the authorization endpoint: status codes count on pages only.
    (errors.UnknownClient, {"client_id": "c"}, BAD_REQUEST, BAD_REQUEST, "Unknown client: c"),
    (errors.CallbackMismatch, CALLBACK, BAD_REQUEST, BAD_REQUEST, "Callback URL mismatch: https://x"),
    (errors.UnknownCallbackClient, CALLBACK, BAD_REQUEST, BAD_REQUEST, "Unknown client: c"),
    (errors.UnsupportedResponseType, {"response_type": "t"}, *same("unsupported_response_type"), "t"),
    (errors.UnsupportedResponseMode, {"response_mode": "m", "response_type": "t"}, BAD_REQUEST, BAD_REQUEST, "m"),
    (errors.WebOriginNotAllowed, {"origin": "https://x", "client_id": "c"}, BAD_REQUEST, BAD_REQUEST, "https://x"),
    (errors.PKCERequired, {}, BAD_REQUEST, BAD_REQUEST, "code_challenge"),
    (errors.RequestObjectNotSupported, {}, *same("request_not_supported"), "request"),
    (errors.RequestURINotSupported, {}, *same("request_uri_not_supported"), "request_uri"),
    (errors.RegistrationNotSupported, {}, *same("registration_not_supported"), "registration"),
    (errors.OrganizationsNotSupported, {"parameter": "organization"}, BAD_REQUEST, BAD_REQUEST, "organization"),
    (
        errors.ConnectionNotEnabled,
        {"connection": "Users", "client_id": "c"},
        (403, "unauthorized_client"),
        (400, "unauthorized_client"),
        "Users",
    ),
    # auth0-spa-js decides by these codes whether to show its login page.
    (errors.LoginRequired, {"reason": "private."}, *same("login_required"), "Login required"),
    (errors.ConsentRequired, {"reason": "private"}, *same("consent_required"), "Consent required"),
    (errors.UnmetAuthenticationRequirements, {"acr": "2"}, *same("unmet_authentication_requirements"), "2"),
    (errors.ConsentRefused, {}, DENIED, DENIED, "User did not authorize the request"),
    (errors.LoginCancelled, {}, DENIED, DENIED, "cancelled"),
    (errors.BlockedUserLogin, {}, DENIED, DENIED, "blocked"),
    (errors.UnknownAPI, {"audience": "urn:a"}, DENIED, (400, "invalid_target"), "urn:a"),
    (errors.LogoutURLNotAllowed, {"url": "https://x"}, BAD_REQUEST, BAD_REQUEST, "https://x"),
    # Grants of people.
    (errors.InvalidCode, {"reason": "private"}, (403, "invalid_grant"), INVALID_GRANT, "code"),
    (errors.WrongCodeVerifier, {}, (403, "invalid_grant"), INVALID_GRANT, "verif"),
    (
        errors.RedirectURIDiffers,
        {"sent": "https://x", "expected": "https://y"},
        (403, "unauthorized_client"),
        INVALID_GRANT,
        "redirect",
    ),
    (errors.InvalidRefreshToken, {"reason": "private"}, (403, "invalid_grant"), INVALID_GRANT, "invalid refresh token"),
    (errors.RefreshTokenReused, {"reason": "private"}, (403, "invalid_grant"), INVALID_GRANT, "invalid refresh token"),
    (errors.ScopeExceedsGrant, {"scope": "s"}, *same("invalid_scope"), "s"),
    (errors.AudienceExceedsGrant, {"audience": "urn:a"}, *same("invalid_target"), "urn:a"),
    (errors.WrongPassword, {"reason": "private"}, (403, "invalid_grant"), INVALID_GRANT, "Wrong email or password."),
    (errors.UserBlocked, {}, (403, "unauthorized"), INVALID_GRANT, "blocked"),
    (
        errors.TooManyAttempts,
        {"seconds": "900", "limit": "private"},
        (429, "too_many_attempts"),
        (429, "too_many_attempts"),
        "900",
    ),
    (errors.NoDefaultDirectory, {}, (400, "server_error"), BAD_REQUEST, "default"),
    (errors.UnknownRealm, {"realm": "r"}, (403, "invalid_request"), BAD_REQUEST, ""),
    (errors.ConsentCannotBeAsked, {}, (403, "unauthorized_client"), (400, "unauthorized_client"), "Third-party"),
    # Bearer tokens at our own endpoints.
    (errors.InvalidToken, {"reason": "private"}, (401, "invalid_token"), (401, "invalid_token"), "token"),
    (errors.InsufficientScope, {"scope": "s"}, (403, "insufficient_scope"), (403, "insufficient_scope"), "s"),
    # Dynamic client registration.
    (errors.RegistrationDisabled, {}, *same("not_found", 404), "not enabled"),
    (errors.InvalidRedirectURI, {"reason": "Because"}, *same("invalid_redirect_uri"), "Because"),
    (errors.InvalidClientMetadata, {"reason": "Because"}, *same("invalid_client_metadata"), "Because"),
    (errors.InvalidSoftwareStatement, {}, *same("invalid_software_statement"), "signed"),
    (errors.UnapprovedSoftwareStatement, {}, *same("unapproved_software_statement"), "software statements"),
    (errors.TooManyRegistrations, {"seconds": "9", "limit": "private"}, *same("too_many_requests", 429), "9"),
    (errors.RegistrationQuotaReached, {"quota": "1", "days": "30"}, DENIED, DENIED, "no more"),
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
        "access_denied",  # RFC 6749 §4.1.2.1
        "unsupported_response_type",
        "login_required",  # OIDC Core §3.1.2.6
        "consent_required",
        "request_not_supported",
        "request_uri_not_supported",
        "registration_not_supported",
        "unmet_authentication_requirements",  # OIDC Unmet Authentication Requirements 1.0
        "invalid_token",  # RFC 6750 §3.1
        "insufficient_scope",
        "invalid_redirect_uri",  # RFC 7591 §3.2.2
        "invalid_client_metadata",
        "invalid_software_statement",
        "unapproved_software_statement",
        "method_not_allowed",  # no OAuth errors: HTTP's own 404, 405 and 429
        "not_found",
        "too_many_attempts",
        "too_many_requests",
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
