"""What a call names, looked for in the caller's tenant only. People: `tenants.management_api.found_users`."""

from django.db.models import QuerySet

from authserver import families
from authserver.models import Session, TokenFamily
from tenants.models.scoping import HasId
from tenants.rest.errors import ManagementError


def refresh_tokens(tenant: HasId) -> QuerySet[TokenFamily]:
    """The refresh tokens that there are: families that hold one which works. Named by the family, they keep their id."""
    return families.holding(families.live().filter(tenant=tenant.id))


def session(tenant: HasId, session_id: str) -> Session:
    """A session with its user, also one that has ended: what applications got in it outlives it. Raises ManagementError."""
    row = Session.objects.of(tenant).select_related("user", "tenant").filter(pk=session_id).first()
    if row is None:
        raise no_session()
    return row


def no_session() -> ManagementError:
    return ManagementError(404, "The session does not exist", "inexistent_session")
