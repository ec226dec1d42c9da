"""Tables of the first floor. Queries start from the tenant: `Model.objects.of(tenant)`."""

from apis.models.api import API, Permission, SigningAlg, TokenDialect
from apis.models.application import Application
from apis.models.application_types import AppType, IDTokenAlg, RotationType, TokenEndpointAuthMethod
from apis.models.client_grant import ClientGrant
from apis.models.client_secret import ClientSecret
from apis.models.role import DirectPermission, Role

__all__ = [
    "API",
    "AppType",
    "Application",
    "ClientGrant",
    "ClientSecret",
    "DirectPermission",
    "IDTokenAlg",
    "Permission",
    "Role",
    "RotationType",
    "SigningAlg",
    "TokenDialect",
    "TokenEndpointAuthMethod",
]
