"""The protocol's addresses, as Auth0 has them."""

from django.urls import path, re_path

from authserver.demo.orders import orders
from authserver.demo.page import show as demo
from authserver.endpoints.authorize import authorize, resume
from authserver.endpoints.discovery import KeySetEndpoint, MetadataEndpoint
from authserver.endpoints.health import livez, readyz
from authserver.endpoints.home import home
from authserver.endpoints.introspection import IntrospectionEndpoint
from authserver.endpoints.registration import ClientConfigurationEndpoint, RegistrationEndpoint
from authserver.endpoints.revocation import RevocationEndpoint
from authserver.endpoints.token import TokenEndpoint
from authserver.endpoints.userinfo import UserinfoEndpoint
from authserver.pages.account import account
from authserver.pages.brand import brand
from authserver.pages.consent import consent
from authserver.pages.login import login
from authserver.pages.logout import auth0_logout, confirm, logged_out, oidc_logout
from authserver.pages.select_account import select_account
from authserver.pages.signup import signup

urlpatterns = [
    path("oauth/token", TokenEndpoint.as_view(), name="token"),
    path("oauth/revoke", RevocationEndpoint.as_view(), name="revoke"),
    path("oauth/introspect", IntrospectionEndpoint.as_view(), name="introspect"),
    path("userinfo", UserinfoEndpoint.as_view(), name="userinfo"),
    path("authorize", authorize, name="authorize"),
    path("authorize/resume", resume, name="resume"),
    path("u/brand.<slug:version>.css", brand, name="brand"),
    path("u/login", login, name="login"),
    path("u/signup", signup, name="signup"),
    path("u/account", select_account, name="select-account"),
    path("u/consent", consent, name="consent"),
    path("u/logout", confirm, name="confirm-logout"),
    path("account", account, name="account"),
    path("v2/logout", auth0_logout, name="v2-logout"),
    path("oidc/logout", oidc_logout, name="oidc-logout"),
    path("oidc/register", RegistrationEndpoint.as_view(), name="register"),
    path("oidc/register/<slug:client_id>", ClientConfigurationEndpoint.as_view(), name="client-configuration"),
    path("logged-out", logged_out, name="logged-out"),
    path("", home, name="home"),
    path(".well-known/jwks.json", KeySetEndpoint.as_view(), name="jwks"),
    # An issuer without a path has one address (RFC 8414 §3.1); some clients keep the issuer's slash behind it.
    re_path(r"^\.well-known/openid-configuration/?$", MetadataEndpoint.as_view(), name="openid-configuration"),
    re_path(r"^\.well-known/oauth-authorization-server/?$", MetadataEndpoint.as_view(), name="oauth-authorization-server"),
    # For the tenant of `make run` only; everywhere else 404.
    path("demo/", demo, name="demo"),
    path("demo/api/orders", orders, name="demo-orders"),
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
]
