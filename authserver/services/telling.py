"""What the log hears when somebody ends, or notes down, what a person's sign-in left behind."""

from typing import Any

from apis.models import API, Application
from tenants import audit
from tenants.changes import Actor
from tenants.models import User


def tell(
    by: Actor,
    description: str,
    *,
    tenant_id: int,
    target: str,
    user: User | None = None,
    application: Application | None = None,
    api: API | None = None,
    scopes: list[str] | None = None,
    **details: Any,
) -> None:
    """Auth0's event of its Management API. Who did it is `user_name`; whose it was stands in the details.

    An operator is no client: then the client of the event is the application that it is about.
    """
    if application is not None:
        details["application"] = {"client_id": application.client_id, "name": application.name}
    if user is not None:
        details["user"] = {"user_id": user.user_id, "email": user.email}
    about = application if application and by.client_id in {"", application.client_id} else None
    audit.record(
        audit.Event(
            type="sapi",
            tenant_id=tenant_id,
            description=description,
            user_name=by.name,
            ip=by.ip,
            client_id=about.client_id if about else by.client_id,
            client_name=about.name if about else "",
            audience=api.identifier if api else "",
            scope=" ".join(scopes or ()),
            details={"actor": {"type": by.kind, "name": by.name}, "target": target, **details},
        )
    )
