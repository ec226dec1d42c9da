"""Calls to the Management API of the real server, all on their way before the first is answered."""

import asyncio
from typing import Any

import httpx

from tests.management_api.caller import Caller
from tests.races.conftest import Crowd

Call = tuple[str, str] | tuple[str, str, Any]


def calls_at_once(crowd: Crowd, caller: Caller, *calls: Call) -> list[httpx.Response]:
    """The answers to `calls` (method, path below /api/v2/, body), in their order."""
    host = crowd.people.world.domain.host
    headers = {"Host": host, "X-Forwarded-Proto": "https", "Authorization": f"Bearer {caller.token}"}
    return asyncio.run(_send(f"{crowd.url}/api/v2/", headers, calls))


async def _send(url: str, headers: dict[str, str], calls: tuple[Call, ...]) -> list[httpx.Response]:
    limits = httpx.Limits(max_connections=len(calls))
    async with httpx.AsyncClient(base_url=url, headers=headers, limits=limits, timeout=300) as http:
        return list(
            await asyncio.gather(
                *[http.request(method, path, json=body[0] if body else None) for method, path, *body in calls]
            )
        )


def statuses(answers: list[httpx.Response]) -> list[int]:
    """How they ended, sorted."""
    return sorted(answer.status_code for answer in answers)
