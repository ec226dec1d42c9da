"""One registration access token, fifteen hands, four processes: one change, one new token (T-087)."""

import asyncio

import httpx
import pytest
from django.db import connection

from tests.registrations import GOOD, Newcomer, refused

HANDS = 15

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite in memory knows one connection"),
]


async def write(url, host, made):
    """All the hands' changes, each with a name of its own."""
    headers = {"Host": host, "X-Forwarded-Proto": "https"}
    headers["Authorization"] = f"Bearer {made['registration_access_token']}"
    path = f"/oidc/register/{made['client_id']}"
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=300) as http:
        named = [GOOD | {"client_id": made["client_id"], "client_name": f"Hand {n}"} for n in range(HANDS)]
        return await asyncio.gather(*[http.put(path, json=values) for values in named])


def test_T087_of_many_changes_at_once_one_wins_and_only_its_token_lives(crowd):
    newcomer = Newcomer(crowd.people.world)
    made = newcomer.registers()
    answers = asyncio.run(write(crowd.url, crowd.people.world.domain.host, made))
    (won,) = [answer.json() for answer in answers if answer.status_code == 200]
    lost = {(answer.status_code, answer.json()["error"]) for answer in answers if answer.status_code != 200}
    assert lost == {(401, "invalid_token")}
    assert newcomer.row(made).name == won["client_name"]
    assert newcomer.reads(won).status_code == 200
    assert refused(newcomer.reads(made)) == (401, "invalid_token")
