"""The quick start of an API says how it verifies a token, and what it says is true."""

import os
import signal
import socket
import subprocess
import sys
import time
from html import unescape

import httpx
import pytest

from apis.models import API
from apis.services import apis
from tenants.services import add_domain
from tests import factories
from tests.clients import node
from tests.conftest import build_world
from tests.console.browser import Console
from tests.console.conftest import address

LANGUAGES = ["Python", "Node.js", "Go", "Java"]


def quick_start(console, api, **query):
    answer = console.get(address(API, "quick_start", api.pk, **query))
    assert answer.status_code == 200
    return answer


def snippet(console, api, name):
    """The text of a snippet as a browser shows and copies it."""
    page = quick_start(console, api).content.decode()
    return unescape(page.split(f'data-snippet="{name}">', 1)[1].split("</pre>", 1)[0])


def test_the_values_to_copy_are_those_of_the_discovery_document(vera, acme):
    facts = quick_start(vera, acme.api).context["facts"]
    document = acme.http().get("/.well-known/openid-configuration").json()
    assert (facts.issuer, facts.key_set) == (document["issuer"], document["jwks_uri"])
    assert facts.token_endpoint == document["token_endpoint"]
    assert facts.configuration == f"{document['issuer']}.well-known/openid-configuration"
    page = quick_start(vera, acme.api).content.decode()
    for value in (facts.issuer, facts.key_set, facts.token_endpoint, facts.configuration, "https://orders.example.com"):
        assert f"data-copy>{value}<" in page


def test_every_language_names_issuer_audience_keys_algorithm_and_a_permission(ada, acme):
    api = acme.api
    assert [language.name for language in quick_start(ada, api).context["languages"]] == LANGUAGES
    texts = {
        "Python": snippet(ada, api, "python_keys") + snippet(ada, api, "python_use"),
        "Node.js": snippet(ada, api, "node"),
        "Go": snippet(ada, api, "go_keys"),
        "Java": snippet(ada, api, "java_settings") + snippet(ada, api, "java_rules"),
    }
    for text in texts.values():
        for value in (
            '"https://acme.example.com/"',
            '"https://orders.example.com"',
            '"https://acme.example.com/.well-known/jwks.json"',
            '"RS256"',
            "read:orders",
        ):
            assert value in text


def test_an_api_with_a_secret_is_told_to_verify_with_it(ada, vera, acme):
    api = factories.make_api(acme.tenant, "urn:hs", signing_alg="HS256")
    for name in ("python_secret", "node", "go_secret", "java_decoder"):
        text = snippet(ada, api, name)
        assert "API_SIGNING_SECRET" in text
        assert "HS256" in text
        assert '"urn:hs"' in text
        assert "jwks.json" not in text
        assert apis.reveal_signing_secret(api) not in text
    assert address(API, "signing_secret", api.pk) in quick_start(ada, api).content.decode()
    assert address(API, "signing_secret", api.pk) not in quick_start(vera, api).content.decode()


def test_an_api_whose_tokens_are_as_rfc_9068_says_is_told_to_refuse_others(ada, acme):
    api = factories.make_api(acme.tenant, "urn:strict", token_dialect="rfc9068_profile")
    assert "strict: true" in snippet(ada, api, "node")
    for name in ("python_keys", "go_keys", "java_decoder"):
        assert '"at+jwt"' in snippet(ada, api, name)


def test_where_a_library_does_not_know_the_algorithm_the_page_says_so(ada, acme):
    acme.tenant.flags = {"enable_okp_keys": True}
    acme.tenant.save()
    api = factories.make_api(acme.tenant, "urn:ed", signing_alg="EdDSA")
    assert "Spring Security knows no EdDSA" in quick_start(ada, api).content.decode()


def test_the_management_api_has_the_issuer_before_its_audience_and_each_domain_is_one(ada, acme):
    add_domain(acme.tenant, "second.example.com", by=factories.BY)
    system = API.objects.get(tenant=acme.tenant, is_system=True)
    assert quick_start(ada, system).context["facts"].audience == "https://acme.example.com/api/v2/"
    facts = quick_start(ada, system, domain="second.example.com").context["facts"]
    assert (facts.issuer, facts.audience) == ("https://second.example.com/", "https://second.example.com/api/v2/")
    assert quick_start(ada, system, domain="globex.example.com").context["facts"].issuer == "https://acme.example.com/"


def test_a_tenant_without_a_domain_is_told_that_it_needs_one(ada, acme):
    acme.tenant.domains.all().delete()
    assert "This tenant answers nowhere yet" in quick_start(ada, acme.api).content.decode()


def test_the_quick_start_of_another_tenant_is_not_found(grace, globex, acme):
    assert grace.get(address(API, "quick_start", acme.api.pk)).status_code == 404


def verified(text, token, **secrets):
    """What the Python snippet, saved as it is shown, says of `token`: its claims, or the name of the error."""
    story = (
        f"{text}\nimport sys\n"
        "try:\n    claims = claims_of(sys.stdin.read())\n"
        "    print(claims['sub'], allows(claims, 'read:orders'), allows(claims, 'delete:orders'))\n"
        "except jwt.PyJWTError as error:\n    print(type(error).__name__)\n"
    )
    environment = {"PATH": "", "NO_PROXY": "*"} | secrets
    done = subprocess.run(
        [sys.executable, "-c", story], check=False, input=token, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def served(live_server):
    """acme at the address of a real server, an admin of it, and APIs of every kind with a token for each."""
    world = build_world("acme")
    host = live_server.url.removeprefix("http://")
    world.tenant.domains.all().delete()
    add_domain(world.tenant, host, by=factories.BY)
    console = Console(factories.make_operator(world.tenant, username="ada"))
    kinds = {"urn:plain": {}, "urn:strict": {"token_dialect": "rfc9068_profile"}, "urn:hs": {"signing_alg": "HS256"}}
    made = {}
    for identifier, settings in kinds.items():
        api = factories.make_api(world.tenant, identifier, **settings)
        factories.grant(world.application, api, ("read:orders",))
        asked = world.good_request() | {"audience": identifier}
        token = httpx.post(f"{live_server.url}/oauth/token", json=asked, trust_env=False, timeout=300).json()["access_token"]
        made[identifier] = (api, token)
    return world, console, made


@pytest.mark.django_db(transaction=True)
def test_the_python_snippets_run_as_they_are_shown_and_accept_only_their_own_tokens(served):
    world, console, made = served
    good = f"{world.application.client_id}@clients True False"
    for identifier, (api, token) in made.items():
        text = snippet(console, api, "python_secret" if identifier == "urn:hs" else "python_keys")
        secret = {"API_SIGNING_SECRET": apis.reveal_signing_secret(api)} if identifier == "urn:hs" else {}
        assert verified(text, token, **secret) == good
        for other, (_, stranger) in made.items():
            if other != identifier:
                assert verified(text, stranger, **secret).endswith("Error"), (identifier, other)


def called(port, token):
    """Status and claims of a call with `token`; 0 while nobody listens."""
    headers = {"Authorization": f"Bearer {token}"}
    try:
        answer = httpx.get(f"http://127.0.0.1:{port}/orders", headers=headers, trust_env=False, timeout=120)
    except httpx.ConnectError:
        return 0, None
    return answer.status_code, answer.json() if answer.is_success else None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("identifier", ["urn:plain", "urn:strict", "urn:hs"])
def test_the_node_snippet_runs_as_it_is_shown_and_accepts_only_its_own_tokens(identifier, served, tmp_path, unused_port):
    world, console, made = served
    api, token = made[identifier]
    (tmp_path / "server.mjs").write_text(snippet(console, api, "node"))
    (tmp_path / "node_modules").symlink_to(node.HERE / "node_modules")
    secret = {"API_SIGNING_SECRET": apis.reveal_signing_secret(api)} if identifier == "urn:hs" else {}
    environment = {"PATH": "", "PORT": str(unused_port)} | secret
    command = [*node.command(), "--require", str(node.NAMES), str(tmp_path / "server.mjs")]
    # A group of its own: what is started is a wrapper, and Node is its child.
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        until = time.monotonic() + 120
        while called(unused_port, "x")[0] == 0 and process.poll() is None and time.monotonic() < until:
            time.sleep(0.1)
        assert called(unused_port, token) == (200, {"caller": f"{world.application.client_id}@clients"})
        for other, (_, stranger) in made.items():
            if other != identifier:
                assert called(unused_port, stranger)[0] == 401
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture
def unused_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
