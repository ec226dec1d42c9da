"""Refusals of dynamic client registration (RFC 7591 §3.2.2)."""

from authserver.errors.base import OAuthError


class RegistrationDisabled(OAuthError):
    remedy = "Applications cannot register themselves: the tenant flag enable_dynamic_client_registration is off."


class InvalidRedirectURI(OAuthError):
    """`reason` is a sentence for the client, as in the next one."""

    depends_on_settings = False
    remedy = "{reason}"


class InvalidClientMetadata(OAuthError):
    depends_on_settings = False
    remedy = "{reason}"


class InvalidSoftwareStatement(OAuthError):
    depends_on_settings = False
    remedy = "The software_statement is no signed JWT."


class UnapprovedSoftwareStatement(OAuthError):
    depends_on_settings = False
    remedy = "An application sent a software_statement, and this server trusts no issuer of those."


class TooManyRegistrations(OAuthError):
    """`limit` says which limit it was, for the admin."""

    depends_on_settings = False
    remedy = "Too many {limit}. It ends by itself in {seconds} seconds."


class RegistrationQuotaReached(OAuthError):
    depends_on_settings = False
    remedy = (
        "{quota} applications registered themselves and were never used: delete some, or raise DYNAMIC_REGISTRATION_QUOTA. "
        "manage.py cleanup removes each after {days} days."
    )
