"""The page of the switches: shows them, then the difference, then has a service write it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from apis.services import switching
from authserver.admin.switches import finding, posted, review, what_if
from authserver.admin.switches.finding import FILTERS, Found
from authserver.admin.switches.posted import Place, Posted
from authserver.admin.switches.review import Difference
from authserver.admin.switches.rows import RowMaker
from authserver.admin.switches.sides import Side
from tenants.console.access import actor
from tenants.console.tabs import TabbedAdmin
from tenants.console.writes import CAME_SECOND

# So many differences a message names one by one.
MOST_NAMED = 3


def switches_page(page: TabbedAdmin, request: HttpRequest, side: Side) -> HttpResponse:
    """GET: the switches. POST: what `step` says, the difference (`review`), writing it (`confirm`), or back (`edit`)."""
    if request.method != "POST":
        return _switches(page, request, side, {})
    sent, step = posted.read(request.POST), request.POST.get("step", "")
    if step == "edit":
        return _switches(page, request, side, sent)
    found = review.differences(side, sent)
    if not found:
        messages.info(request, "Nothing was changed.")
        return HttpResponseRedirect(request.get_full_path())
    if step == "confirm":
        if not any(each.meanwhile for each in found) and _written(page, request, side, found):
            return HttpResponseRedirect(request.get_full_path())
        found = review.differences(side, sent)
    return _review(page, request, side, found)


def _written(page: TabbedAdmin, request: HttpRequest, side: Side, found: Sequence[Difference]) -> bool:
    """Whether it could be written: nobody else was faster. Raises ValidationError for what a service refuses."""
    try:
        switching.switch(side.tenant.pk, [each.switching for each in found], by=actor(request))
    except switching.ChangedMeanwhileError:
        return False
    except ObjectDoesNotExist as error:
        raise CAME_SECOND from error
    said = [str(each) for each in found]
    page.log_change(request, side.fixed, "; ".join(said))
    many = f"{len(said)} switches changed"
    messages.success(request, f"Saved. {'; '.join(said) if len(said) <= MOST_NAMED else many}.")
    return True


def _switches(page: TabbedAdmin, request: HttpRequest, side: Side, sent: Mapping[Place, Posted]) -> HttpResponse:
    found, what = finding.find(side, request.GET), what_if.asked(side, request.GET)
    shown = found.rows + ([what.row] if what.row and what.row not in found.rows else [])
    answers = side.answers(shown)
    context = {
        "side": side,
        "notes": side.notes(),
        "footnote": side.footnote(),
        "found": found,
        "rows": RowMaker(side, found, answers, sent).rows(),
        "filters": _filters(found),
        "what": what_if.answered(side, what, answers),
        "may_change": page.has_change_permission(request, side.fixed),
        "edited": bool(sent),
    }
    return page.tab_page(request, side.fixed, side.tab, "admin/authserver/switches.html", context)


def _review(page: TabbedAdmin, request: HttpRequest, side: Side, found: Sequence[Difference]) -> HttpResponse:
    context = {"side": side, "differences": found, "meanwhile": [each for each in found if each.meanwhile]}
    return page.tab_page(request, side.fixed, side.tab, "admin/authserver/switches_review.html", context)


def _filters(found: Found) -> list[dict[str, Any]]:
    return [{"value": value, "text": text, "here": value == found.shown} for value, text in FILTERS.items()]
