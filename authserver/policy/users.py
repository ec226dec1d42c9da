"""What a client may have on a person's behalf: scopes are narrowed, never refused, and each that goes has its reason.

Only an API as a whole is refused.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from apis.held_permissions import held_permissions
from apis.registry import APIValue, ApplicationValue
from authserver.policy import grants
from authserver.policy.reasons import NO_CODE, why_not
from authserver.scopes import OFFLINE_ACCESS, split
from tenants.config_cache import CurrentTenant

# So many scopes a log event explains; nobody reads more.
MOST_REASONS = 20


@dataclass(frozen=True, slots=True)
class UserDecision:
    """What a client may have of `api` (None: only of the person's profile) on a person's behalf.

    `permissions` are all that the person holds of the API and the client grant has, for a third-party application those
    that were allowed; None where the API does not enforce RBAC. `not_granted` is scope → why not, a sentence for the admin:
    for log events only.
    """

    api: APIValue | None
    scopes: tuple[str, ...]
    permissions: tuple[str, ...] | None
    not_granted: Mapping[str, str] = field(default_factory=dict)


def for_user(
    tenant: CurrentTenant,
    client: ApplicationValue,
    api: APIValue | None,
    scope: Sequence[str],
    user_pk: int,
    *,
    by_code: bool = True,
) -> UserDecision:
    """What is left of `scope` (`wire.md` §1.8): what exists, what the API allows, what the person holds.

    `by_code` is False for an answer that holds no code, which alone leads to a refresh token. Raises ClosedToAll,
    NotGrantedForUsers: a client that may not have the API at all gets no token for it, however few scopes it has.
    """
    granted = grants.of_users(tenant, client, api) if api else None
    held: tuple[str, ...] | None = None
    if api is not None and api.enforce_policies:
        of_user = held_permissions(user_pk, api.id)
        held = tuple(value for value in api.permissions if value in of_user)
    reasons = {value: why_not(tenant, client, api, value, granted=granted, held=held) for value in scope}
    if OFFLINE_ACCESS in reasons and not by_code:
        reasons[OFFLINE_ACCESS] = NO_CODE
    scopes = _left(reasons)
    return UserDecision(api, scopes, _permissions(client, granted, held, scopes), _refused(reasons))


def requestable(
    tenant: CurrentTenant, client: ApplicationValue, api: APIValue | None, scope: str
) -> tuple[tuple[str, ...], dict[str, str]]:
    """What of `scope` exists at all for this client and API, before it is known who the person is.

    Returns it, and why not the rest, as `UserDecision.not_granted` has it. Raises as `for_user`.
    """
    granted = grants.of_users(tenant, client, api) if api else None
    reasons = {value: why_not(tenant, client, api, value, granted=granted, held=None) for value in split(scope)}
    return _left(reasons), _refused(reasons)


def _permissions(
    client: ApplicationValue,
    granted: tuple[str, ...] | None,
    held: tuple[str, ...] | None,
    scopes: tuple[str, ...],
) -> tuple[str, ...] | None:
    """What an API that reads the claim may take for allowed: no more than the client may have, and the person allowed."""
    if held is None:
        return None
    if granted is not None:
        held = tuple(value for value in held if value in granted)
    return held if client.is_first_party else tuple(value for value in held if value in scopes)


def _left(reasons: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(value for value, reason in reasons.items() if not reason)


def _refused(reasons: Mapping[str, str]) -> dict[str, str]:
    """The reasons, as many as a log event needs: anybody can ask for any number of scopes, each as long as they like."""
    refused: Iterable[tuple[str, str]] = ((value[:100], reason) for value, reason in reasons.items() if reason)
    return dict(islice(refused, MOST_REASONS))
