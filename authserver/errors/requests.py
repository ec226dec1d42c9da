"""What can be wrong with any request: its form, who sends it, what it asks for."""

from authserver.errors.base import OAuthError


class InvalidRequest(OAuthError):
    """The request itself is broken; `reason` is a sentence for the client."""

    remedy = "{reason}"


class MissingParameter(OAuthError):
    remedy = "The application left out the parameter {parameter}."


class RepeatedParameter(OAuthError):
    remedy = "The application sent the parameter {parameter} more than once."


class UnsupportedContentType(OAuthError):
    remedy = "The application sent its request as {content_type}."


class BodyTooLarge(OAuthError):
    remedy = "The application sent more than {limit} bytes."


class SeveralAuthMethods(OAuthError):
    remedy = (
        "The application authenticated in two ways at once: keep one of Authorization header, client_secret and "
        "client_assertion."
    )


class ClientAuthenticationFailed(OAuthError):
    """`reason` is for the admin; the client hears the same for every reason (T-063)."""

    remedy = "{reason}"


class ClientAssertionRefused(ClientAuthenticationFailed):
    """The client sent a client_assertion (RFC 7521 §4.2.1)."""


class ClientAssertionReused(ClientAssertionRefused):
    """A genuine one, for the second time."""

    depends_on_settings = False


class UnsupportedGrantType(OAuthError):
    remedy = "No grant of this server is called {grant_type}."


class GrantTypeNotAllowed(OAuthError):
    remedy = "Switch the grant type {grant_type} on in the application's settings."


class MissingAudience(OAuthError):
    remedy = "Send the parameter audience, or choose a default audience in the tenant's settings."


class SeveralAudiences(OAuthError):
    remedy = "The application named two different APIs in audience and resource."


class UnknownAudience(OAuthError):
    remedy = "The tenant has no API with the identifier {audience}: create it, or correct what the application sends."


class APIsSectionDisabled(OAuthError):
    remedy = "API authorization is off for this tenant: switch on the flag enable_apis_section."


class NotGranted(OAuthError):
    remedy = "The application {client_id} has no client grant for {audience}: switch it on for this API."


class NotGrantedForUsers(NotGranted):
    remedy = (
        "The API {audience} asks for a client grant on behalf of users, and the application {client_id} has none: make one, "
        "or change the API's setting (on behalf of users)."
    )


class ClosedToAll(NotGranted):
    """No client grant would help. `setting` is what decides it, as the console calls it."""

    remedy = "The API {audience} is closed to every application: change its setting ({setting})."


class ScopeNotGranted(OAuthError):
    remedy = "Add {scope} to the client grant of {client_id} for {audience}, or ask for less."


class MethodNotAllowed(OAuthError):
    remedy = "The application used the method {method}."


class TemporarilyUnavailable(OAuthError):
    """`reason` is for the admin."""

    remedy = "{reason}"
