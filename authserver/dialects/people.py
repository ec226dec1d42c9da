"""Grants of people (`wire.md` §1.3), and bearer tokens at our own endpoints (RFC 6750 §3.1)."""

from authserver import errors
from authserver.dialects.wording import Wording, Wordings, same
from authserver.errors import OAuthError

WORDINGS: dict[type[OAuthError], Wordings] = {
    errors.InvalidCode: (
        Wording(403, "invalid_grant", "Invalid authorization code"),
        Wording(400, "invalid_grant", "The authorization code is unknown, used or expired"),
    ),
    errors.WrongCodeVerifier: (
        Wording(403, "invalid_grant", "Failed to verify code verifier"),
        Wording(400, "invalid_grant", "The code_verifier does not match the code_challenge"),
    ),
    errors.RedirectURIDiffers: (
        Wording(403, "unauthorized_client", "The redirect URI is wrong. You sent {sent}, and we expected {expected}"),
        Wording(400, "invalid_grant", "The redirect_uri is not the one of the authorization request"),
    ),
    # auth0-spa-js decides by this text, not by the code, whether it may fall back to a frame.
    errors.InvalidRefreshToken: (
        Wording(403, "invalid_grant", "Unknown or invalid refresh token."),
        Wording(400, "invalid_grant", "Unknown or invalid refresh token."),
    ),
    errors.RefreshTokenReused: (
        Wording(403, "invalid_grant", "Unknown or invalid refresh token."),
        Wording(400, "invalid_grant", "Unknown or invalid refresh token."),
    ),
    errors.ScopeExceedsGrant: same(400, "invalid_scope", "The refresh token was not issued for this scope: {scope}"),
    errors.AudienceExceedsGrant: same(
        400, "invalid_target", "The refresh token was not issued for this audience: {audience}"
    ),
    errors.WrongPassword: (
        Wording(403, "invalid_grant", "Wrong email or password."),
        Wording(400, "invalid_grant", "Wrong email or password."),
    ),
    errors.UserBlocked: (
        Wording(403, "unauthorized", "user is blocked"),
        Wording(400, "invalid_grant", "The user is blocked"),
    ),
    errors.TooManyAttempts: same(
        429,
        "too_many_attempts",
        "Your account has been blocked after multiple consecutive login attempts. Try again in {seconds} seconds.",
    ),
    errors.NoDefaultDirectory: (
        Wording(400, "server_error", "Authorization server not configured with default connection."),
        Wording(400, "invalid_request", "Missing parameter: realm, and the tenant has no default directory"),
    ),
    errors.UnknownRealm: (
        Wording(403, "invalid_request", "specified strategy does not support requested operation"),
        Wording(400, "invalid_request", "No such realm: {realm}"),
    ),
    errors.ConsentCannotBeAsked: (
        Wording(403, "unauthorized_client", "Third-party applications cannot use the password grant"),
        Wording(400, "unauthorized_client", "Third-party applications cannot use the password grant"),
    ),
    # Bearer tokens at our own endpoints (RFC 6750 §3.1).
    errors.InvalidToken: same(401, "invalid_token", "The access token is missing, malformed, expired or revoked"),
    errors.InsufficientScope: same(403, "insufficient_scope", "The access token needs the scope {scope}"),
}
