"""auth0-python's management client, unmodified: signing keys; and tokens that end before their time, by key or by name."""

import re
import time

import httpx
import jwt
from auth0.management import ManagementClient
from auth0.management.core.api_error import ApiError
from auth0.management.errors import NotFoundError, UnauthorizedError

from tests.clients.management_python import SEEN_BY_ALL, client, plain, refused
from tests.clients.server import RealServer


def test_signing_keys(auth0: ManagementClient, tenant: RealServer) -> None:
    before = auth0.keys.signing.list()
    (old,) = (key.kid for key in before if key.current)
    (awaited,) = (key.kid for key in before if key.next)
    # Auth0 documents no 400 here, so the SDK has no name for it.
    assert "Only a previous key" in refused(auth0.keys.signing.revoke, old, by=ApiError)[1]
    rotated = auth0.keys.signing.rotate()
    assert rotated.kid == awaited
    assert rotated.cert == auth0.keys.signing.get(awaited).cert
    states = {key.kid: (key.current, key.next, key.previous) for key in auth0.keys.signing.list()}
    assert (states[awaited], states[old]) == ((True, None, None), (None, None, True))
    assert re.fullmatch("[0-9A-F]{40}", auth0.keys.signing.get(old).thumbprint)
    assert auth0.keys.signing.revoke(old).kid == old
    time.sleep(SEEN_BY_ALL)
    refused(auth0.keys.signing.list, by=UnauthorizedError)
    with client(tenant, tenant.management) as anew:
        revoked = anew.keys.signing.get(old)
        assert (revoked.revoked, revoked.previous) == (True, None)
        assert refused(anew.keys.signing.get, "nothing", by=NotFoundError)[0] == "inexistent_signing_key"


def test_a_blacklisted_token_of_the_management_api_opens_nothing(tenant: RealServer) -> None:
    """Auth0 took blacklists out of its SDKs, and so of its documents; what called them still does."""
    with plain(tenant) as http, httpx.Client(timeout=300) as given:
        token = http.headers["Authorization"].removeprefix("Bearer ")
        script = ManagementClient(domain=tenant.domain, token=token, httpx_client=given)
        assert script.roles.list().items == []
        claims = jwt.decode(token, options={"verify_signature": False})
        named = {"aud": tenant.management["audience"], "jti": claims["jti"]}
        assert http.post("/api/v2/blacklists/tokens", json=named).status_code == 204
        time.sleep(SEEN_BY_ALL)
        refused(script.roles.list, by=UnauthorizedError)
    with plain(tenant) as http:
        assert named in http.get("/api/v2/blacklists/tokens", params={"aud": named["aud"]}).json()
