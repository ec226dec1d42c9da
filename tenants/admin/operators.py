"""Operators of the console and their memberships. For superusers only."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from tenants import operators
from tenants.console import values
from tenants.console.access import actor
from tenants.console.base import ConsoleAdmin, ConsoleInline
from tenants.console.sections import Link
from tenants.models import Membership, Operator


class SuperusersOnly:
    """Operators belong to no tenant, so a membership says nothing about them."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _is_superuser(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_superuser(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_superuser(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_superuser(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_superuser(request)


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


class MembershipForm(ModelForm):
    """A membership keeps its tenant: for another tenant there is another membership."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tenant"].disabled = bool(self.instance.pk)


class MembershipInline(SuperusersOnly, ConsoleInline):
    model = Membership
    form = MembershipForm
    autocomplete_fields = ("tenant",)


HELP = {
    "username": "The name to log in with: letters, digits and @ . + - _",
    "is_active": "Switched off, they cannot log in; what they did stays in the history.",
    "is_superuser": "Sees and changes every tenant and every operator.",
}


@admin.register(Operator)
class OperatorAdmin(SuperusersOnly, ConsoleAdmin, UserAdmin):
    menu_group = "Tenant"
    menu_position = 90
    of_one_tenant = False
    inlines = (MembershipInline,)
    actions = None
    list_lead = (
        "People who may log in to this console. What each of them may do is said tenant by tenant, except for superusers."
    )
    empty_list = "No operator yet."
    list_display = ("username", "email", "sees", "status", values.moment_column("last_login", "last login"))
    list_filter = ("is_superuser", "is_active")
    search_help_text = "Part of a username, a name or an e-mail."
    filter_horizontal = ()
    add_form_template = None
    change_user_password_template = "admin/tenants/operator/password.html"
    fieldsets = (
        (None, {"fields": ("username", "first_name", "last_name", "email")}),
        ("Access", {"fields": ("is_active", "is_superuser")}),
        ("Record", {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("username", "password1", "password2", "is_superuser")}),)

    @admin.display(description="access", ordering="is_superuser")
    def sees(self, operator: Operator) -> SafeString | str:
        return values.badge("Every tenant") if operator.is_superuser else "By membership"

    @admin.display(description="status", ordering="is_active")
    def status(self, operator: Operator) -> SafeString:
        return values.badge("Active", "good") if operator.is_active else values.badge("Switched off", "bad")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request) if _is_superuser(request) else Operator.objects.none()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return list(self.readonly_fields)

    def tools(self, request: HttpRequest, obj: Operator) -> list[Link]:
        return [Link("Set a password", reverse("admin:auth_user_password_change", args=[obj.pk]))]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[ModelForm]:
        """Django's forms, which speak of users, with words that are true of operators."""
        labels = {"is_active": "Active", "is_superuser": "Superuser"}
        return super().get_form(request, obj, change, **kwargs, labels=labels, help_texts=HELP)

    def may_be_deleted(self, obj: Operator) -> bool:
        """Switching an operator off keeps the history of what they did; deleting loses it."""
        return not obj.is_active

    def save_model(self, request: HttpRequest, obj: Operator, form: ModelForm, change: bool) -> None:
        obj.is_staff = True
        obj.save()

    def delete(self, request: HttpRequest, obj: Operator) -> None:
        for membership in obj.memberships.select_related("tenant"):
            operators.end_membership(membership, by=actor(request))
        obj.delete()

    def save_rows(self, request: HttpRequest, obj: Operator, formset: BaseInlineFormSet) -> None:
        for membership in formset.deleted_objects:
            operators.end_membership(membership, by=actor(request))
        changed = [membership for membership, _ in formset.changed_objects]
        for membership in [*formset.new_objects, *changed]:
            operators.set_membership(obj, membership.tenant, membership.role, by=actor(request))
