"""Where an authorization request stands: who is signed in, and what the application would get from this person.

Looked at anew for every step; the decision that follows from it is `interaction`'s.
"""

from dataclasses import dataclass

from apis import registry
from apis.registry import APIValue, ApplicationValue
from authserver import claims, consents, errors, policy, sessions
from authserver.authorize_request import AuthorizeRequest
from authserver.models import Session
from authserver.parked import Parked
from authserver.scopes import split
from tenants.http import TenantRequest


@dataclass(frozen=True, slots=True)
class Visit:
    """A request on its way, `waiting` once it was parked."""

    client: ApplicationValue
    asked: AuthorizeRequest
    waiting: Parked | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Who is signed in, and what the application would get from this person."""

    session: Session | None
    api: APIValue | None
    decision: policy.UserDecision | None
    question: consents.Question | None


def stand(request: TenantRequest, visit: Visit) -> Standing:
    """Where `visit` stands. Three statements: the session, what RBAC leaves (where enforced), what was allowed before.

    Raises UnknownAPI.
    """
    tenant, asked = request.tenant, visit.asked
    api = registry.api(tenant, asked.audience) if asked.audience else None
    if asked.audience and api is None:
        # Deleted while the person was busy: a token for something else would be no answer.
        raise errors.UnknownAPI(audience=asked.audience)
    session = sessions.current(request)
    if session is None or not _may_use(request, visit, session):
        return Standing(None, api, None, None)
    by_code = "code" in asked.response_types
    decision = policy.for_user(tenant, visit.client, api, split(asked.scope), session.user_id, by_code=by_code)
    # Claims that are asked for by name are told like those of a scope, so they are allowed like them (T-046).
    told = tuple(dict.fromkeys([*decision.scopes, *claims.scopes_behind(asked.claims)]))
    question = consents.question(tenant, visit.client, api, told, asked.redirect_uri, user_pk=session.user_id)
    return Standing(session, api, decision, question)


def _may_use(request: TenantRequest, visit: Visit, session: Session) -> bool:
    """Single sign-on reaches as far as the application's directories do."""
    allowed = {connection.id: connection.name for connection in registry.connections(request.tenant, visit.client)}
    connection_id = session.user.connection_id
    return connection_id in allowed and visit.asked.connection in ("", allowed[connection_id])
