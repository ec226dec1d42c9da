"""A client credentials request as an application would send it itself, in the languages that people send it from.

The proof stands in it as a placeholder: secrets are hashed and private keys are never here, so nobody could fill it in.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass

from apis.models import TokenEndpointAuthMethod
from apis.registry import ApplicationValue
from authserver.admin.snippet_forms import Expression, curl, httpie, node, python, quoted
from authserver.client_auth.assertions import TYPE

SECRET = "YOUR_CLIENT_SECRET"


@dataclass(frozen=True, slots=True)
class Snippet:
    """`text` in the language, or for the tool, called `name`."""

    name: str
    text: str


def parameters(client_id: str, audience: str, scope: str) -> dict[str, str]:
    """The parameters of the request, without those that prove who sends it. Without `scope`: all that is granted."""
    values = {"grant_type": "client_credentials", "client_id": client_id, "audience": audience}
    return values | ({"scope": scope} if scope else {})


def snippets(issuer: str, client: ApplicationValue, values: Mapping[str, str]) -> list[Snippet]:
    """The request with the parameters `values` to the tenant `issuer`, authenticated as `client` is registered to."""
    url = f"{issuer}oauth/token"
    if client.token_endpoint_auth_method == TokenEndpointAuthMethod.PRIVATE_KEY_JWT:
        texts = _with_assertion(issuer, url, client, values)
    elif client.token_endpoint_auth_method == TokenEndpointAuthMethod.CLIENT_SECRET_BASIC:
        texts = _with_header(url, values)
    else:
        sent = dict(values) | ({} if client.is_public else {"client_secret": SECRET})
        texts = (curl(url, sent), httpie(url, sent), python(url, sent), node(url, sent))
    names = ("curl", "HTTPie", "Python", "Node")
    return [Snippet(name, text) for name, text in zip(names, texts, strict=True)]


def call(url: str, token: str) -> str:
    """The curl that calls the API at `url` with `token`."""
    return f"curl {quoted(url)} \\\n  --header {quoted(f'Authorization: Bearer {token}')}"


def _with_header(url: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """client_id and secret in the Authorization header (RFC 6749 §2.3.1)."""
    client_id = values["client_id"]
    sent = {name: value for name, value in values.items() if name != "client_id"}
    pair = f"{client_id}:{SECRET}"
    return (
        curl(url, sent, f"--user {quoted(pair)}"),
        httpie(url, sent, f"--auth {quoted(pair)}"),
        python(url, sent, f"auth=({json.dumps(client_id)}, {json.dumps(SECRET)})"),
        node(url, sent, f'headers: {{ Authorization: "Basic " + btoa({json.dumps(pair)}) }}'),
    )


def _with_assertion(issuer: str, url: str, client: ApplicationValue, values: Mapping[str, str]) -> tuple[str, ...]:
    """A JWT that the application signs with its private key, anew for each request (RFC 7523 §2.2)."""
    sent = dict(values) | {"client_assertion_type": TYPE}
    in_shell = sent | {"client_assertion": Expression("$CLIENT_ASSERTION")}
    in_code = sent | {"client_assertion": Expression("assertion")}
    alg, kid = _key(client)
    return (
        curl(url, in_shell),
        httpie(url, in_shell),
        python(url, in_code, before=_signed_in_python(issuer, client.client_id, alg, kid)),
        node(url, in_code, before=_signed_in_node(issuer, client.client_id, alg, kid)),
    )


def _key(client: ApplicationValue) -> tuple[str, str]:
    """(algorithm, kid) of a key of `client`, one that has not expired if there is any."""
    now = time.time()
    live = [row.key for row in client.credentials if row.expires_at is None or row.expires_at > now]
    key = next(iter([*live, *(row.key for row in client.credentials)]), None)
    return (key.public.alg, key.kid) if key else ("RS256", "YOUR_KEY_ID")


def _signed_in_python(issuer: str, client_id: str, alg: str, kid: str) -> str:
    return f"""import time
import uuid
from pathlib import Path

import httpx
import jwt  # PyJWT[crypto]

client_id, now = {json.dumps(client_id)}, int(time.time())
assertion = jwt.encode(
    {{
        "iss": client_id,
        "sub": client_id,
        "aud": {json.dumps(issuer)},
        "jti": uuid.uuid4().hex,
        "iat": now,
        "exp": now + 60,
    }},
    Path("private_key.pem").read_text(),
    algorithm={json.dumps(alg)},
    headers={{"kid": {json.dumps(kid)}}},
)
"""


def _signed_in_node(issuer: str, client_id: str, alg: str, kid: str) -> str:
    return f"""import {{ readFile }} from "node:fs/promises";
import {{ SignJWT, importPKCS8 }} from "jose";

const clientId = {json.dumps(client_id)};
const key = await importPKCS8(await readFile("private_key.pem", "utf8"), {json.dumps(alg)});
const assertion = await new SignJWT()
  .setProtectedHeader({{ alg: {json.dumps(alg)}, kid: {json.dumps(kid)} }})
  .setIssuer(clientId)
  .setSubject(clientId)
  .setAudience({json.dumps(issuer)})
  .setJti(crypto.randomUUID())
  .setIssuedAt()
  .setExpirationTime("1m")
  .sign(key);

"""
