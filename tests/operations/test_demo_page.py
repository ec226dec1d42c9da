"""/demo/ over HTTP: who is shown it, with which policy, and its API as a resource server that refuses what it must.

What the page does in a browser is tests/browser/test_demo_page.py.
"""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from apis.models import Application
from tests.people import FORM

ADDRESSES = ("/demo/", "/demo/api/orders")
HOST = "localhost:8000"


def create(name: str, domain: str) -> dict[str, Any]:
    output = StringIO()
    call_command("create_tenant", name, "--domain", domain, "--demo", "--json", stdout=output)
    return dict(json.loads(output.getvalue()))


@pytest.fixture
def demo(db: None, settings: Any) -> dict[str, Any]:
    settings.DEVELOPMENT = True
    return create("demo", f"http://{HOST}")


def get(address: str, host: str = HOST, **headers: str) -> Any:
    return Client(headers={"host": host, **headers}).get(address)


def access_token(application: dict[str, str], audience: str) -> str:
    asked = application | {"grant_type": "client_credentials", "audience": audience}
    answer = Client(headers={"host": HOST}).post("/oauth/token", asked, content_type="application/json")
    return str(answer.json()["access_token"])


def test_the_page_is_shown_with_a_policy_that_runs_its_own_files_only(demo: dict[str, Any]) -> None:
    response = get("/demo/", accept="text/html")
    assert response.status_code == 200
    rules = dict(rule.strip().split(" ", 1) for rule in response.headers["Content-Security-Policy"].split(";"))
    assert rules["script-src"] == rules["connect-src"] == rules["style-src"] == rules["frame-src"] == "'self'"
    assert rules["default-src"] == rules["form-action"] == rules["frame-ancestors"] == "'none'"
    assert response.headers["Cache-Control"] == "no-store"
    settings = json.loads(response.content.decode().split('type="application/json">')[1].split("</script>")[0])
    assert settings["clientId"] == demo["applications"]["spa"]["client_id"]
    assert settings["redirectUri"] == f"http://{HOST}/demo/"


def test_the_page_holds_no_secret_of_the_demo(demo: dict[str, Any]) -> None:
    html = get("/demo/", accept="text/html").content.decode()
    secrets = [demo["applications"][key]["client_secret"] for key in ("m2m", "web")]
    assert not [secret for secret in [*secrets, demo["users"][0]["password"]] if secret in html]


@pytest.mark.parametrize("address", ADDRESSES)
def test_outside_development_there_is_no_demo(demo: dict[str, Any], settings: Any, address: str) -> None:
    settings.DEVELOPMENT = False
    assert get(address).status_code == 404
    assert b"/demo/" not in get("/", accept="text/html").content


@pytest.mark.parametrize("address", ADDRESSES)
def test_another_tenant_has_no_demo(demo: dict[str, Any], address: str) -> None:
    create("umbrella", "http://localhost:9000")
    assert get(address, "localhost:9000").status_code == 404
    assert get(address).status_code != 404


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_host_that_others_can_reach_has_no_demo(demo: dict[str, Any], address: str) -> None:
    create("demo", "auth.example.com")
    reached = Client(headers={"host": "auth.example.com"}).get(address, secure=True)
    assert reached.status_code == 404


def test_a_demo_without_its_application_is_no_page(demo: dict[str, Any]) -> None:
    Application.objects.filter(name="Order tracker").delete()
    assert get("/demo/").status_code == 404
    assert Client(headers={"host": HOST}).post("/demo/").status_code == 404


def test_the_start_page_leads_to_the_demo(demo: dict[str, Any]) -> None:
    assert b'href="/demo/"' in get("/", accept="text/html").content


def test_the_demo_api_answers_a_token_for_it_with_the_scope(demo: dict[str, Any]) -> None:
    token = access_token(demo["applications"]["m2m"], demo["apis"][0]["identifier"])
    response = get("/demo/api/orders", authorization=f"Bearer {token}")
    assert response.status_code == 200
    assert [order["number"] for order in response.json()["orders"]] == [1001, 1002]
    assert response.json()["sub"] == f"{demo['applications']['m2m']['client_id']}@clients"


@pytest.mark.spec("RFC 6750", "3.1", "no error code when the request lacks authentication")
@pytest.mark.parametrize("header", ["", "Basic abc", "Bearer", "Bearer "])
def test_the_demo_api_asks_for_a_token_where_there_is_none(demo: dict[str, Any], header: str) -> None:
    response = get("/demo/api/orders", authorization=header)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="orders"'


def test_the_demo_api_refuses_tokens_that_are_not_for_it(demo: dict[str, Any]) -> None:
    management = {name: demo["management"][name] for name in ("client_id", "client_secret")}
    for token in ("no.jwt.atall", "opaque", access_token(management, demo["management"]["audience"])):
        response = get("/demo/api/orders", authorization=f"Bearer {token}")
        assert response.status_code == 401
        assert 'error="invalid_token"' in response.headers["WWW-Authenticate"]


def test_the_demo_api_refuses_the_same_token_of_another_tenant(demo: dict[str, Any]) -> None:
    other = create("umbrella", "http://localhost:9000")
    asked = other["applications"]["m2m"] | {"grant_type": "client_credentials", "audience": other["apis"][0]["identifier"]}
    answer = Client(headers={"host": "localhost:9000"}).post("/oauth/token", asked, content_type="application/json")
    response = get("/demo/api/orders", authorization=f"Bearer {answer.json()['access_token']}")
    assert response.status_code == 401


@pytest.mark.spec("RFC 6750", "3.1", "insufficient_scope")
def test_the_demo_api_refuses_a_token_without_the_scope_and_names_it(demo: dict[str, Any]) -> None:
    asked = demo["applications"]["m2m"] | {"grant_type": "client_credentials", "scope": "create:orders"}
    body = "&".join(f"{name}={value}" for name, value in (asked | {"audience": demo["apis"][0]["identifier"]}).items())
    answer = Client(headers={"host": HOST}).post("/oauth/token", body, content_type=FORM)
    response = get("/demo/api/orders", authorization=f"Bearer {answer.json()['access_token']}")
    assert response.status_code == 403
    assert 'error="insufficient_scope"' in response.headers["WWW-Authenticate"]
    assert 'scope="read:orders"' in response.headers["WWW-Authenticate"]


def test_the_demo_api_is_read_only(demo: dict[str, Any]) -> None:
    response = Client(headers={"host": HOST}).post("/demo/api/orders")
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")
