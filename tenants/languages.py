"""The languages of the public pages, and which one somebody is shown.

What the application asked for (`ui_locales`) comes first, then what the browser says, then the tenant's first language: the
closest that the tenant offers (RFC 4647 §3.4). Only pages have a language: endpoints, the console and logs speak English.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

CODES = tuple(code for code, _ in settings.LANGUAGES)
# Of each of the two wishes; nobody reads more.
_MOST_WISHES = 20


def offered(enabled: Sequence[str]) -> tuple[str, ...]:
    """Those of our languages that a tenant with `enabled` offers, its own first; all of ours when it names none of them."""
    found = tuple(dict.fromkeys(code for tag in enabled if (code := _closest(tag, CODES))))
    return found or CODES


def language(ui_locales: str, accept_language: str, languages: Sequence[str]) -> str:
    """The one of `languages` (not empty) to show."""
    for wish in _wishes(ui_locales, accept_language):
        if wish == "*":
            break
        if found := _closest(wish, languages):
            return found
    return languages[0]


@contextmanager
def shown_to(request: HttpRequest, ui_locales: str = "") -> Iterator[None]:
    """Texts are in the language of who sent `request` from here on; afterwards in the one of before."""
    with translation.override(None):
        speak_to(request, ui_locales)
        yield


def speak_to(request: HttpRequest, ui_locales: str) -> None:
    """From here on the language is the one for `ui_locales`. Within `shown_to`, which brings the former one back."""
    tenant = getattr(request, "tenant", None)
    languages = tenant.settings.languages if tenant is not None else CODES
    translation.activate(language(ui_locales, request.META.get("HTTP_ACCEPT_LANGUAGE", ""), languages))


def _wishes(ui_locales: str, accept_language: str) -> Iterable[str]:
    yield from ui_locales.split(None, _MOST_WISHES)[:_MOST_WISHES]
    for tag, quality in parse_accept_lang_header(accept_language)[:_MOST_WISHES]:
        if quality > 0:
            yield tag


def _closest(tag: str, languages: Sequence[str]) -> str:
    """`tag`, or what is left of it when it is cut from the end, as one of `languages`; "" when it is none."""
    parts = tag.lower().replace("_", "-").split("-")
    shorter = ("-".join(parts[:length]) for length in range(min(len(parts), 8), 0, -1))
    return next((cut for cut in shorter if cut in languages), "")
