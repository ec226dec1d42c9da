"""Refusals of the authorization endpoint and of logout: on a page, or by redirect."""

from authserver.errors.base import OAuthError


class UnknownClient(OAuthError):
    """On a page, never by redirect: nobody registered the address to go back to."""

    remedy = "No enabled application of this tenant has the client_id {client_id}."


class CallbackMismatch(OAuthError):
    """On a page, never by redirect (RFC 9700 §4.11)."""

    remedy = "Add {redirect_uri} to the callback URLs of the application, character by character, or correct what it sends."


class UnknownCallbackClient(CallbackMismatch):
    """An unknown client that wants an answer somewhere hears what a known one with a wrong address hears (T-011).

    A client_id is no secret (RFC 6749 §2.2), but nobody needs our page to learn which ones exist: who administers the
    tenant finds the reason in the log event.
    """

    remedy = "No enabled application of this tenant has the client_id {client_id}."


class UnsupportedResponseType(OAuthError):
    remedy = "The application asked for the response_type {response_type}."


class UnsupportedResponseMode(OAuthError):
    remedy = "The application asked for the response_mode {response_mode} with the response_type {response_type}."


class WebOriginNotAllowed(OAuthError):
    """On a page: a message to an origin that nobody registered would hand the code to it (RFC 9700 §4.17)."""

    remedy = "Add {origin} to the web origins of the application."


class PKCERequired(OAuthError):
    remedy = "The application keeps no secret, so it must send code_challenge with code_challenge_method=S256."


class RequestObjectNotSupported(OAuthError):
    remedy = "The application sent a request object, which this server does not read."


class RequestURINotSupported(OAuthError):
    remedy = "The application sent request_uri, which this server does not read."


class RegistrationNotSupported(OAuthError):
    remedy = "The application sent the parameter registration, which this server does not read."


class OrganizationsNotSupported(OAuthError):
    remedy = "The application asked for an organization: this server has none."


class ConnectionNotEnabled(OAuthError):
    remedy = "Switch the connection {connection} on for the application {client_id}."


class LoginRequired(OAuthError):
    remedy = "{reason}"


class ConsentRequired(OAuthError):
    """`reason` is one of `authserver.consents`."""

    remedy = (
        "The person must allow it on a page, which prompt=none forbids ({reason}). First-party applications are not asked "
        "where the API lets them skip consent and the callback can be verified, or the tenant trusts callbacks that cannot."
    )


class UnmetAuthenticationRequirements(OAuthError):
    remedy = "The application insists on an acr that signing in with a password does not reach: {acr}."


class ConsentRefused(OAuthError):
    remedy = "The person did not allow it."


class LoginCancelled(OAuthError):
    remedy = "The person went back to the application instead of signing in."


class BlockedUserLogin(OAuthError):
    """What `UserBlocked` is called at the authorization endpoint."""

    depends_on_settings = False
    remedy = "The user is blocked: unblock the user in the console."


class UnknownAPI(OAuthError):
    """What `UnknownAudience` is called at the authorization endpoint."""

    remedy = "The tenant has no API with the identifier {audience}: create it, or correct what the application sends."


class LogoutURLNotAllowed(OAuthError):
    remedy = "Add {url} to the allowed logout URLs of the application, or of the tenant where no client_id is sent."
