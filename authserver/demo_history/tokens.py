"""What the token endpoint would answer an application of the demo, as a log event.

Everything is asked of those who decide it: client authentication, the grants and the policy. So a refusal has the reason and
the remedy that it really has, and an application that was switched on meanwhile is refused no more.
"""

from datetime import UTC, datetime

from apis.registry import ApplicationValue
from authserver import client_auth, errors, policy, scopes, token_events
from authserver.authorization import Authorization, Person
from authserver.client_auth import AuthenticatedClient
from authserver.demo_history.stage import Stage
from authserver.grants import GRANTS
from authserver.params import TokenRequest
from tenants.audit import Event


def asked(stage: Stage, key: str, grant_type: str = "client_credentials", **values: str) -> Event:
    """The application `key` asks with `values`. Without a client_secret among them it is taken to know its own."""
    request, client = stage.request_of(key), stage.clients[key]
    said = TokenRequest(grant_type, {"grant_type": grant_type, "client_id": client.client_id, **values})
    proven: AuthenticatedClient | None = None
    try:
        proven = _proven(stage, client, said)
        if grant_type not in client.grant_types:
            raise errors.GrantTypeNotAllowed(grant_type=grant_type)
        authorization = GRANTS[grant_type](stage.tenant, proven, said)
    except errors.OAuthError as error:
        return token_events.refused_event(request, error, said, proven)
    return token_events.issued_event(request, grant_type, authorization)


def exchanged(stage: Stage, key: str, who: str, *, grant_type: str, audience: str, scope: str) -> Event:
    """The application `key` exchanges what the person with the e-mail `who` brought it; the policy narrows `scope`."""
    request, client, user = stage.request_of(key, who), stage.clients[key], stage.people[who]
    proven = AuthenticatedClient(client, _secret_id(client))
    said = TokenRequest(grant_type, {"grant_type": grant_type, "client_id": client.client_id})
    try:
        api = policy.api_for_user(stage.tenant, client, audience, ())
        decision = policy.for_user(stage.tenant, client, api, scopes.split(scope), user.pk)
    except errors.OAuthError as error:
        return token_events.refused_event(request, error, said, proven)
    authorization = Authorization(
        tenant=stage.tenant,
        client=client,
        api=api,
        scopes=decision.scopes,
        subject=user.user_id,
        not_granted=decision.not_granted,
        secret_id=proven.secret_id,
        person=Person(user, datetime.now(UTC)),
    )
    return token_events.issued_event(request, grant_type, authorization)


def _proven(stage: Stage, client: ApplicationValue, said: TokenRequest) -> AuthenticatedClient:
    """Public clients prove nothing, and a wrong secret is wrong: both are judged. A right one is known to its owner only."""
    if client.is_public or "client_secret" in said.values:
        return client_auth.authenticate(stage.tenant, said.values, "")
    return AuthenticatedClient(client, _secret_id(client))


def _secret_id(client: ApplicationValue) -> int | None:
    return client.secrets[-1].id if client.secrets else None
