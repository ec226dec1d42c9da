"""The requests that the Test tab shows: run as they stand, with the secret filled in, they get a token."""

import base64
import subprocess
import sys
import types
from urllib.parse import urlencode

import jwt
import pytest

from apis.models import TokenEndpointAuthMethod as Method
from apis.services import applications
from authserver.admin.snippet_forms import curl, httpie, node, python
from tests import factories
from tests.client_keys import add_key, private_pem
from tests.console.asking import send as send_in_console
from tests.console.asking import snippets, tab, token_in
from tests.factories import BY
from tests.people import FORM
from tests.verification import verified

SECRET = "YOUR_CLIENT_SECRET"
HOSTILE = "urn:a'b$(touch%20x)&c;d!e*f"


@pytest.fixture
def by_header(acme):
    applications.update_application(acme.application, token_endpoint_auth_method=Method.CLIENT_SECRET_BASIC, by=BY)
    return acme


@pytest.fixture
def by_key(acme):
    add_key(acme.application)
    applications.update_application(acme.application, token_endpoint_auth_method=Method.PRIVATE_KEY_JWT, by=BY)
    return acme


def words_of(text):
    """The arguments of a command, as a shell hands them over: the command itself is one that tells."""
    command, _, rest = text.partition(" ")
    assert command in ("curl", "http")
    ran = subprocess.run(["sh", "-c", f"printf '%s\\0' {rest}"], check=True, capture_output=True, text=True)
    return ran.stdout.split("\0")[:-1]


def run_curl(world, text):
    """What curl would be answered: its words, read as a shell reads them."""
    words = words_of(text)
    assert words[:3] == ["--request", "POST", f"{world.issuer}oauth/token"]
    options = list(zip(words[3::2], words[4::2], strict=True))
    body = "&".join(_encoded(value) for name, value in options if name == "--data-urlencode")
    users = [value for name, value in options if name == "--user"]
    return _post(world, body, users[0] if users else "")


def run_python(world, text, monkeypatch, **modules):
    """What the program prints, run with an httpx that asks the tenant."""
    answers = []

    def post(url, data, auth=None):
        assert url == f"{world.issuer}oauth/token"
        body = "&".join(_encoded(f"{name}={value}") for name, value in data.items())
        answers.append(_post(world, body, ":".join(auth) if auth else ""))
        return answers[-1]

    monkeypatch.setitem(sys.modules, "httpx", types.SimpleNamespace(post=post))
    exec(compile(text, "snippet", "exec"), {"print": lambda _: None, **modules})
    return answers[0]


def _encoded(pair):
    name, _, value = pair.partition("=")
    return urlencode({name: value})


def _post(world, body, user):
    headers = {"authorization": f"Basic {base64.b64encode(user.encode()).decode()}"} if user else {}
    return world.http(**headers).post("/oauth/token", body, content_type=FORM)


def shown(world, console, **query):
    return {
        name: text.replace(SECRET, world.secret) for name, text in snippets(console.get(tab(world.api, **query))).items()
    }


@pytest.mark.parametrize("world", ["acme", "by_header"])
def test_curl_gets_a_token_with_the_secret_filled_in(world, ada, request):
    world = request.getfixturevalue(world)
    token = run_curl(world, shown(world, ada)["curl"]).json()["access_token"]
    assert verified(world, token)["scope"] == "read:orders create:orders"


@pytest.mark.parametrize("world", ["acme", "by_header"])
def test_python_gets_a_token_for_the_scope_that_was_ticked(world, ada, request, monkeypatch):
    world = request.getfixturevalue(world)
    answer = run_python(world, shown(world, ada, scope="read:orders")["Python"], monkeypatch)
    assert verified(world, answer.json()["access_token"])["scope"] == "read:orders"


def test_python_signs_an_assertion_with_the_private_key_of_an_application_that_has_one(by_key, ada, monkeypatch, tmp_path):
    (tmp_path / "private_key.pem").write_text(private_pem())
    monkeypatch.chdir(tmp_path)
    answer = run_python(by_key, shown(by_key, ada)["Python"], monkeypatch, jwt=jwt)
    assert verified(by_key, answer.json()["access_token"])


def test_curl_and_httpie_take_the_assertion_from_a_variable(by_key, ada):
    for name in ("curl", "HTTPie"):
        text = shown(by_key, ada)[name]
        assert '"client_assertion=$CLIENT_ASSERTION"' in text
        assert "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" in text
        assert "client_secret" not in text


@pytest.mark.parametrize("world", ["acme", "by_header", "by_key"])
def test_node_reads_its_program_without_complaint(world, ada, request, tmp_path):
    world = request.getfixturevalue(world)
    program = tmp_path / "ask.mjs"
    program.write_text(snippets(ada.get(tab(world.api)))["Node"])
    subprocess.run(["node", "--check", str(program)], check=True, capture_output=True)


def test_a_public_application_has_no_secret_to_fill_in(acme, ada):
    page, _ = factories.make_application(acme.tenant, "Page", app_type="spa")
    assert not any("secret" in text for text in snippets(ada.get(tab(acme.api, application=page.client_id))).values())


def test_no_snippet_holds_a_secret_of_the_application(acme, ada):
    assert acme.secret not in ada.get(tab(acme.api)).content.decode()


def test_an_identifier_with_letters_that_a_shell_obeys_stays_one_word(acme, ada):
    api = factories.make_api(acme.tenant, HOSTILE)
    factories.grant(acme.application, api)
    page = ada.get(tab(api))
    text = snippets(page)["curl"].replace(SECRET, acme.secret)
    assert f"audience={HOSTILE}" in words_of(text)
    assert f"audience={HOSTILE}" in words_of(snippets(page)["HTTPie"])
    assert verified(acme, run_curl(acme, text).json()["access_token"], audience=HOSTILE)
    called = send_in_console(ada, api, acme.application)
    assert words_of(called.context["answer"].call)[2] == f"Authorization: Bearer {token_in(called)}"


def test_values_are_texts_in_every_language_whatever_they_hold():
    values = {"a": 'it\'s "quoted" \\ ${x} `y` \n </script>'}
    assert words_of(curl("https://x.example/", values))[-1] == f"a={values['a']}"
    assert words_of(httpie("https://x.example/", values))[-1] == f"a={values['a']}"
    said = {}
    fake = types.SimpleNamespace(post=lambda url, data: said.update(data) or types.SimpleNamespace(json=dict))
    program = python("https://x.example/", values, before="").lstrip()
    exec(program, {"httpx": fake, "print": lambda _: None})
    assert said == values
    assert "\\n" in node("https://x.example/", values)


@pytest.mark.parametrize("value", ["@/etc/passwd", "=orders"])
def test_httpie_sends_a_value_that_looks_like_the_name_of_a_file_as_text(value):
    # HTTPie reads "=@" as a file to send, and "==" as a part of the address; a backslash takes that meaning away.
    assert words_of(httpie("https://x.example/", {"audience": value}))[-1] == f"audience=\\{value}"
    assert words_of(curl("https://x.example/", {"audience": value}))[-1] == f"audience={value}"
