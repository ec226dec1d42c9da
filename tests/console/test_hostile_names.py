"""Names that are code: wherever a page of the console shows what somebody else wrote, it is text, and the policy is strict.

Generated: the pages are found by going through the console, so a new page is covered the day that something links to it.
"""

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from apis.models import API, Application, Permission, Role
from tenants import audit
from tenants.models import Connection, LogEvent, Tenant, User
from tests.answers import policy
from tests.conftest import World
from tests.console.crawling import crawl
from tests.console.test_viewers import snapshot

CODE = "\"'></pre></title></textarea><script>alert(1)</script><img src=x onerror=alert(1)>${7*7}`id`$(id)"
URL = "javascript:alert(1)"
_RUNS = re.compile(r"\s*(javascript|vbscript|data):", re.IGNORECASE)
STRICT = {
    "default-src": ["'none'"],
    "style-src": ["'self'"],
    "script-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}
# The preview of a tenant's pages shows them in frames of its own, with the logo that the tenant's pages may load.
FRAMES = {"admin:tenants_tenant_pages"}


class Markup(HTMLParser):
    """What on a page a strict policy forbids, or what a name brought with it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if (tag == "script" and not said.get("src")) or tag in ("style", "base", "object", "embed"):
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            text = value or ""
            if name.startswith("on") or name == "style":
                self.found.append(f"<{tag} {name}={text!r}>")
            leads = name in ("href", "src", "action", "formaction", "data-judge", "data-log-tail")
            if leads and (_RUNS.match(text) or text.startswith("//") or (name != "href" and "://" in text) or text == "x"):
                self.found.append(f"<{tag} {name}={text!r}>")


def spoil(world: World) -> None:
    """Puts code into all that people name, past every rule that would refuse it: what is old may be older than a rule."""
    one_word = CODE.replace(" ", "/")
    tenant, of_it = world.tenant, {"tenant": world.tenant}
    Tenant.objects.filter(pk=tenant.pk).update(friendly_name=CODE, support_url=URL, picture_url=URL)
    API.objects.filter(pk=world.api.pk).update(name=CODE)
    Application.objects.filter(**of_it).update(
        name=CODE, description=CODE, client_metadata={CODE: CODE}, logo_uri=URL, policy_uri=URL, tos_uri=URL
    )
    Application.objects.filter(pk=world.application.pk).update(redirect_uris=f"{URL} {one_word}", app_type="regular_web")
    for permission in Permission.objects.filter(api=world.api):
        Permission.objects.filter(pk=permission.pk).update(value=f"{one_word}{permission.pk}", description=CODE)
    Role.objects.filter(**of_it).update(name=CODE, description=CODE)
    Connection.objects.filter(**of_it).update(name=CODE)
    User.objects.filter(**of_it).update(
        name=CODE, nickname=CODE, email=f"{one_word}@example.com", picture=URL, user_metadata={CODE: CODE}
    )
    told = {"error": CODE, "remedy": CODE, "changes": {CODE: CODE}, "console_test": CODE, "grant_type": CODE, "reason": CODE}
    events = LogEvent.objects.filter(**of_it)
    events.update(user_agent=CODE, client_name=CODE, user_name=CODE, description=CODE, audience=CODE, hostname=CODE)
    events.update(details=told)


@pytest.fixture
def spoilt_acme(furnished_acme: World) -> World:
    for wrong in ({"audience": CODE}, {"scope": "a<b>"}, {"client_secret": CODE}, {"audience": "urn:hs"}, {}):
        furnished_acme.ask(**wrong)
    audit.flush()
    spoil(furnished_acme)
    return furnished_acme


@pytest.mark.parametrize("name", ["ada", "vera", "root"])
def test_every_page_shows_code_as_text_under_the_strict_policy_and_changes_nothing(
    name: str, spoilt_acme: World, globex: World, request: Any
) -> None:
    console = request.getfixturevalue(name)
    before, problems, kinds = snapshot(), [], set()
    for visit in crawl(console):
        response, kinds = visit.response, kinds | {visit.kind}
        if response.status_code >= 500:
            problems.append(f"{visit.address}: {response.status_code}")
        problems += [f"{visit.address}: {found}" for found in Markup(visit.page.html).found]
        if visit.kind.split(" ", 1)[0] not in FRAMES and policy(response) != STRICT:
            problems.append(f"{visit.address}: {response.headers['Content-Security-Policy']}")
        if "javascript" not in response.headers["Content-Type"] and "no-store" not in response.headers.get(
            "Cache-Control", ""
        ):
            problems.append(f"{visit.address}: may be stored")
    assert problems == []
    assert len(kinds) > 50
    assert snapshot() == before
