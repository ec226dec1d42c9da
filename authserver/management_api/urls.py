"""/api/v2/: the resources of this floor."""

from django.urls import path

from authserver.management_api.blacklists import BlacklistedTokens
from authserver.management_api.device_credentials import DeviceCredential, DeviceCredentials
from authserver.management_api.grants import UserGrant, UserGrants
from authserver.management_api.refresh_tokens import RefreshToken, RefreshTokens, RefreshTokensRevocation
from authserver.management_api.sessions import OneSession, SessionRevocation
from authserver.management_api.user_access import UserAccess, UserRefreshTokens, UserSessions

urlpatterns = [
    path("blacklists/tokens", BlacklistedTokens.as_view()),
    path("device-credentials", DeviceCredentials.as_view()),
    path("device-credentials/<str:key>", DeviceCredential.as_view()),
    path("grants", UserGrants.as_view()),
    path("grants/<str:key>", UserGrant.as_view()),
    path("refresh-tokens", RefreshTokens.as_view()),
    path("refresh-tokens/revoke", RefreshTokensRevocation.as_view()),
    path("refresh-tokens/<str:key>", RefreshToken.as_view()),
    path("sessions/<str:key>", OneSession.as_view()),
    path("sessions/<str:key>/revoke", SessionRevocation.as_view()),
    path("users/<str:user_id>/refresh-tokens", UserRefreshTokens.as_view()),
    path("users/<str:user_id>/revoke-access", UserAccess.as_view()),
    path("users/<str:user_id>/sessions", UserSessions.as_view()),
]
