"""manage.py first_token against a running server: what it prints works, and what goes wrong is said in one sentence."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from authserver.management.commands import first_token
from tenants.keys import jws
from tests.operations.newcomer import pasted
from tests.postgres import free_port


@pytest.fixture
def demo(live_server: Any, tmp_path: Path) -> Path:
    """The file that `create_tenant --demo --json` printed for a server that runs now."""
    file = tmp_path / "demo.json"
    output = StringIO()
    host = live_server.url.removeprefix("http://")
    call_command("create_tenant", "demo", "--domain", host, "--demo", "--json", stdout=output)
    file.write_text(output.getvalue())
    return file


def changed(demo: Path, change: Any) -> Path:
    document = json.loads(demo.read_text())
    change(document)
    demo.write_text(json.dumps(document))
    return demo


def told(*arguments: object) -> str:
    output = StringIO()
    call_command("first_token", *map(str, arguments), stdout=output)
    return output.getvalue()


def test_it_tells_the_request_the_claims_their_end_and_the_console(demo: Path, tmp_path: Path) -> None:
    login = tmp_path / "console-login"
    login.write_text("username admin\npassword with space\n")
    text = told(demo, "--console-login", login)
    issuer = json.loads(demo.read_text())["issuer"]
    assert pasted(text).startswith(f"  curl -sS {issuer}oauth/token")
    claims = json.loads(text[text.index("{") : text.index("}") + 1])
    assert claims["iss"] == issuer
    assert claims["scope"] == "read:orders create:orders"
    assert "Each token is valid for 24 hours; this one expires on " in text
    assert f"Console  {issuer}admin/\n         username admin\n         password with space\n" in text
    assert text.isascii()


def test_without_a_login_it_tells_only_where_the_console_is(demo: Path, tmp_path: Path) -> None:
    assert "password" not in told(demo).split("Console")[1]
    assert "password" not in told(demo, "--console-login", tmp_path / "none").split("Console")[1]


def test_in_development_it_tells_where_the_demo_page_is_and_how_to_log_in(demo: Path, settings: Any) -> None:
    settings.DEVELOPMENT = True
    document = json.loads(demo.read_text())
    lines = told(demo).splitlines()
    page = lines.index(f"Demo     {document['issuer']}demo/")
    assert lines[page + 1] == f"         log in as ada@example.com, password {document['users'][0]['password']}"
    changed(demo, lambda document: document["users"][0].update(password=None))
    assert "password unknown: `create_tenant ... --demo --json --rotate" in told(demo)


def test_outside_development_it_tells_nothing_of_the_demo_page(demo: Path) -> None:
    assert "ada@example.com" not in told(demo)
    assert "demo/" not in told(demo)


def test_another_issuer_of_the_same_tenant_may_be_asked(demo: Path) -> None:
    issuer = json.loads(demo.read_text())["issuer"]
    changed(demo, lambda document: document.update(issuer="https://elsewhere.example.com/"))
    assert f'"iss": "{issuer}"' in told(demo, "--issuer", issuer.rstrip("/"))


def test_the_curl_names_the_authority_to_trust() -> None:
    story = first_token._story("https://localhost:8443/", {"a": "b c"}, {"iat": 0, "exp": 60}, Path("var/my tls/ca.pem"))
    assert pasted(story) == (
        "  curl -sS --cacert 'var/my tls/ca.pem' https://localhost:8443/oauth/token \\\n    --data-urlencode 'a=b c'"
    )


@pytest.mark.parametrize(
    ("seconds", "said"), [(3600, "1 hour;"), (86_400, "24 hours;"), (5_400, "90 minutes;"), (61, "61 seconds;")]
)
def test_a_lifetime_is_told_in_whole_units(seconds: int, said: str) -> None:
    assert f"valid for {said} this one expires on 1970-01-0" in first_token._lifetime({"iat": 0, "exp": seconds})


def test_a_refusal_is_told_with_the_servers_own_words(demo: Path) -> None:
    changed(demo, lambda document: document["applications"]["m2m"].update(client_secret="wrong"))
    with pytest.raises(CommandError, match=r"No token from http.*answered 401 .*access_denied"):
        told(demo)


def test_a_token_that_the_published_keys_do_not_prove_is_refused(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jws, "public_key", lambda _: None)
    with pytest.raises(CommandError, match="No token from"):
        told(demo)


def test_a_server_that_does_not_come_is_told(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_token, "WAIT_SECONDS", 0.2)
    with pytest.raises(CommandError, match="Connection refused"):
        told(demo, "--issuer", f"http://localhost:{free_port()}/")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda document: document["applications"]["m2m"].update(client_secret=None), "--rotate` makes a fresh one"),
        (lambda document: document.update(applications={}), "has no demo in it"),
        (lambda document: document.update(apis=[]), "has no demo in it"),
    ],
)
def test_a_file_that_cannot_do_is_told_with_the_mend(tmp_path: Path, change: Any, said: str) -> None:
    file = tmp_path / "demo.json"
    application = {"client_id": "a", "client_secret": "b"}
    file.write_text(json.dumps({"issuer": "x", "applications": {"m2m": application}, "apis": [{"identifier": "c"}]}))
    with pytest.raises(CommandError, match=said):
        told(changed(file, change))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is not what `create_tenant --demo --json` prints"):
        told(tmp_path / "none.json")
