"""The protocol's addresses, as Auth0 has them."""

from django.urls import path, re_path

from authserver.endpoints.discovery import KeySetEndpoint, MetadataEndpoint
from authserver.endpoints.health import livez, readyz
from authserver.endpoints.home import home
from authserver.endpoints.token import TokenEndpoint

urlpatterns = [
    path("oauth/token", TokenEndpoint.as_view(), name="token"),
    path("", home, name="home"),
    path(".well-known/jwks.json", KeySetEndpoint.as_view(), name="jwks"),
    # An issuer without a path has one address (RFC 8414 §3.1); some clients keep the issuer's slash behind it.
    re_path(r"^\.well-known/openid-configuration/?$", MetadataEndpoint.as_view(), name="openid-configuration"),
    re_path(r"^\.well-known/oauth-authorization-server/?$", MetadataEndpoint.as_view(), name="oauth-authorization-server"),
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
]
