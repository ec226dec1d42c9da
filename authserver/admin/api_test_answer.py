"""What the Test tab of an API shows of an answer: to admins all of it, to viewers a token without its signature.

A token opens an API, so whoever is handed one may do what the application may. An admin could give the application a new
secret and ask with that; a viewer may change nothing, and so gets nothing with which something could be changed. That holds
for every API alike: what the calls of a customer's API do, nobody here can know.
"""

from dataclasses import dataclass, field
from typing import Any

import orjson
from django.urls import reverse

from apis.registry import APIValue
from authserver.admin.api_test_choice import Chosen
from authserver.admin.api_test_endpoint import Asked
from authserver.admin.claim_sentences import About
from authserver.admin.remedy_links import remedy_link
from authserver.admin.request_snippets import call
from authserver.admin.token_reading import Reading, read, without_signature
from tenants.console.sections import Link

# What a newcomer reads first of the Management API, as far as the scopes allow it.
_COLLECTIONS = ("clients", "resource_servers", "users", "connections", "roles", "logs")


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as a page shows it. `token` and `call` are "" for those who get none; `reading` is None of a refusal."""

    status: int
    reason: str
    body: str = field(repr=False)
    log: Link
    reading: Reading | None = None
    token: str = field(default="", repr=False)
    call: str = field(default="", repr=False)
    problem: str = ""
    remedy: Link | None = None


def shown(asked: Asked, chosen: Chosen, request_id: str, *, whole: bool) -> Shown:
    """`asked` for the page, for an admin `whole`: with the token as it can be used."""
    log = Link("See it in the log", reverse("admin:tenants_logevent_changelist", query={"q": request_id}))
    if asked.refusal is not None or asked.authorization is None or asked.authorization.api is None:
        return _refusal(asked, chosen, log, may_change=whole)
    api, token = asked.authorization.api, str(asked.body["access_token"])
    reading = read(token, About(asked.authorization.tenant, asked.authorization.client, api))
    if not whole:
        body = asked.body | {"access_token": without_signature(token)}
        return Shown(asked.status, asked.reason, _pretty(body), log, reading)
    example = call(_address(api, asked.authorization.scopes), token)
    return Shown(asked.status, asked.reason, _pretty(asked.body), log, reading, token, example)


def _refusal(asked: Asked, chosen: Chosen, log: Link, *, may_change: bool) -> Shown:
    refusal = asked.refusal
    if refusal is None:
        return Shown(asked.status, asked.reason, _pretty(asked.body), log)
    client_id, audience = chosen.client.client_id, chosen.api.audience
    reason = type(refusal).__name__
    remedy = remedy_link(chosen.tenant.id, reason, client_id=client_id, audience=audience, may_change=may_change)
    return Shown(asked.status, asked.reason, _pretty(asked.body), log, problem=refusal.private, remedy=remedy)


def _address(api: APIValue, scopes: tuple[str, ...]) -> str:
    """Where the API may be: the identifier if that is an address, which it need not be."""
    if not api.is_system:
        return api.audience if api.audience.startswith(("https://", "http://")) else "https://YOUR_API.example.com/"
    readable = next((name for name in _COLLECTIONS if f"read:{name}" in scopes), _COLLECTIONS[0])
    return api.audience + readable.replace("_", "-")


def _pretty(body: dict[str, Any]) -> str:
    return orjson.dumps(body, option=orjson.OPT_INDENT_2).decode()
