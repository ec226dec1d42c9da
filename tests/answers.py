"""What an application receives, whichever way it travels: query, fragment, form_post, web_message. Owns no request."""

import json
import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt


class _Page(HTMLParser):
    """The first form of a page with its fields, and its scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, str | None]] = []
        self.fields: dict[str, str] = {}
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self._open: dict[str, str | None] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self.forms.append(found)
        if tag == "input" and found.get("name"):
            self.fields[str(found["name"])] = found.get("value") or ""
        if tag == "script":
            self._open = found

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self.scripts.append((self._open, data))
            self._open = None


def parsed(response: Any) -> _Page:
    """The page that `response` is."""
    page = _Page()
    page.feed(response.content.decode())
    return page


def by_redirect(response: Any, part: str) -> tuple[str, dict[str, str]]:
    """The address without `part` ("query" or "fragment"), and the parameters in it."""
    assert response.status_code in (302, 303), response.content
    parts = urlsplit(response.headers["Location"])
    return parts._replace(**{part: ""}).geturl(), dict(
        parse_qsl(getattr(parts, part), keep_blank_values=True, strict_parsing=True)
    )


def by_form(response: Any) -> tuple[str, dict[str, str]]:
    """Where the self-submitting page posts, and what."""
    page = parsed(response)
    assert (response.status_code, len(page.forms), page.forms[0]["method"]) == (200, 1, "post")
    return str(page.forms[0]["action"]), page.fields


def by_message(response: Any) -> tuple[str, dict[str, str]]:
    """The origin that the page's script tells, and what."""
    assert response.status_code == 200, response.content
    said = {attrs.get("id"): text for attrs, text in parsed(response).scripts}
    return json.loads(said["target"]), json.loads(said["message"])


def by(mode: str, response: Any) -> dict[str, str]:
    """The parameters of an answer by `mode`."""
    readers = {"form_post": by_form, "web_message": by_message}
    return (readers[mode](response) if mode in readers else by_redirect(response, mode))[1]


def policy(response: Any) -> dict[str, list[str]]:
    """The Content-Security-Policy, by directive."""
    directives = [part.split() for part in response.headers["Content-Security-Policy"].split(";") if part.strip()]
    return {words[0]: words[1:] for words in directives}


def script_nonces(response: Any) -> set[str | None]:
    """The nonces of the page's scripts that run (json_script blocks do not)."""
    return {attrs.get("nonce") for attrs, _ in parsed(response).scripts if attrs.get("type") != "application/json"}


def claims(token: str) -> dict[str, Any]:
    """What a token says, unverified."""
    return dict(jwt.decode(token, options={"verify_signature": False}))


def title(response: Any) -> str:
    """The heading of a page."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", response.content.decode(), re.DOTALL)
    return found[1].strip() if found else ""
