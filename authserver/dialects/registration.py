"""Dynamic client registration (RFC 7591 §3.2.2): both dialects say what the RFC says."""

from authserver import errors
from authserver.dialects.wording import Wordings, same
from authserver.errors import OAuthError

WORDINGS: dict[type[OAuthError], Wordings] = {
    # As if the address did not exist (`wire.md` §1.7).
    errors.RegistrationDisabled: same(404, "not_found", "Dynamic client registration is not enabled here"),
    errors.InvalidRedirectURI: same(400, "invalid_redirect_uri", "{reason}"),
    errors.InvalidClientMetadata: same(400, "invalid_client_metadata", "{reason}"),
    errors.InvalidSoftwareStatement: same(
        400, "invalid_software_statement", "software_statement must be a JWT that its issuer signed"
    ),
    errors.UnapprovedSoftwareStatement: same(
        400, "unapproved_software_statement", "This server accepts no software statements: register without one"
    ),
    errors.TooManyRegistrations: same(429, "too_many_requests", "Too many registrations. Try again in {seconds} seconds."),
    errors.RegistrationQuotaReached: same(
        403, "access_denied", "This server registers no more applications until some of the registered ones are used"
    ),
}
