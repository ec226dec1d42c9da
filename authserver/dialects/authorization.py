"""The authorization endpoint and logout (`wire.md` §1.2). Status codes count on pages only; by redirect there is none."""

from authserver import errors
from authserver.dialects.wording import Wording, Wordings, same
from authserver.errors import OAuthError

_CALLBACK = same(
    400,
    "invalid_request",
    "Unknown client: {client_id}, or Callback URL mismatch: {redirect_uri} is not in its list of allowed callback URLs",
)

WORDINGS: dict[type[OAuthError], Wordings] = {
    errors.UnknownClient: same(400, "invalid_request", "Unknown client: {client_id}"),
    # Both of Auth0's phrases, so that whoever searches for either finds it; which of the two it was, the log event says.
    errors.CallbackMismatch: _CALLBACK,
    errors.UnknownCallbackClient: _CALLBACK,
    errors.UnsupportedResponseType: same(400, "unsupported_response_type", "Unsupported response type: {response_type}"),
    errors.UnsupportedResponseMode: same(
        400, "invalid_request", "Unsupported response mode for the response type {response_type}: {response_mode}"
    ),
    errors.WebOriginNotAllowed: same(
        400, "invalid_request", "The origin {origin} is not in the list of allowed web origins"
    ),
    errors.PKCERequired: same(400, "invalid_request", "Parameter 'code_challenge' required for this client"),
    errors.RequestObjectNotSupported: same(400, "request_not_supported", "The parameter request is not supported"),
    errors.RequestURINotSupported: same(400, "request_uri_not_supported", "The parameter request_uri is not supported"),
    errors.RegistrationNotSupported: same(400, "registration_not_supported", "The parameter registration is not supported"),
    errors.OrganizationsNotSupported: same(400, "invalid_request", "Organizations are not supported: {parameter}"),
    errors.ConnectionNotEnabled: (
        Wording(403, "unauthorized_client", "The connection is not enabled for the client: {connection}"),
        Wording(400, "unauthorized_client", "The connection is not enabled for the client: {connection}"),
    ),
    errors.LoginRequired: same(400, "login_required", "Login required"),
    errors.ConsentRequired: same(400, "consent_required", "Consent required"),
    errors.UnmetAuthenticationRequirements: same(
        400, "unmet_authentication_requirements", "The requested acr cannot be reached: {acr}"
    ),
    errors.ConsentRefused: same(403, "access_denied", "User did not authorize the request"),
    errors.LoginCancelled: same(403, "access_denied", "User cancelled the login"),
    errors.BlockedUserLogin: same(403, "access_denied", "user is blocked"),
    errors.UnknownAPI: (
        Wording(403, "access_denied", "Service not found: {audience}"),
        Wording(400, "invalid_target", "No API has the audience {audience}"),
    ),
    errors.LogoutURLNotAllowed: same(
        400,
        "invalid_request",
        'The "returnTo" querystring parameter "{url}" is not defined as a valid URL in "Allowed Logout URLs"',
    ),
}
