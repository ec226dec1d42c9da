"""Why the token endpoint refuses, in one short sentence for each class of `authserver.errors`: for many refusals at once.

What was wrong with a single request says its log event, with the values that it had.
"""

REASONS = {
    "APIsSectionDisabled": "API authorization is off for the tenant",
    "AudienceExceedsGrant": "A refresh token was used for another API",
    "BodyTooLarge": "The request was too long",
    "ClientAssertionRefused": "The signed assertion was not right",
    "ClientAssertionReused": "A signed assertion was used twice",
    "ClientAuthenticationFailed": "Wrong or missing client credentials",
    "ClosedToAll": "The API is closed to every application",
    "ConsentCannotBeAsked": "A third party asked without a page for consent",
    "GrantTypeNotAllowed": "The grant type is off for the application",
    "InsufficientScope": "The access token lacks a scope",
    "InvalidCode": "The authorization code was used, old or not ours",
    "InvalidRefreshToken": "The refresh token had ended or is not ours",
    "InvalidRequest": "The request was malformed",
    "InvalidToken": "The access token is not valid",
    "MethodNotAllowed": "The request was no POST",
    "MissingAudience": "No API was named, and the tenant has no default",
    "MissingParameter": "A parameter was missing",
    "NoDefaultDirectory": "No directory was named, and the tenant has no default",
    "NotGranted": "The application was not let call the API",
    "NotGrantedForUsers": "The application may not call the API for people",
    "RedirectURIDiffers": "The callback address changed on the way",
    "RefreshTokenReused": "A refresh token was used twice: perhaps a theft",
    "RepeatedParameter": "A parameter was sent twice",
    "ScopeExceedsGrant": "A refresh token was used for further permissions",
    "ScopeNotGranted": "A permission was asked for that is not granted",
    "SeveralAudiences": "Two APIs were named at once",
    "SeveralAuthMethods": "The application authenticated in two ways at once",
    "TemporarilyUnavailable": "The server could not answer",
    "TooManyAttempts": "Too many attempts: locked out for a while",
    "UnknownAudience": "No API has the identifier that was asked for",
    "UnknownRealm": "No connection has the name that was asked for",
    "UnsupportedContentType": "The request was not of a known content type",
    "UnsupportedGrantType": "No grant type is called so",
    "UserBlocked": "The user is blocked",
    "WrongCodeVerifier": "The PKCE proof did not fit",
    "WrongPassword": "Wrong e-mail or password",
}


def sentence(reason: str) -> str:
    """The class called `reason` in words; its name for one that the counts know from another version."""
    return REASONS.get(reason, reason)
