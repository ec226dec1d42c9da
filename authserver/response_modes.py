"""How the answer travels back: query, fragment, form_post, web_message, for success and for error alike.

Also which response types there are, and which modes fit them (OAuth 2.0 Multiple Response Type Encoding Practices §2.1).
Redirects only to an address that `callbacks.redirect_uri` has approved.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpResponse

from apis.registry import ApplicationValue
from authserver import callbacks, dialects, errors
from tenants.branding.marks import image_sources, marks
from tenants.config_cache import CurrentTenant
from tenants.pages import scripted_page

# Words in alphabetical order → the grant types that an application needs for them. Only these combinations exist.
_NEEDS: dict[frozenset[str], tuple[str, ...]] = {
    frozenset({"code"}): ("authorization_code",),
    frozenset({"token"}): ("implicit",),
    frozenset({"id_token"}): ("implicit",),
    frozenset({"id_token", "token"}): ("implicit",),
    frozenset({"code", "token"}): ("authorization_code", "implicit"),
    frozenset({"code", "id_token"}): ("authorization_code", "implicit"),
    frozenset({"code", "id_token", "token"}): ("authorization_code", "implicit"),
}
RESPONSE_TYPES = tuple(" ".join(sorted(words)) for words in _NEEDS)
RESPONSE_MODES = ("query", "fragment", "form_post", "web_message")
WEB_MESSAGE = "web_message"


def checked_type(client: ApplicationValue, text: str) -> str:
    """The response type in one spelling. Raises MissingParameter, UnsupportedResponseType, GrantTypeNotAllowed."""
    if not text:
        raise errors.MissingParameter(parameter="response_type")
    words = frozenset(text.split(" "))
    if words not in _NEEDS or len(text.split(" ")) != len(words):
        raise errors.UnsupportedResponseType(response_type=text[:50])
    for grant_type in _NEEDS[words]:
        if grant_type not in client.grant_types:
            raise errors.GrantTypeNotAllowed(grant_type=grant_type)
    return " ".join(sorted(words))


def checked_mode(response_type: str, mode: str) -> str:
    """The mode that was asked for, or the usual one. Raises UnsupportedResponseMode: no token goes into a query (T-033)."""
    usual = "query" if response_type == "code" else "fragment"
    if not mode:
        return usual
    if mode not in RESPONSE_MODES or (mode == "query" and usual == "fragment"):
        raise errors.UnsupportedResponseMode(response_mode=mode[:50], response_type=response_type)
    return mode


def mode_for_error(values: Mapping[str, str]) -> str:
    """How to answer a request that may be wrong in every other parameter, too."""
    words = frozenset(values.get("response_type", "code").split(" "))
    usual = "fragment" if words & {"token", "id_token"} else "query"
    asked = values.get("response_mode", "")
    return asked if asked in ("fragment", "form_post", WEB_MESSAGE) else usual


def message_target(client: ApplicationValue, redirect_uri: str) -> str:
    """The origin that may be told by web_message: the callback's, if registered. Raises WebOriginNotAllowed (R-26)."""
    origin = callbacks.origin(redirect_uri)
    if origin not in client.web_origins:
        raise errors.WebOriginNotAllowed(origin=origin or redirect_uri[:200], client_id=client.client_id)
    return origin


def deliver(
    tenant: CurrentTenant,
    client: ApplicationValue,
    redirect_uri: str,
    mode: str,
    answer: Mapping[str, str],
    *,
    after_post: bool = False,
) -> HttpResponse:
    """`answer` sent back by `mode`, with the issuer (RFC 9207). After a POST by 303, which forgets its body (R-05)."""
    named = {**answer, "iss": tenant.issuer}
    if mode == WEB_MESSAGE:
        target = message_target(client, redirect_uri)
        context = {"message": named, "target_origin": target}
        return scripted_page("authserver/web_message.html", context, frame_ancestors=target)
    if mode == "form_post":
        context = _form(tenant, client, redirect_uri, named)
        return scripted_page("authserver/form_post.html", context, image_sources=image_sources(tenant))
    # %20, not +: a fragment is read by scripts that know no forms.
    encoded = urlencode(named, quote_via=quote)
    mark = "#" if mode == "fragment" else "&" if "?" in redirect_uri else "?"
    response = HttpResponse(status=303 if after_post else 302)
    # Not HttpResponseRedirect: it refuses the private schemes of native applications.
    response.headers["Location"] = f"{redirect_uri}{mark}{encoded}"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def error_answer(said: dialects.Wording, state: str) -> dict[str, str]:
    """The parameters of an error (RFC 6749 §4.1.2.1), `state` among them where the request had one."""
    answer = {"error": said.code, "error_description": _printable(said.text)}
    return answer | {"state": state} if state else answer


def _printable(text: str) -> str:
    """An error_description has ASCII without control characters, double quotes and backslashes (RFC 6749 §4.1.2.1).

    What came from the request stands in it, so whatever that was, it is cut to a length that every address can carry.
    """
    plain = text.replace('"', "'")
    return "".join(character if 0x20 <= ord(character) < 0x7F and character != "\\" else "?" for character in plain[:500])


def _form(tenant: CurrentTenant, client: ApplicationValue, action: str, named: Mapping[str, str]) -> dict[str, Any]:
    return marks(tenant) | {
        "application": {"name": client.name or client.client_id},
        "action": action,
        "fields": list(named.items()),
    }
