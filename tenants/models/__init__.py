"""Tables of the ground floor. Queries start from the tenant: `Model.objects.of(tenant)`."""

from tenants.models.attempts import Attempts
from tenants.models.directory import Connection, User
from tenants.models.domain import Domain
from tenants.models.log_count import LogCount
from tenants.models.log_event import LogEvent
from tenants.models.operator import Membership, Operator
from tenants.models.signing_key import SigningKey
from tenants.models.tenant import Tenant

__all__ = [
    "Attempts",
    "Connection",
    "Domain",
    "LogCount",
    "LogEvent",
    "Membership",
    "Operator",
    "SigningKey",
    "Tenant",
    "User",
]
