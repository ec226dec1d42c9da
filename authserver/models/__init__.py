"""Tables of the top floor: what an authorization leaves behind. Queries start from the tenant: `objects.of(tenant)`."""

from authserver.models.authorization_request import AuthorizationRequest
from authserver.models.client_registration import ClientRegistration
from authserver.models.consent import Consent
from authserver.models.records import AccessToken, AuthorizationCode, DeviceCode, IDToken, RefreshToken
from authserver.models.revoked_token import RevokedToken
from authserver.models.session import Session
from authserver.models.token_family import TokenFamily
from authserver.models.used_assertion import UsedAssertion

__all__ = [
    "AccessToken",
    "AuthorizationCode",
    "AuthorizationRequest",
    "ClientRegistration",
    "Consent",
    "DeviceCode",
    "IDToken",
    "RefreshToken",
    "RevokedToken",
    "Session",
    "TokenFamily",
    "UsedAssertion",
]
