"""By which right: one module per grant. Each answers only what is special about it and returns an `Authorization`.

The endpoint owns the phases that all grants share (parameters, client authentication, grant type allowed, events), so no
grant can forget one.
"""

from collections.abc import Callable

from authserver.authorization import Authorization
from authserver.client_auth import AuthenticatedClient
from authserver.grants import authorization_code, client_credentials, password, refresh_token
from authserver.params import TokenRequest
from tenants.config_cache import CurrentTenant

Grant = Callable[[CurrentTenant, AuthenticatedClient, TokenRequest], Authorization]

GRANTS: dict[str, Grant] = {
    "authorization_code": authorization_code.authorize,
    "refresh_token": refresh_token.authorize,
    "client_credentials": client_credentials.authorize,
    password.PASSWORD: password.authorize,
    password.PASSWORD_REALM: password.authorize,
}
