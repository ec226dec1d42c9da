"""/api/v2/: the resources of this floor."""

from django.urls import path

from tenants.management_api.branding import Branding
from tenants.management_api.logs import Log, Logs
from tenants.management_api.signing_keys import OneSigningKey, RevokeSigningKey, RotateSigningKeys, SigningKeys
from tenants.management_api.stats import ActiveUsers, Daily
from tenants.management_api.tenant_settings import TenantSettings
from tenants.management_api.user_logs import UserLogs
from tenants.management_api.users import OneUser, Users, UsersByEmail

urlpatterns = [
    path("branding", Branding.as_view()),
    path("keys/signing", SigningKeys.as_view()),
    path("keys/signing/rotate", RotateSigningKeys.as_view()),
    path("keys/signing/<str:kid>", OneSigningKey.as_view()),
    path("keys/signing/<str:kid>/revoke", RevokeSigningKey.as_view()),
    path("logs", Logs.as_view()),
    path("logs/<str:log_id>", Log.as_view()),
    path("stats/active-users", ActiveUsers.as_view()),
    path("stats/daily", Daily.as_view()),
    path("tenants/settings", TenantSettings.as_view()),
    path("users", Users.as_view()),
    path("users-by-email", UsersByEmail.as_view()),
    path("users/<str:user_id>", OneUser.as_view()),
    path("users/<str:user_id>/logs", UserLogs.as_view()),
]
