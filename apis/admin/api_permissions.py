"""The tab with the permissions of an API: what people read of each, who has it now, and the form that adds one."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from apis.admin import permission_holders
from apis.admin.consent_preview import Preview, preview_of, previews_of
from apis.admin.permission_forms import PermissionForm
from apis.admin.permission_holders import Holders
from apis.admin.setup_state import tab_url
from apis.models import API, Permission, UserPolicy
from apis.services import permissions as services
from apis.services.apis import MAX_PERMISSIONS, Scope
from tenants.console.access import actor
from tenants.console.pages import object_url
from tenants.console.tabs import TabbedAdmin

NAME = "permissions"
PER_PAGE = 50
MAX_SEARCH = 200


@dataclass(frozen=True, slots=True)
class Row:
    """A permission as the tab shows it."""

    permission: Permission
    preview: Preview
    holders: Holders
    change_url: str
    remove_url: str


def view(page: TabbedAdmin, request: HttpRequest, api: API) -> HttpResponse:
    """The tab. Posting to it adds a permission, and goes on to who should have it."""
    if request.method == "POST" and api.is_system:
        raise PermissionDenied
    form = PermissionForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and (added := form.sent(partial(services.add_permission, api, by=actor(request)))):
        page.log_change(request, api, f"Added the permission {added}.")
        return _added(request, api, added)
    may_add = page.has_change_permission(request, api) and not api.is_system
    context = _table(api, request) | {
        "form": form if may_add else None,
        "preview": preview_of(api, *_typed(form)) if form.is_bound else None,
        "preview_url": object_url(api, "permission_preview"),
        "here": object_url(api, NAME),
        "applications_url": tab_url(api, "applications"),
        "open_to_users": api.user_policy == UserPolicy.ALLOW_ALL,
    }
    # The next step of who has just said what can be done here.
    rows = [] if context["search"] else context["rows"]
    context["waits_for_applications"] = may_add and rows and not any(row.holders for row in rows)
    return page.tab_page(request, api, NAME, "admin/apis/api/permissions.html", context)


def _table(api: API, request: HttpRequest) -> dict[str, Any]:
    """The page of permissions that the address asks for, as template context."""
    search = request.GET.get("q", "").strip()[:MAX_SEARCH]
    shown = _found(api, search).get_page(request.GET.get("p"))
    return {
        "rows": _rows(api, list(shown)),
        "shown": shown,
        "search": search,
        "searchable": bool(search) or shown.has_other_pages(),
        "total": api.permissions.count() if search else shown.paginator.count,
        "most": MAX_PERMISSIONS,
        "near_most": MAX_PERMISSIONS - PER_PAGE,
    }


def _added(request: HttpRequest, api: API, added: Permission) -> HttpResponse:
    """On to the applications that call the API already, where there are any that were not given all permissions."""
    waiting = permission_holders.grants_without(added).exists()
    next_step = "" if waiting else " Applications can ask for it from now on."
    messages.success(request, f"The permission {added} was added.{next_step}")
    return HttpResponseRedirect(object_url(api, "permission_grant", added.pk) if waiting else object_url(api, NAME))


def _found(api: API, search: str) -> Paginator:
    rows = api.permissions.order_by("value")
    if search:
        rows = rows.filter(Q(value__icontains=search) | Q(description__icontains=search))
    return Paginator(rows, PER_PAGE)


def _rows(api: API, shown: Sequence[Permission]) -> list[Row]:
    said = previews_of(api, [Scope(permission.value, permission.description) for permission in shown])
    held = permission_holders.holders_of(api, shown) if shown else {}
    return [
        Row(
            permission,
            preview,
            held[permission.pk],
            object_url(api, "permission_change", permission.pk),
            "" if api.is_system else object_url(api, "permission_remove", permission.pk),
        )
        for permission, preview in zip(shown, said, strict=True)
    ]


def _typed(form: PermissionForm) -> tuple[str, str]:
    return str(form["value"].value() or ""), str(form["description"].value() or "")
