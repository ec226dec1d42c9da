"""May they: audience → API → grant → scopes. The only place that decides.

The console asks the same functions when it shows an effective answer, so what it shows is what would happen.
"""

from authserver.policy.audience import api_for_user, named_api
from authserver.policy.clients import Decision, for_client
from authserver.policy.users import UserDecision, for_user, requestable

__all__ = ["Decision", "UserDecision", "api_for_user", "for_client", "for_user", "named_api", "requestable"]
