"""The quick start of an application: code with its own values that is true, and what is still missing before it works."""

import base64
import hashlib
import html
import json
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apis.models import Application
from apis.services.applications import update_application
from apis.services.client_grants import create_client_grant
from tests import factories
from tests.client_keys import private_pem, signing
from tests.clients import node
from tests.conftest import World
from tests.console.browser import Console
from tests.console.conftest import address
from tests.people import CALLBACK

BASH = shutil.which("bash") or "/bin/bash"


def quick_start(console, application, **query):
    response = console.get(address(application, "quick_start", application.pk, **query))
    assert response.status_code == 200
    return response


def snippets(response):
    """Title → the code of an example, as it is copied from the page."""
    found = re.findall(
        r'<pre data-copy tabindex="0" data-snippet="([^"]*)">(.*?)</pre>', response.content.decode(), re.DOTALL
    )
    code = {}
    for title, text in found:
        code.setdefault(html.unescape(title), []).append(html.unescape(text))
    return code


def steps(response):
    return {step.text: (step.done, step.link.url) for step in response.context["steps"]}


@pytest.fixture
def live(live_server, transactional_db):
    """A tenant that answers at the test's own server, as `make run`'s does: by plain http on this machine."""
    tenant = factories.make_tenant("acme", domain=live_server.url)
    api = factories.make_api(tenant)
    application, secret = factories.make_application(tenant)
    factories.grant(application, api)
    return World(tenant, api, application, secret)


def run(command, text, directory):
    """What `command` prints when `text` is its program. In a thread of its own, as the server answers in another."""
    file = directory / "program.mjs"
    file.write_text(text)
    with ThreadPoolExecutor(max_workers=1) as pool:
        call = pool.submit(
            subprocess.run, [*command, str(file)], cwd=directory, capture_output=True, text=True, timeout=300, check=False
        )
        done = call.result()
    assert done.returncode == 0, done.stderr
    return done.stdout


def programs():
    return {"curl": [BASH], "Python": [sys.executable], "Node": node.command()}


@pytest.mark.parametrize("method", ["client_secret_post", "client_secret_basic"])
@pytest.mark.parametrize("language", ["curl", "Python", "Node"])
@pytest.mark.django_db(transaction=True)
def test_a_machine_gets_its_token_with_the_code_as_it_stands_on_the_page(language, method, live, tmp_path):
    update_application(live.application, by=factories.BY, token_endpoint_auth_method=method)
    ada = Console(factories.make_operator(live.tenant))
    (text,) = snippets(quick_start(ada, live.application))[language]
    said = run(programs()[language], text.replace("YOUR_CLIENT_SECRET", live.secret), tmp_path)
    assert re.search(r"access_token['\"]?: ?['\"]eyJ", said)
    assert "read:orders create:orders" in said


@pytest.mark.django_db(transaction=True)
def test_a_machine_that_signs_gets_its_token_with_the_python_on_the_page(live, tmp_path):
    signing(live.application)
    (tmp_path / "private_key.pem").write_text(private_pem())
    ada = Console(factories.make_operator(live.tenant))
    (text,) = snippets(quick_start(ada, live.application))["Python"]
    assert "access_token" in run([sys.executable], text, tmp_path)


def test_no_secret_stands_in_the_code(ada, acme):
    page = quick_start(ada, acme.application).content.decode()
    assert acme.secret not in page
    assert "YOUR_CLIENT_SECRET" in page
    assert acme.application.client_id in page
    assert acme.api.identifier in page


def test_a_website_is_told_its_callback_the_api_and_how_it_authenticates(ada, people):
    code = snippets(quick_start(ada, people.web, api=people.world.api.pk))
    express, authlib = code["Node.js"][1], code["Python"][1]
    for text in (express, authlib):
        assert json.dumps(people.web.client_id) in text
        assert json.dumps(people.world.api.identifier) in text
        assert '"client_secret_post"' in text
    assert 'baseURL: "https://shop.example"' in express
    assert 'callback: "/callback"' in express
    assert f'authorize_redirect("{CALLBACK}", audience=' in authlib
    compile(authlib, "app.py", "exec")


def test_a_website_without_an_api_asks_for_none(ada, people):
    response = quick_start(ada, people.web, api="none")
    assert response.context["choice"].api is None
    assert "audience" not in "".join(part for parts in snippets(response).values() for part in parts)


@pytest.mark.parametrize(
    ("method", "line"), [("none", 'clientAuthMethod: "none"'), ("private_key_jwt", "clientAssertionSigningKey")]
)
def test_the_code_of_a_website_follows_its_authentication_method(method, line, ada, acme):
    shop, _ = factories.make_application(acme.tenant, "Shop", app_type="regular_web", grant_types=["authorization_code"])
    update_application(shop, by=factories.BY, token_endpoint_auth_method=method)
    code = snippets(quick_start(ada, shop))
    assert line in code["Node.js"][1]
    assert "clientSecret" not in code["Node.js"][1]
    assert ("Python" in code) == (method == "none")


@pytest.mark.parametrize("script", ["Node.js", "JavaScript"])
def test_the_scripts_are_scripts(script, ada, people, tmp_path):
    application = people.web if script == "Node.js" else people.spa
    text = snippets(quick_start(ada, application))[script][1]
    file = tmp_path / ("server.cjs" if script == "Node.js" else "app.mjs")
    file.write_text(text)
    done = subprocess.run([node.command()[0], "--check", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_single_page_application_is_told_its_domain_and_whether_its_origin_may_ask(ada, people):
    response = quick_start(ada, people.spa)
    text = snippets(response)["JavaScript"][1]
    assert 'domain: "acme.example.com"' in text
    assert f'redirect_uri: "{CALLBACK}"' in text
    assert steps(response)["Scripts of https://shop.example may call the token endpoint."][0]
    assert "<Auth0Provider" in snippets(response)["React"][1]
    update_application(people.spa, by=factories.BY, allowed_origins="")
    done, url = steps(quick_start(ada, people.spa))["Scripts of https://shop.example may not call the token endpoint."]
    assert (done, url.partition("#")[2]) == (False, "id_allowed_origins")


def test_a_native_application_signs_in_by_hand_with_pkce_as_the_page_says(ada, acme, people, tmp_path):
    app, _ = factories.make_application(acme.tenant, "App", app_type="native", redirect_uris="http://127.0.0.1/cb")
    begin, end = snippets(quick_start(ada, app, api=acme.api.pk))["By hand"]
    program = begin.replace("--proto =none", "--proto =none --silent") + '\necho "$verifier"\n'
    printed = subprocess.run([BASH, "-c", program], capture_output=True, text=True, check=False).stdout.split()
    asked = {name: values[0] for name, values in parse_qs(urlsplit(printed[0]).query).items()}
    digest = base64.urlsafe_b64encode(hashlib.sha256(printed[1].encode()).digest()).rstrip(b"=").decode()
    assert asked["code_challenge"] == digest
    assert (asked["client_id"], asked["redirect_uri"]) == (app.client_id, "http://127.0.0.1/cb")
    assert (asked["audience"], asked["code_challenge_method"]) == (acme.api.identifier, "S256")
    assert people.browser().get(printed[0].removeprefix("https://acme.example.com")).status_code == 302
    assert "grant_type=authorization_code" in end
    assert "client_secret" not in end


def test_the_back_end_of_an_api_is_told_how_to_ask_about_a_token(ada, acme):
    backend, _ = factories.make_application(acme.tenant, "Backend", app_type="resource_server")
    response = quick_start(ada, backend)
    assert "https://acme.example.com/oauth/introspect" in snippets(response)["curl"][0]
    assert not steps(response)["It belongs to no API, so it is told nothing about any token."][0]
    update_application(backend, by=factories.BY, resource_server=acme.api)
    assert steps(quick_start(ada, backend))[f"It may ask about tokens for {acme.api}."][0]


def test_an_application_without_a_type_is_asked_to_choose_one_first(ada, vera, acme):
    Application.objects.filter(pk=acme.application.pk).update(app_type="")
    for console in (ada, vera):
        page = quick_start(console, acme.application).content.decode()
        assert "choose the type first" in page
        assert ("Choose its type" in page) == (console is ada)


def test_what_is_missing_is_named_with_the_way_there(ada, acme):
    acme.application.secrets.all().delete()
    acme.application.client_grants.all().delete()
    found = steps(quick_start(ada, acme.application))
    assert found["It has no secret that works."] == (False, address(acme.application, "credentials", acme.application.pk))
    assert found["It may not call any API yet."] == (False, address(acme.application, "apis", acme.application.pk))
    update_application(acme.application, by=factories.BY, enabled=False)
    assert not steps(quick_start(ada, acme.application))["It is disabled: every request of it is refused."][0]


def test_the_api_of_the_code_is_one_that_the_policy_allows(ada, acme):
    closed = factories.make_api(acme.tenant, "https://a-closed.example.com", client_policy="deny_all")
    create_client_grant(acme.application, closed, ["read:orders"], by=factories.BY)
    response = quick_start(ada, acme.application)
    assert response.context["choice"].api == acme.api
    assert {api.pk for api in response.context["choice"].offered} == {closed.pk, acme.api.pk}
    chosen = quick_start(ada, acme.application, api=closed.pk)
    assert f"It may not call {closed}: The API is closed to machines." in steps(chosen)


def test_a_tenant_without_a_domain_is_asked_for_one(ada, acme):
    acme.tenant.domains.all().delete()
    assert "answers nowhere yet" in quick_start(ada, acme.application).content.decode()


def test_an_api_of_another_tenant_is_not_chosen_and_another_tenants_application_not_found(ada, grace, acme, globex):
    response = quick_start(ada, acme.application, api=globex.api.pk)
    assert response.context["choice"].api == acme.api
    assert grace.get(address(acme.application, "quick_start", acme.application.pk)).status_code == 404


@pytest.mark.parametrize("kind", ["machine", "web"])
def test_the_quick_start_costs_few_statements_among_a_thousand_apis(kind, ada, people):
    application = people.world.application if kind == "machine" else people.web
    for number in range(40):
        api = factories.make_api(people.world.tenant, f"urn:{number}")
        factories.grant(people.world.application, api)
    with CaptureQueriesContext(connection) as queries:
        quick_start(ada, application)
    assert len(queries) <= 20, [query["sql"][:200] for query in queries]
