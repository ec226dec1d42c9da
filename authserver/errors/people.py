"""Refusals of the grants of people, and of bearer tokens at our own endpoints."""

from authserver.errors.base import OAuthError


class InvalidCode(OAuthError):
    """`reason` is for the admin; the client hears the same for every reason."""

    depends_on_settings = False
    remedy = "{reason}"


class WrongCodeVerifier(OAuthError):
    depends_on_settings = False
    remedy = "The code_verifier does not fit the code_challenge that the authorization request had."


class RedirectURIDiffers(OAuthError):
    depends_on_settings = False
    remedy = "The application sent another redirect_uri to the token endpoint than to the authorization endpoint."


class InvalidRefreshToken(OAuthError):
    """`reason` is for the admin; the client hears the same for every reason."""

    depends_on_settings = False
    remedy = "{reason}"


class RefreshTokenReused(InvalidRefreshToken):
    """A token that was exchanged before came again: a theft, so all of its family ended."""


class ScopeExceedsGrant(OAuthError):
    remedy = "The application asked for {scope} with a refresh token that was not issued for it."


class AudienceExceedsGrant(OAuthError):
    remedy = "The application asked for {audience} with a refresh token that was issued for another API."


class WrongPassword(OAuthError):
    """`reason` is for the admin: an unknown user and a wrong password look the same from outside (T-123)."""

    depends_on_settings = False
    remedy = "{reason}"


class UserBlocked(OAuthError):
    depends_on_settings = False
    remedy = "The user is blocked: unblock the user in the console."


class TooManyAttempts(OAuthError):
    depends_on_settings = False
    remedy = "Too many {limit}. It ends by itself in {seconds} seconds."


class NoDefaultDirectory(OAuthError):
    remedy = "The password grant needs a default directory in the tenant's settings, or a realm in the request."


class UnknownRealm(OAuthError):
    remedy = "The tenant has no connection called {realm}."


class ConsentCannotBeAsked(OAuthError):
    """A grant without a browser cannot show the consent that a third-party application needs."""

    remedy = "A third-party application needs the person's consent, which the password grant cannot ask for."


class InvalidToken(OAuthError):
    remedy = "{reason}"


class InsufficientScope(OAuthError):
    remedy = "The access token was issued without the scope {scope}."
