"""Tables of the first floor. Queries start from the tenant: `Model.objects.of(tenant)`."""

from apis.models.api import API, Permission, SigningAlg, TokenDialect
from apis.models.application import Application, AppType, TokenEndpointAuthMethod
from apis.models.client_grant import ClientGrant
from apis.models.client_secret import ClientSecret

__all__ = [
    "API",
    "AppType",
    "Application",
    "ClientGrant",
    "ClientSecret",
    "Permission",
    "SigningAlg",
    "TokenDialect",
    "TokenEndpointAuthMethod",
]
