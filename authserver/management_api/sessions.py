"""/api/v2/sessions: where people are signed in. A session that has ended or expired is none."""

from rest_framework.request import Request

from authserver import services, sessions
from authserver.management_api import found
from authserver.management_api.session_shapes import SessionAnswer, SessionPatch, shown
from authserver.models import Session, TokenFamily
from tenants.rest.operations import operation
from tenants.rest.views import ManagementView


class OneSession(ManagementView):
    @operation("Get a session", "read:sessions", answer=SessionAnswer)
    def get(self, request: Request, key: str) -> Session:
        return self._found(key)

    @operation("Update a session", "update:sessions", body=SessionPatch, answer=SessionAnswer)
    def patch(self, request: Request, key: str) -> Session:
        session = self._found(key)
        if "session_metadata" in self.body:
            services.set_session_metadata(session, self.body["session_metadata"], by=self.actor)
        return session

    @operation("Delete a session", "delete:sessions", status=202)
    def delete(self, request: Request, key: str) -> None:
        """Refresh tokens live on, as in Auth0."""
        if session := self._first(key):
            services.end_session(session, by=self.actor)

    def _found(self, key: str) -> Session:
        session = self._first(key)
        if session is None:
            raise found.no_session()
        return session

    def _first(self, key: str) -> Session | None:
        tenant = self.http.tenant
        rows = sessions.live().of(tenant).filter(pk=key)
        return shown(rows, among=TokenFamily.objects.of(tenant).filter(session=key)).first()


class SessionRevocation(ManagementView):
    @operation("Revoke a session", "delete:sessions", "delete:refresh_tokens", status=202)
    def post(self, request: Request, key: str) -> None:
        """With all that applications got in it."""
        services.revoke_session(found.session(self.http.tenant, key), by=self.actor)
