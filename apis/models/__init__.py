"""Tables of the first floor. Queries start from the tenant: `Model.objects.of(tenant)`."""

from apis.models.api import API, ClientPolicy, Permission, SigningAlg, TokenDialect, UserPolicy
from apis.models.application import Application
from apis.models.application_types import AppType, IDTokenAlg, RotationType, TokenEndpointAuthMethod
from apis.models.client_credential import ClientCredential, CredentialAlg
from apis.models.client_grant import ClientGrant, DefaultFor, SubjectType
from apis.models.client_secret import ClientSecret
from apis.models.role import DirectPermission, Role

__all__ = [
    "API",
    "AppType",
    "Application",
    "ClientCredential",
    "ClientGrant",
    "ClientPolicy",
    "ClientSecret",
    "CredentialAlg",
    "DefaultFor",
    "DirectPermission",
    "IDTokenAlg",
    "Permission",
    "Role",
    "RotationType",
    "SigningAlg",
    "SubjectType",
    "TokenDialect",
    "TokenEndpointAuthMethod",
    "UserPolicy",
]
