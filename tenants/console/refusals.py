"""What an operator sees in place of a page that is not there, or not theirs: the menu stays, and it says what to do."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse

# The same words as on the pages for everybody, which strangers see.
_SAID = {
    403: (
        "You may not see this",
        "You may look at this tenant and not change it, or the page is for superusers. An admin of the tenant can do it, or "
        "give you the right to.",
    ),
    404: (
        "There is nothing here",
        "The address is wrong, what stood here was deleted, or it belongs to a tenant that is not yours.",
    ),
}


def refusal(site: AdminSite, request: HttpRequest, status: int) -> TemplateResponse:
    """The page for `status`, 403 or 404."""
    title, text = _SAID[status]
    context: dict[str, Any] = {**site.each_context(request), "title": title, "text": text, "status": status}
    return TemplateResponse(request, "admin/refusal.html", context, status=status)
