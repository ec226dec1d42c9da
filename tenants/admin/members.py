"""The tab Members of a tenant: which operators may look at it or change it. Superusers say who; members may read it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern

from tenants import operators
from tenants.console.access import actor
from tenants.console.pages import change_url, object_url, question
from tenants.console.tabs import TabbedAdmin
from tenants.models import Membership, Operator, Tenant

NAME = "members"
SHOWN = 200
END = "They no longer see anything of this tenant from now on. Their account stays, with what they may do elsewhere."


class MemberForm(forms.Form):
    """An operator who exists, and what they may do here."""

    username = forms.CharField(
        max_length=150,
        help_text="Of an operator who can log in to this console already.",
        widget=forms.TextInput(
            {"class": "vTextField", "autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
        ),
    )
    role = forms.ChoiceField(label="Access", choices=Membership.Role.choices)

    def clean_username(self) -> Operator:
        """The operator. Raises ValidationError for a name that nobody has."""
        found = Operator.objects.filter(username=self.cleaned_data["username"]).first()
        if found is None:
            raise forms.ValidationError("There is no operator with this username. Add them under Operators first.")
        return found


def members_tab(page: TabbedAdmin, request: HttpRequest, tenant: Tenant) -> HttpResponse:
    """The tab; POST gives an operator access, or other access than before."""
    manages = is_superuser(request)
    if request.method == "POST" and not manages:
        raise PermissionDenied
    form = MemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        operator, role = form.cleaned_data["username"], form.cleaned_data["role"]
        operators.set_membership(operator, tenant, role, by=actor(request))
        page.log_change(request, tenant, f"Gave {operator} access.")
        messages.success(request, f"{operator} is {Membership.Role(role).label.split(':')[0].lower()} of {tenant} now.")
        return HttpResponseRedirect(object_url(tenant, NAME))
    members = Membership.objects.of(tenant).select_related("operator").order_by("operator__username")[:SHOWN]
    context: dict[str, Any] = {
        "rows": [(row, change_url(row.operator), object_url(tenant, "end_membership", row.pk)) for row in members],
        "form": form,
        "manages": manages,
    }
    return page.tab_page(request, tenant, NAME, "admin/tenants/tenant/members.html", context)


class MemberPages:
    """The part of a tenant's pages that ends a membership."""

    def member_urls(self: Any) -> list[URLPattern]:
        route = "<path:object_id>/members/<int:membership_id>/end/"
        return [self.own_url(route, self.end_membership_view, "end_membership")]

    def end_membership_view(self: Any, request: HttpRequest, object_id: str, membership_id: int) -> HttpResponse:
        tenant: Tenant = self.get_object(request, unquote(object_id))
        if not is_superuser(request):
            raise PermissionDenied
        membership = Membership.objects.of(tenant).select_related("operator").filter(pk=membership_id).first()
        if membership is None:
            raise Http404("No membership in this tenant with this id")
        back, operator = object_url(tenant, NAME), membership.operator
        if request.method != "POST":
            title = f"Take {operator}'s access to {tenant} away?"
            return question(self, request, title=title, text=END, button="Take away", obj=tenant, back=back)
        operators.end_membership(membership, by=actor(request))
        self.log_change(request, tenant, f"Took {operator}'s access away.")
        messages.success(request, f"{operator} no longer sees anything of {tenant}.")
        return HttpResponseRedirect(back)


def is_superuser(request: HttpRequest) -> bool:
    """Whether the operator of `request` manages operators."""
    return bool(getattr(request.user, "is_superuser", False))
