"""The protocol's addresses, as Auth0 has them."""

from django.urls import path

from authserver.endpoints.discovery import KeySetEndpoint, MetadataEndpoint
from authserver.endpoints.health import livez, readyz
from authserver.endpoints.token import TokenEndpoint

urlpatterns = [
    path("oauth/token", TokenEndpoint.as_view(), name="token"),
    path(".well-known/jwks.json", KeySetEndpoint.as_view(), name="jwks"),
    path(".well-known/openid-configuration", MetadataEndpoint.as_view(), name="openid-configuration"),
    # RFC 8414 §3.1: an issuer without a path, with the terminating slash that some clients keep.
    path(".well-known/oauth-authorization-server", MetadataEndpoint.as_view(), name="oauth-authorization-server"),
    path(".well-known/oauth-authorization-server/", MetadataEndpoint.as_view()),
    path(".well-known/openid-configuration/", MetadataEndpoint.as_view()),
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
]
