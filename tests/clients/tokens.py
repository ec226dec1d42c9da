"""Access tokens as a protected API meets them: one that is good for it, and the ways in which others are not."""

import base64
import hmac
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
import jwt
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.clients.deploy_cli import Tenant
from tests.clients.server import RealServer

HOUR = 3_600


@dataclass(frozen=True, slots=True)
class Tokens:
    """`good` reads orders and deletes none; `strict` is good at the API of RFC 9068; `others` is good at another tenant.

    `bad` are those that nobody may accept, by what is wrong with them.
    """

    good: str = field(repr=False)
    strict: str = field(repr=False)
    others: str = field(repr=False)
    bad: dict[str, str] = field(repr=False)


def gather(server: RealServer, strict_audience: str) -> Tokens:
    """Asks the server for them, and makes what it would not issue."""
    staging = Tenant(server, "staging")
    others = staging.token(server.tenants["staging"]["applications"]["m2m"] | {"audience": server.audience})
    with staging.http() as http:
        http.headers.pop("Host")
        good = _asked(http, server.machine, server.audience)
        strict = _asked(http, server.applications["stock"], strict_audience)
        (jwk, *_rest) = http.get("/.well-known/jwks.json").raise_for_status().json()["keys"]
    bad = {"audience": strict, "issuer": others, "garbage": "eyJhbGciOiJSUzI1NiJ9.e30.x", "empty": "x"}
    return Tokens(good, strict, others, bad | _minted(server, staging, good) | _forged(good, jwk))


def _asked(http: httpx.Client, application: dict[str, Any], audience: str) -> str:
    known = {name: application[name] for name in ("client_id", "client_secret")}
    asked = known | {"grant_type": "client_credentials", "audience": audience}
    return str(http.post("/oauth/token", json=asked).raise_for_status().json()["access_token"])


def _minted(server: RealServer, stranger: Tenant, good: str) -> dict[str, str]:
    """Claims that the server's own keys sign: an hour too old, and true ones by another tenant's key."""
    claims, now = jwt.decode(good, options={"verify_signature": False}), int(time.time())
    old = claims | {"iat": now - 2 * HOUR, "exp": now - HOUR}
    asked = [(server.domain, old), (urlsplit(stranger.issuer).netloc, claims)]
    names = ("expired", "another tenant's key")
    return dict(zip(names, json.loads(server.run("-m", "tests.clients.minted", sent=json.dumps(asked))), strict=True))


def _forged(good: str, jwk: dict[str, Any]) -> dict[str, str]:
    """What an attacker makes of a good token and the published key."""
    header, claims, signature = good.split(".")
    decoded = jwt.decode(good, options={"verify_signature": False})
    public = jwt.PyJWK(jwk).key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    confused = f"{_part({'alg': 'HS256', 'typ': 'JWT', 'kid': jwk['kid']})}.{claims}"
    digest = base64.urlsafe_b64encode(hmac.digest(public, confused.encode(), "sha256")).decode().rstrip("=")
    more = _part(decoded | {"scope": "read:orders delete:orders"})
    return {
        "alg none": f"{_part({'alg': 'none', 'typ': 'JWT'})}.{claims}.",
        "HS256 with the public key": f"{confused}.{digest}",
        "more scopes": f"{header}.{more}.{signature}",
    }


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
