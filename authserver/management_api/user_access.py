"""/api/v2/users/{user_id}/sessions, …/refresh-tokens and …/revoke-access: what one person's sign-ins left behind."""

from django.db.models import Q, QuerySet
from rest_framework.request import Request

from authserver import services, sessions
from authserver.management_api import found, refresh_token_shapes, session_shapes
from authserver.management_api.cursor import CursorQuery
from authserver.models import Session, TokenFamily
from tenants.management_api import found_users
from tenants.rest.fields import Flag, Text
from tenants.rest.operations import operation
from tenants.rest.serializers import Body
from tenants.rest.views import ManagementView


class AccessRevocation(Body):
    session_id = Text(required=False, allow_blank=False, max_length=50, help_text="Only this session, and what came of it.")
    preserve_refresh_tokens = Flag(required=False, help_text="Only sessions end.")


class UserSessions(ManagementView):
    @operation(
        "Get sessions of a user",
        "read:sessions",
        query=CursorQuery,
        answer=session_shapes.SessionAnswer,
        lists="sessions",
        order=("created_at", "pk"),
    )
    def get(self, request: Request, user_id: str) -> QuerySet[Session]:
        tenant = self.http.tenant
        user = found_users.found(tenant, user_id)
        rows = sessions.live().of(tenant).filter(user=user)
        return session_shapes.shown(rows, among=TokenFamily.objects.of(tenant).filter(user=user))

    @operation("Delete sessions of a user", "delete:sessions", status=202)
    def delete(self, request: Request, user_id: str) -> None:
        """Refresh tokens live on, as in Auth0."""
        services.end_sessions_of(found_users.found(self.http.tenant, user_id), by=self.actor)


class UserRefreshTokens(ManagementView):
    @operation(
        "Get refresh tokens of a user",
        "read:refresh_tokens",
        query=CursorQuery,
        answer=refresh_token_shapes.RefreshTokenAnswer,
        lists="tokens",
        order=("created_at", "pk"),
    )
    def get(self, request: Request, user_id: str) -> QuerySet[TokenFamily]:
        tenant = self.http.tenant
        return refresh_token_shapes.shown(found.refresh_tokens(tenant).filter(user=found_users.found(tenant, user_id)))

    @operation("Delete refresh tokens of a user", "delete:refresh_tokens", status=202)
    def delete(self, request: Request, user_id: str) -> None:
        user = found_users.found(self.http.tenant, user_id)
        services.revoke_refresh_tokens(user.tenant, Q(user=user), by=self.actor, chosen={"user_id": user.user_id})


class UserAccess(ManagementView):
    @operation(
        "Revoke access of a user",
        "delete:sessions",
        "delete:refresh_tokens",
        status=202,
        body=AccessRevocation,
    )
    def post(self, request: Request, user_id: str) -> None:
        user = found_users.found(self.http.tenant, user_id)
        session = None
        if "session_id" in self.body:
            session = found.session(self.http.tenant, self.body["session_id"])
            if session.user_id != user.pk:
                raise found.no_session()
        preserve = self.body.get("preserve_refresh_tokens", False)
        services.revoke_access(user, by=self.actor, session=session, preserve_refresh_tokens=preserve)
