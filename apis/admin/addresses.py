"""The addresses of an application as its form judges them: line by line, with the reason and what to write instead.

What may be registered at all is `apis.redirect_uris`; here is how that is said, and what is allowed but worth a thought.
The same verdicts stand on the page and in the answer to a script that asks while somebody types.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apis import redirect_uris
from apis.admin.opening import opened
from apis.models import Application, AppType
from tenants.models.domain import is_loopback

# Fields that hold addresses, one per line: their label and what stands below them.
ADDRESSES = {
    "redirect_uris": (
        "Callback URLs",
        "Where people are sent back to after they signed in. A request must name one of these, character by character.",
    ),
    "post_logout_redirect_uris": ("Logout URLs", "Where people may be sent after they signed out."),
    "allowed_origins": (
        "Allowed origins",
        "Web pages whose scripts may call the token endpoint: single-page apps.",
    ),
    "web_origins": ("Web origins", "Web pages that may sign people in silently, without showing a page."),
}
ORIGINS = frozenset({"allowed_origins", "web_origins"})
TEMPLATE = "admin/apis/application/verdicts.html"
BAD, CAUTION = "bad", "caution"

_TRYING_OUT = "For trying out only: take it away before people use this."
_ASKS = "Any program on the computer could answer here, so people are asked for consent. Fine while you develop."
_THIRD_PARTY = "Third-party applications belong on https: here nobody can tell who answers, so people are always asked."
_BY_ADDRESS = "Write 127.0.0.1 instead: then any free port is accepted (RFC 8252 §7.3)."
_TWICE = "This line stands here twice: once is enough."
_CLAIMED = "Any app on a device may claim this scheme, so people are asked for consent. An https address is safer."


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one address: `kind` is BAD for one that cannot be saved, CAUTION for one that can."""

    number: int
    address: str
    kind: str
    text: str

    def __str__(self) -> str:
        return f"Line {self.number}, {self.address}: {self.text}"


def verdicts(field: str, lines: str, *, app_type: str, is_first_party: bool) -> list[Verdict]:
    """What is to be said of the addresses in `lines`. Nothing is said of one that is simply good."""
    if field in ORIGINS:
        judged = redirect_uris.judged_origins(lines)
    else:
        judged = redirect_uris.judged(lines, native=app_type == AppType.NATIVE)
    said, seen = [], set()
    for one in judged:
        doubt = _TWICE if one.address in seen else _doubt(field, one.address, app_type, is_first_party)
        seen.add(one.address)
        if text := one.problem or doubt:
            said.append(Verdict(one.number, one.address[:200], BAD if one.problem else CAUTION, text))
    return said


def _doubt(field: str, address: str, app_type: str, is_first_party: bool) -> str:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https"):
        return _CLAIMED if field == "redirect_uris" else ""
    if not is_loopback(host):
        return ""
    if field != "redirect_uris":
        return "" if app_type == AppType.NATIVE else _TRYING_OUT
    if app_type == AppType.NATIVE:
        return _BY_ADDRESS if host == "localhost" else ""
    return _ASKS if is_first_party else _THIRD_PARTY


class AddressesWidget(forms.Textarea):
    """Lines to type in and what is said of them. `judge` is the address that judges while somebody types."""

    judge = ""
    said: Iterable[Verdict] = ()

    def __init__(self) -> None:
        super().__init__({"rows": 3, "cols": 80, "class": "vLargeTextField address-lines", "spellcheck": "false"})

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        lines = super().render(name, value, attrs, renderer)
        # What cannot be saved stands above the field already, as every error does.
        said = [one for one in self.said if one.kind == CAUTION]
        listed = render_to_string(TEMPLATE, {"verdicts": said})
        place = '{}<div class="verdicts" data-judge="{}" data-field="{}" aria-live="polite">{}</div>'
        return format_html(place, lines, self.judge, name, listed)


class AddressPages:
    """The part of an application's pages that judges addresses which are not saved yet."""

    def address_urls(self: Any) -> list[URLPattern]:
        return [self.own_url("<path:object_id>/addresses/", self.addresses_view, "addresses")]

    def addresses_view(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        """POST `field` and its lines: what is said of them, as a piece of a page. GET: of what is stored."""
        application = opened(self, request, object_id)
        sent = request.POST if request.method == "POST" else request.GET
        field = sent.get("field", "redirect_uris")
        if field not in ADDRESSES:
            raise BadRequest("No such field")
        if request.method != "POST":
            return render(request, TEMPLATE, {"verdicts": of_stored(application, field)})
        if not self.has_change_permission(request, application):
            raise PermissionDenied
        first = sent.get("is_first_party") == "on"
        said = verdicts(field, sent.get(field, ""), app_type=sent.get("app_type", ""), is_first_party=first)
        return render(request, TEMPLATE, {"verdicts": said, "typed": bool(sent.get(field, "").strip())})


def of_stored(application: Application, field: str) -> list[Verdict]:
    """What is to be said of the addresses that `application` has."""
    lines = getattr(application, field)
    return verdicts(field, lines, app_type=application.app_type, is_first_party=application.is_first_party)
