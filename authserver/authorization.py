"""The one value that every grant returns and every token is made from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from apis.registry import APIValue, ApplicationValue
from tenants.config_cache import CurrentTenant
from tenants.models import User


@dataclass(frozen=True, slots=True)
class Person:
    """Who authorized it, when and how they proved who they are. `sid` is "" where no browser session stands behind it."""

    user: User
    auth_time: datetime
    amr: tuple[str, ...] = ()
    sid: str = ""


@dataclass(frozen=True, slots=True)
class Authorization:
    """`client` may call `api` with `scopes`. Without an API the token opens the person's own profile only.

    `grant_name` is the `gty` claim, as Auth0 spells it, "" where a token has none. `permissions` is what the claim of that
    name shows where the API asks for it. `secret_id` is the client secret that was used. `not_granted` is scope → why not,
    for the log event (`policy.UserDecision`).

    `claim` and `refresh` run in the transaction that stores the tokens. `claim` takes what may be used once and says whether
    it was still there; `refresh` stores the refresh token and returns its value.
    """

    tenant: CurrentTenant
    client: ApplicationValue
    api: APIValue | None
    scopes: tuple[str, ...]
    subject: str
    grant_name: str = ""
    permissions: tuple[str, ...] = ()
    secret_id: int | None = None
    person: Person | None = None
    family_id: str = ""
    nonce: str = field(default="", repr=False)
    claims_request: dict[str, Any] = field(default_factory=dict)
    claim: Callable[[], bool] | None = None
    refresh: Callable[[], str] | None = None
    not_granted: Mapping[str, str] = field(default_factory=dict)
