"""The pages of one permission of an API: what people read of it, who has it, who else should, and its end."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern

from apis.admin import permission_holders
from apis.admin.choosing import SEARCH, SHOWN, Choice, ChoiceForm
from apis.admin.consent_preview import preview_of
from apis.admin.permission_forms import DescriptionForm
from apis.models import API, ClientGrant, Permission, Role, SubjectType
from apis.services import permissions as services
from tenants.console.access import actor
from tenants.console.pages import change_url, object_url
from tenants.console.tabs import TabbedAdmin

# The tab to which these pages belong (`api_permissions`).
TAB = "permissions"
# Among so many an application is found without a search.
_AT_A_GLANCE = 12
_IN_GRANTS = ("application__name__icontains", "application__client_id__iexact")


class PermissionPages(TabbedAdmin):
    """The part of an API's pages that is about one of its permissions. The tab with all of them is `api_permissions`."""

    def permission_urls(self) -> list[URLPattern]:
        one = "<path:object_id>/permissions/<int:permission_id>"
        return [
            self.own_url("<path:object_id>/permissions/preview/", self.preview_view, "permission_preview"),
            self.own_url(f"{one}/change/", self.permission_view, "permission_change"),
            self.own_url(f"{one}/grant/", self.grant_view, "permission_grant"),
            self.own_url(f"{one}/remove/", self.remove_view, "permission_remove"),
        ]

    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A part of a page, for the script: how the consent page says `value` with `description`."""
        api = self._changeable(request, object_id)
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        value, description = (request.GET.get(name, "").strip() for name in ("value", "description"))
        context = {"preview": preview_of(api, value, description)}
        return TemplateResponse(request, "admin/apis/api/consent_preview.html", context)

    def permission_view(self, request: HttpRequest, object_id: str, permission_id: int) -> HttpResponse:
        """Who has it, and the form of its description."""
        api = self._visible(request, object_id)
        permission = _permission_of(api, permission_id)
        may_change = self.has_change_permission(request, api) and not api.is_system
        if request.method == "POST" and not may_change:
            raise PermissionDenied
        form = DescriptionForm(request.POST or None, initial={"description": permission.description})
        if form.is_valid() and form.sent(services.describe_permission, permission, by=actor(request)):
            self.log_change(request, api, f"Described the permission {permission}.")
            messages.success(request, f"People read the new description of {permission} from now on.")
            return HttpResponseRedirect(object_url(api, TAB))
        described = permission.description if not form.is_bound else form["description"].value() or ""
        context = {
            "permission": permission,
            "form": form if may_change else None,
            "preview": preview_of(api, permission.value, described),
            "grant_url": object_url(api, "permission_grant", permission.pk),
            "remove_url": object_url(api, "permission_remove", permission.pk),
        }
        return self._permission_page(request, api, "permission", context | _named_holders(api, permission))

    def grant_view(self, request: HttpRequest, object_id: str, permission_id: int) -> HttpResponse:
        """Asks which of the applications that call the API already should have the permission, too."""
        api = self._changeable(request, object_id)
        permission = _permission_of(api, permission_id)
        choice = Choice(
            title=f"Grant {permission} to which applications?",
            text="Their tokens carry it only once it is granted.",
            noun="application",
            button="Grant it to them",
            done=f"may use {permission} from now on",
            rows=permission_holders.grants_without(permission),
            looks_in=_IN_GRANTS,
            label=grant_label,
            write=lambda chosen: services.grant_permission(permission, chosen, by=actor(request)),
        )
        form = ChoiceForm(choice, request.POST) if request.method == "POST" else ChoiceForm(choice)
        if form.is_valid() and SEARCH not in request.POST and (chosen := list(form.cleaned_data["chosen"])):
            choice.write(chosen)
            self.log_change(request, api, choice.told(len(chosen)))
            messages.success(request, choice.told(len(chosen)))
            return HttpResponseRedirect(object_url(api, TAB))
        context = {"permission": permission, "form": form, "choice": choice, "search": SEARCH}
        listed: Any = form.fields["chosen"]
        context["searchable"] = form.is_bound or len(listed.choices) > _AT_A_GLANCE
        context["offered"] = form.is_bound or bool(listed.choices)
        return self._permission_page(request, api, "permission_grant", context)

    def remove_view(self, request: HttpRequest, object_id: str, permission_id: int) -> HttpResponse:
        """Asks before a permission goes, and says what goes with it."""
        api = self._changeable(request, object_id)
        if api.is_system:
            raise Http404("The permissions of the Management API are given")
        permission = _permission_of(api, permission_id)
        if request.method == "POST":
            services.remove_permission(permission, by=actor(request))
            self.log_change(request, api, f"Removed the permission {permission}.")
            messages.success(request, f"The permission {permission} was removed.")
            return HttpResponseRedirect(object_url(api, TAB))
        holders = permission_holders.holders_of(api, [permission])[permission.pk]
        return self._permission_page(request, api, "permission_remove", {"permission": permission, "holders": holders})

    def _permission_page(self, request: HttpRequest, api: API, name: str, context: dict[str, Any]) -> HttpResponse:
        shared = {"back": object_url(api, TAB), "preview_url": object_url(api, "permission_preview")}
        return self.tab_page(request, api, TAB, f"admin/apis/api/{name}.html", shared | context)

    def _visible(self, request: HttpRequest, object_id: str) -> API:
        api: API = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, api):
            raise PermissionDenied
        return api

    def _changeable(self, request: HttpRequest, object_id: str) -> API:
        api: API = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, api):
            raise PermissionDenied
        return api


def grant_label(grant: ClientGrant) -> str:
    """Whom `grant` lets call the API: "Warehouse", "Shop, on behalf of users"."""
    on_behalf = ", on behalf of users" if grant.subject_type == SubjectType.USER else ""
    return f"{grant.application or grant.get_default_for_display()}{on_behalf}"


def _permission_of(api: API, permission_id: int) -> Permission:
    permission = get_object_or_404(api.permissions, pk=permission_id)
    # Not the same row read again: whatever the page says of the API, it says of this one.
    permission.api = api
    return permission


def _named_holders(api: API, permission: Permission) -> dict[str, Any]:
    """Who has `permission`, as template context: numbers, and the first of those who are named."""
    grants = list(permission_holders.grants_with(permission)[: SHOWN + 1])
    roles = list(Role.objects.filter(permissions=permission).order_by("name")[: SHOWN + 1])
    return {
        "holders": permission_holders.holders_of(api, [permission])[permission.pk],
        "grants": [(grant_label(grant), change_url(grant), grant.allow_all_scopes) for grant in grants[:SHOWN]],
        "roles": [(str(role), change_url(role)) for role in roles[:SHOWN]],
        "cut_short": SHOWN if grants[SHOWN:] or roles[SHOWN:] else 0,
    }
