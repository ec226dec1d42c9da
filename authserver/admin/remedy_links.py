"""Which page of the console mends which refusal. The only place that decides it: the log, the test page and others ask here.

The sentence that goes with it is the refusal's own (`remedy` in `authserver.errors`).
"""

from collections.abc import Callable

from authserver import errors
from authserver.admin import remedy_places as places
from authserver.admin.remedy_parties import Refusal
from tenants.console.sections import Link

# By the name of the class in `authserver.errors`, which is `details.reason` of a log event. A place may answer None: then
# the setting that would decide is not the one that stood in the way.
PLACES: dict[str, Callable[[Refusal], Link | None]] = {
    kind.__name__: place
    for kind, place in {
        errors.NotGranted: places.api_applications,
        errors.NotGrantedForUsers: places.api_applications,
        errors.ScopeNotGranted: places.api_applications,
        errors.ClosedToAll: places.api_setting("Open the API's access settings", "user_policy"),
        errors.UnknownAudience: places.api_list,
        errors.UnknownAPI: places.api_list,
        errors.MissingAudience: places.tenant_setting("Choose a default audience", "default_audience"),
        errors.APIsSectionDisabled: places.tenant_setting("Open the tenant's flags", "flags"),
        errors.UnknownClient: places.known_application,
        errors.UnknownCallbackClient: places.known_application,
        errors.ClientAuthenticationFailed: places.credentials,
        errors.ClientAssertionRefused: places.credentials,
        errors.GrantTypeNotAllowed: places.application_setting("Open the application's grant types", "grant_types"),
        errors.CallbackMismatch: places.application_setting("Open the callback URLs", "redirect_uris"),
        errors.WebOriginNotAllowed: places.application_setting("Open the web origins", "web_origins"),
        errors.LogoutURLNotAllowed: places.logout_urls,
        errors.ConnectionNotEnabled: places.application_setting("Open the application's connections", "connections"),
        errors.PKCERequired: places.application_setting(
            "See how the application authenticates", "token_endpoint_auth_method"
        ),
        errors.ConsentCannotBeAsked: places.application_setting("See whose application it is", "is_first_party"),
        errors.ConsentRequired: places.api_setting(
            "Open the API's consent setting", "skip_consent_for_verifiable_first_party_clients"
        ),
        errors.NoDefaultDirectory: places.tenant_setting("Choose a default directory", "default_directory"),
        errors.UnknownRealm: places.connection_list,
        errors.BlockedUserLogin: places.user_page,
        errors.UserBlocked: places.user_page,
        errors.WrongPassword: places.user_page,
        errors.InvalidToken: places.disabled_application,
        errors.InvalidRefreshToken: places.offline_access,
        errors.RegistrationDisabled: places.tenant_setting("Open the tenant's flags", "flags"),
        errors.RegistrationQuotaReached: places.application_list,
        errors.TemporarilyUnavailable: places.signing_keys,
    }.items()
}

# Nothing in the console mends these: the application must send something else, or somebody decided so.
BEYOND_THE_CONSOLE = frozenset(
    kind.__name__
    for kind in (
        *(errors.InvalidRequest, errors.MissingParameter, errors.RepeatedParameter, errors.MethodNotAllowed),
        *(errors.UnsupportedContentType, errors.BodyTooLarge, errors.SeveralAuthMethods, errors.SeveralAudiences),
        *(errors.UnsupportedGrantType, errors.UnsupportedResponseType, errors.UnsupportedResponseMode),
        *(errors.RequestObjectNotSupported, errors.RequestURINotSupported, errors.RegistrationNotSupported),
        *(errors.OrganizationsNotSupported, errors.UnmetAuthenticationRequirements, errors.InsufficientScope),
        *(errors.ClientAssertionReused, errors.InvalidCode, errors.WrongCodeVerifier, errors.RedirectURIDiffers),
        *(errors.ScopeExceedsGrant, errors.AudienceExceedsGrant, errors.RefreshTokenReused),
        *(errors.LoginRequired, errors.LoginCancelled, errors.ConsentRefused, errors.TooManyAttempts),
        *(errors.InvalidRedirectURI, errors.InvalidClientMetadata, errors.InvalidSoftwareStatement),
        *(errors.UnapprovedSoftwareStatement, errors.TooManyRegistrations),
    )
)


def remedy_link(
    tenant_id: int,
    reason: str,
    *,
    client_id: str = "",
    audience: str = "",
    user_id: str = "",
    may_change: bool = True,
) -> Link | None:
    """The page of the setting that decided a refusal of the tenant with this id, None where no page mends it.

    `reason` is the name of a class in `authserver.errors`; the others say who asked for what, as far as it is known, and
    whether the operator may change the tenant. Asks the database twice at most, and for rows of this tenant only.
    """
    place = PLACES.get(reason)
    return place(Refusal(tenant_id, client_id, audience, user_id, may_change)) if place else None
