"""A canary for secrets: every secret of a test run has a form that is found wherever it should not be (T-141).

Client secrets, signing secrets and passwords that the product makes get a marker; tokens and private keys are known by their
own shape. Watched are the log lines of every test, every event, and every HTTP answer. A token may stand in the one answer
that issued it, a secret in the one page that shows it, and nowhere a second time.
"""

import json
import re
import secrets
from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse

SECRET = re.compile(
    r"canary-[A-Za-z0-9_-]{40,}"
    r"|eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY"
    r"|MII[EJ][A-Za-z0-9+/]{60,}={0,2}"
)


# Where codes and tokens leave by redirect, form_post or web_message.
AUTHORIZATION = frozenset({"/authorize", "/authorize/resume", "/u/login", "/u/consent"})


def marked(_bytes: int = 48) -> str:
    """A secret as strong as the product's own, with a marker in front."""
    return f"canary-{secrets.token_urlsafe(48)}"


class Watch:
    """What was seen where. `leaks` is what the last test of the run looks at."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self.leaks: list[str] = []
        self._answers: Counter[str] = Counter()

    def text(self, where: str, text: str) -> None:
        """Text in which no secret may stand at all."""
        self.seen[where.partition(" ")[0]] += 1
        self.leaks += [f"{where}: {found[:24]}…" for found in SECRET.findall(text)]

    def answer(self, request: HttpRequest, response: HttpResponse) -> None:
        """An HTTP answer: each secret in one answer at most, and none in its headers but where the protocol has it."""
        self.seen["answer"] += 1
        headers = dict(response.items())
        # The authorization endpoint answers in the address, by design; a cookie is where a session's secret belongs.
        located = headers.pop("Location", "") if request.path in AUTHORIZATION else ""
        self.text(f"headers of {request.path}", json.dumps(headers))
        if response.streaming:
            return
        # RFC 7592 §3: a client that reads its registration is answered the token that it came with.
        sent = request.META.get("HTTP_AUTHORIZATION", "") if request.path.startswith("/oidc/register/") else ""
        for found in set(SECRET.findall(response.content.decode(errors="replace") + located)):
            if request.method == "GET" and found in sent:
                continue
            self._answers[found] += 1
            posted = request.method in ("POST", "PUT") or request.path in AUTHORIZATION
            shown = posted and "no-store" in response.headers.get("Cache-Control", "")
            if self._answers[found] > 1 or not shown:
                self.leaks.append(f"answer of {request.method} {request.path}: {found[:24]}…")


watch = Watch()


class PageRecorder:
    """Outermost middleware of the tests."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = self.get_response(request)
        watch.answer(request, response)
        return response


@pytest.fixture(scope="session", autouse=True)
def _canaries() -> Any:
    """Marks the secrets that the product makes, and watches the events that it stores."""
    from apis.services import apis as api_services
    from apis.services.demo import people as demo_people
    from authserver import random_secrets
    from tenants import ids
    from tenants.audit import store

    patch = pytest.MonkeyPatch()
    patch.setattr(ids, "client_secret", marked)
    patch.setattr(api_services, "secrets", SimpleNamespace(token_urlsafe=marked))
    patch.setattr(demo_people, "secrets", SimpleNamespace(token_urlsafe=marked))
    patch.setattr(random_secrets, "secrets", SimpleNamespace(token_urlsafe=marked))
    make_row = store._row

    def watched(event: Any) -> Any:
        row = make_row(event)
        watch.text(f"event {row['type']}", json.dumps(row, default=str))
        return row

    patch.setattr(store, "_row", watched)
    yield
    patch.undo()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """What the test wrote to its log and its standard streams."""
    for title, text in report.sections:
        if "Captured" in title and report.passed:
            watch.text(f"log of {report.nodeid}", text)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The verdict comes last, when every other test has left its traces."""
    items.sort(key=lambda item: "test_T141_canaries" in item.nodeid)
