"""Whom a refusal is about: the application, the API and the person, found from what its log event names.

Each is looked for in the tenant of the refusal alone, and once.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from django.db.models import Model, Q

from apis.models import API, Application
from apis.models.api import SYSTEM_IDENTIFIER
from tenants.models import User

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Refusal:
    """Who asked for what, as a log event names them; each may be empty, or name nobody."""

    tenant_id: int
    client_id: str
    audience: str
    user_id: str
    # Whether who asks may change the tenant's settings, or only look at them.
    may_change: bool = True

    @cached_property
    def application(self) -> Application | None:
        """The application that asked."""
        return _found(Application, self.tenant_id, self.client_id, Q(client_id=self.client_id))

    @cached_property
    def api(self) -> API | None:
        """The API that was asked for. The tenant's Management API is called after each of its domains."""
        wanted = Q(identifier=self.audience)
        if self.audience.endswith(SYSTEM_IDENTIFIER):
            wanted |= Q(is_system=True)
        return _found(API, self.tenant_id, self.audience, wanted, order="is_system")

    @cached_property
    def user(self) -> User | None:
        """The person it was about."""
        return _found(User, self.tenant_id, self.user_id, Q(user_id=self.user_id))


def _found(model: type[M], tenant_id: int, named: str, wanted: Q, order: str = "pk") -> M | None:
    # What holds a NUL no row is called, and PostgreSQL would not let itself be asked for it.
    if not named or "\x00" in named:
        return None
    return model._default_manager.filter(wanted, tenant_id=tenant_id).order_by(order).first()
