"""Pages that people see outside the console: home, login, consent, errors. They need no script.

They speak the language that is active (`tenants.languages`). Each carries the strict policy itself: the middleware for
pages steps aside for endpoints, and a host that nobody knows never gets as far as that.
"""

import secrets
from collections.abc import Sequence
from typing import Any

from csp.utils import build_policy
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language

_NO_SCRIPT = {"script-src": ["'none'"], "connect-src": ["'none'"]}


def page(
    template: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
    image_sources: Sequence[str] = (),
    leads_elsewhere: bool = False,
    framed_by_us: bool = False,
) -> HttpResponse:
    """`template` as an answer that no cache keeps and no frame shows. Without request: it works when nothing else does.

    `image_sources` are the origins besides ours that may serve an image. `leads_elsewhere`: the page's form ends, by
    redirect, at an application, and maybe further on; browsers judge all of that way by form-action, so there is none.
    `framed_by_us`: only a picture of the page, for the console.
    """
    changes: dict[str, Any] = dict(_NO_SCRIPT)
    if image_sources:
        changes["img-src"] = ["'self'", "data:", *image_sources]
    if leads_elsewhere:
        changes["form-action"] = None
    if not framed_by_us:
        return _answer(template, context, status, build_policy(replace=changes))
    response = _answer(template, context, status, build_policy(replace=changes | {"frame-ancestors": ["'self'"]}))
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def scripted_page(
    template: str, context: dict[str, Any], *, frame_ancestors: str = "", image_sources: Sequence[str] = ()
) -> HttpResponse:
    """A page with one script, named by a nonce: what answers an application by form_post or web_message.

    `frame_ancestors` is the origin that may show it in a frame; without it nobody may. Its form may lead anywhere.
    """
    nonce = secrets.token_urlsafe(16)
    changes: dict[str, Any] = {"script-src": [f"'nonce-{nonce}'"], "connect-src": ["'none'"], "form-action": None}
    if image_sources:
        changes["img-src"] = ["'self'", "data:", *image_sources]
    if frame_ancestors:
        changes["frame-ancestors"] = [frame_ancestors]
    response = _answer(template, context | {"nonce": nonce}, 200, build_policy(replace=changes))
    if frame_ancestors:
        # The older header knows no origins; what stays is the policy, which every browser of today follows.
        response.xframe_options_exempt = True
        del response.headers["X-Frame-Options"]
    return response


def wants_page(accept: str) -> bool:
    """Whether an Accept header is a browser's."""
    return "text/html" in accept


def _answer(template: str, context: dict[str, Any] | None, status: int, policy: str) -> HttpResponse:
    response = HttpResponse(render_to_string(template, context), status=status)
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Content-Language"] = get_language() or "en"
    # No cache keeps it; one that did would have to mind this.
    response.headers["Vary"] = "Accept-Language"
    return response
