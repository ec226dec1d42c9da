"""The one value that every grant returns and every token is made from."""

from dataclasses import dataclass

from apis.registry import APIValue, ApplicationValue
from tenants.config_cache import CurrentTenant


@dataclass(frozen=True, slots=True)
class Authorization:
    """`client` may call `api` with `scopes`. `grant_name` is the `gty` claim, as Auth0 spells it."""

    tenant: CurrentTenant
    client: ApplicationValue
    api: APIValue
    scopes: tuple[str, ...]
    subject: str
    grant_name: str
