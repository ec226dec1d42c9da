"""One JSON line per request, with the ids that tie it to events and answers, and with nothing secret."""

import json
import logging

from tests.conftest import SecureClient


def lines(capsys, event):
    return [line for text in capsys.readouterr().out.splitlines() if (line := json.loads(text))["event"] == event]


def test_a_request_is_one_json_line_with_its_id_and_tenant(acme, capsys):
    capsys.readouterr()
    response = acme.ask()
    [line] = lines(capsys, "request")
    assert line["request_id"] == response.headers["X-Auth0-RequestId"]
    assert line["tenant"] == "acme"
    assert (line["method"], line["path"], line["status"]) == ("POST", "/oauth/token", 200)
    assert line["ms"] >= 0


def test_T141_the_query_is_not_in_the_line(acme, capsys):
    capsys.readouterr()
    acme.http().get("/nothing?access_token=abc")
    assert "access_token" not in json.dumps(lines(capsys, "request"))


def test_a_tenant_does_not_leak_into_the_next_request(acme, capsys):
    acme.ask()
    capsys.readouterr()
    SecureClient(headers={"host": "unknown.example"}).get("/x")
    [line] = lines(capsys, "request")
    assert "tenant" not in line


def test_djangos_own_records_are_json_lines_too(capsys):
    from django.conf import settings

    from config.logs import logging_config

    logging_config(settings.LOG_LEVEL, cache=False)
    try:
        raise ValueError("no")
    except ValueError:
        logging.getLogger("django.something").exception("it failed: %s", "why")
    [line] = lines(capsys, "it failed: why")
    assert line["level"] == "error"
    assert "ValueError: no" in line["exception"]


def test_text_that_would_forge_a_line_stays_inside_one(acme, capsys):
    capsys.readouterr()
    acme.http().get('/nothing%0A{"event":"forged"}')
    assert len(capsys.readouterr().out.strip().splitlines()) == 1
