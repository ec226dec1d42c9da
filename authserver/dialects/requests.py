"""Any request (RFC 6749 §5.2, RFC 8707 §2; `wire.md` §1.3)."""

from authserver import errors
from authserver.dialects.wording import Wording, Wordings, same
from authserver.errors import OAuthError

_NOT_GRANTED = (
    Wording(
        403,
        "access_denied",
        'Client is not authorized to access "{audience}". You need to create a "client-grant" associated to this API.',
    ),
    Wording(400, "invalid_target", "The client has no grant for the audience {audience}"),
)

_ASSERTION_REFUSED = (
    Wording(401, "invalid_client", "Unauthorized"),
    Wording(401, "invalid_client", "Client authentication failed: check client_assertion"),
)

WORDINGS: dict[type[OAuthError], Wordings] = {
    errors.InvalidRequest: same(400, "invalid_request", "{reason}"),
    errors.MissingParameter: same(400, "invalid_request", "Missing required parameter: {parameter}"),
    errors.RepeatedParameter: same(400, "invalid_request", "Parameter sent more than once: {parameter}"),
    errors.UnsupportedContentType: same(
        400,
        "invalid_request",
        "Content-Type must be application/x-www-form-urlencoded or application/json, not {content_type}",
    ),
    errors.BodyTooLarge: same(413, "invalid_request", "The request body must not be larger than {limit} bytes"),
    errors.SeveralAuthMethods: same(
        400,
        "invalid_request",
        "Use one client authentication method: either the Authorization header, or client_secret, or client_assertion",
    ),
    errors.ClientAuthenticationFailed: (
        Wording(401, "access_denied", "Unauthorized"),
        Wording(401, "invalid_client", "Client authentication failed: check client_id and client_secret"),
    ),
    errors.ClientAssertionRefused: _ASSERTION_REFUSED,
    errors.ClientAssertionReused: _ASSERTION_REFUSED,
    errors.UnsupportedGrantType: (
        Wording(403, "unsupported_grant_type", "Unsupported grant type: {grant_type}"),
        Wording(400, "unsupported_grant_type", "Unsupported grant_type: {grant_type}"),
    ),
    errors.GrantTypeNotAllowed: (
        Wording(403, "unauthorized_client", "Grant type '{grant_type}' not allowed for the client."),
        Wording(400, "unauthorized_client", "The client may not use the grant_type {grant_type}"),
    ),
    errors.MissingAudience: (
        Wording(
            403,
            "access_denied",
            "Non-global clients are not allowed access to APIv1: the parameter audience is missing",
        ),
        Wording(400, "invalid_target", "Missing parameter: audience (or resource), and the tenant has no default"),
    ),
    errors.SeveralAudiences: (
        Wording(400, "invalid_request", "The parameters audience and resource name different APIs"),
        Wording(400, "invalid_target", "The parameters audience and resource name different APIs"),
    ),
    errors.UnknownAudience: (
        Wording(403, "access_denied", "Service not enabled within domain: {audience}"),
        Wording(400, "invalid_target", "No API has the audience {audience}"),
    ),
    errors.APIsSectionDisabled: (
        Wording(403, "access_denied", "Service not enabled within domain: {audience}"),
        Wording(400, "invalid_target", "This server does not issue tokens for the audience {audience}"),
    ),
    errors.NotGranted: _NOT_GRANTED,
    errors.NotGrantedForUsers: _NOT_GRANTED,
    errors.ClosedToAll: (
        Wording(403, "access_denied", 'Client is not authorized to access "{audience}".'),
        Wording(400, "invalid_target", "No client may have a token of this kind for the audience {audience}"),
    ),
    errors.ScopeNotGranted: (
        Wording(403, "access_denied", "Client has not been granted scopes: {scope}"),
        Wording(400, "invalid_scope", "The client has not been granted this scope: {scope}"),
    ),
    errors.MethodNotAllowed: same(405, "method_not_allowed", "Use {allowed}, not {method}"),
    errors.TemporarilyUnavailable: same(503, "temporarily_unavailable", "Please try again in a moment"),
}
