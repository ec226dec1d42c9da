"""What a logout asks for: whose, for which client, where to go afterwards (RP-Initiated Logout 1.0 §2, Auth0's /v2/logout).

Judges addresses and hints. Whether to ask the person first is decided in `authserver.pages.logout`.
"""

from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from apis import registry
from apis.registry import ApplicationValue
from authserver import errors, id_token_hints
from tenants.config_cache import CurrentTenant
from tenants.keys.jws import InvalidTokenError


@dataclass(frozen=True, slots=True)
class LogoutRequest:
    """`return_to` is "" or an approved address. `sid` and `subject` come from a genuine hint, "" without one."""

    client_id: str = ""
    return_to: str = ""
    sid: str = ""
    subject: str = ""

    def stored(self) -> dict[str, Any]:
        return asdict(self)


def oidc(tenant: CurrentTenant, values: dict[str, str]) -> LogoutRequest:
    """The parameters of /oidc/logout. Never refuses: what is wrong is left out, and then the person is asked (T-101).

    An address counts only together with the client that registered it: proven by a hint, or at least named.
    """
    hint = values.get("id_token_hint", "")
    client_id = values.get("client_id", "") or id_token_hints.claimed_audience(hint)
    client = _client(tenant, client_id)
    if client is None:
        return LogoutRequest()
    claims = _hinted(tenant, client, hint)
    if hint and not claims:
        return LogoutRequest()
    address = values.get("post_logout_redirect_uri", "")
    return LogoutRequest(
        client_id=client.client_id,
        return_to=_with_state(address, values.get("state", "")) if address in client.logout_uris else "",
        sid=str(claims.get("sid", "")),
        subject=str(claims.get("sub", "")),
    )


def auth0(tenant: CurrentTenant, values: dict[str, str]) -> LogoutRequest:
    """The parameters of /v2/logout (`wire.md` §1.7). Raises UnknownClient, LogoutURLNotAllowed.

    Query and fragment count for nothing in matching. With a client and no address, its first one is meant.
    """
    client_id, address = values.get("client_id", ""), values.get("returnTo", "")
    client = _client(tenant, client_id)
    if client_id and client is None:
        raise errors.UnknownClient(client_id=client_id[:100])
    allowed = client.logout_uris if client else tenant.settings.allowed_logout_urls
    if not address:
        return LogoutRequest(client_id, allowed[0] if client and allowed else "")
    if _bare(address) not in {_bare(url) for url in allowed}:
        raise errors.LogoutURLNotAllowed(url=address[:500])
    return LogoutRequest(client_id, address)


def _client(tenant: CurrentTenant, client_id: str) -> ApplicationValue | None:
    """One that is switched off counts as unknown, here as everywhere."""
    client = registry.application(tenant, client_id) if client_id else None
    return client if client and client.enabled else None


def _hinted(tenant: CurrentTenant, client: ApplicationValue, hint: str) -> dict[str, Any]:
    if not hint:
        return {}
    try:
        return id_token_hints.verified(tenant, client, hint)
    except InvalidTokenError:
        return {}


def _with_state(address: str, state: str) -> str:
    if not state:
        return address
    return f"{address}{'&' if '?' in address else '?'}state={quote(state, safe='')}"


def _bare(url: str) -> str:
    """Without query and fragment. What browsers read differently than we do (backslash, user name) matches nothing."""
    if "\\" in url or not url.isascii() or any(ord(character) <= 0x20 for character in url):
        return f"unmatchable {url}"
    try:
        parts = urlsplit(url)
    except ValueError:
        return f"unmatchable {url}"
    return f"unmatchable {url}" if "@" in parts.netloc else parts._replace(query="", fragment="").geturl()
