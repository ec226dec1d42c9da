"""Connections (user directories) and the users in them. What the floors above know of them comes by `SectionsFromAbove`."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from tenants import services
from tenants.admin.user_forms import NewPasswordForm, UserForm
from tenants.console.access import actor
from tenants.console.from_above import SectionsFromAbove
from tenants.console.pages import change_url, object_url, question
from tenants.console.sections import Link, events_link
from tenants.models import Connection, User

PROFILE = ("name", "given_name", "family_name", "nickname", "picture", "phone_number", "phone_verified", "standard_claims")
HISTORY = ("last_login", "last_ip", "logins_count", "last_password_reset")
RECORD = ("user_id", "connection", "tenant", "created_at", "updated_at", *HISTORY)


@admin.register(Connection)
class ConnectionAdmin(SectionsFromAbove):
    """Directories with their options. Their name is what applications send as realm, so it does not change."""

    menu_group = "People"
    menu_position = 44
    section_providers = []
    page_providers = []
    fields = ("tenant", "name", "disable_signup", "brute_force_protection", "password_policy", "is_domain_connection")
    list_display = ("name", "signup", "is_domain_connection", "tenant", "created_at")
    list_select_related = ("tenant",)
    search_fields = ("name",)

    @admin.display(description="sign-up", boolean=True, ordering="disable_signup")
    def signup(self, connection: Connection) -> bool:
        return not connection.disable_signup

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["tenant", "name"] if obj else []

    def create(self, request: HttpRequest, values: dict[str, Any]) -> Connection:
        return services.create_connection(values.pop("tenant"), values.pop("name"), by=actor(request), **values)

    def update(self, request: HttpRequest, obj: Connection, values: dict[str, Any]) -> None:
        services.update_connection(obj, by=actor(request), **values)

    def delete(self, request: HttpRequest, obj: Connection) -> None:
        services.delete_connection(obj, by=actor(request))

    def consequences(self, objs: Any) -> list[str]:
        return [f"{User.objects.filter(connection__in=objs).count()} users go too: they can no longer sign in."]

    def tools(self, request: HttpRequest, obj: Connection) -> list[Link]:
        return [Link("Users", reverse("admin:tenants_user_changelist", query={"connection__id__exact": obj.pk}))]

    def response_add(self, request: HttpRequest, obj: Connection, post_url_continue: str | None = None) -> HttpResponse:
        """Nobody can sign in with it yet, so the page on which that is changed comes next."""
        messages.success(request, f"{obj} was added. Now switch it on for applications, below.")
        return HttpResponseRedirect(change_url(obj))


@admin.register(User)
class UserAdmin(SectionsFromAbove):
    """People who sign in to applications. None of them can sign in here."""

    menu_group = "People"
    menu_position = 40
    section_providers = []
    page_providers = []
    form = UserForm
    list_display = ("email", "name", "connection", "blocked_in_words", "last_login", "tenant")
    list_select_related = ("tenant", "connection")
    list_filter = ("blocked", "email_verified")
    linked_filters = ("connection",)
    search_fields = ("email__istartswith", "name", "user_id__exact")
    search_help_text = "The beginning of an e-mail, part of a name, or a user ID."
    autocomplete_fields = ("connection",)

    @admin.display(description="blocked", ordering="blocked", empty_value="")
    def blocked_in_words(self, user: User) -> str:
        return "blocked" if user.blocked else ""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return [(None, {"fields": ("connection", "email", "new_password", "name", "email_verified")})]
        return [
            (None, {"fields": ("email", "email_verified", "blocked")}),
            ("Profile", {"fields": PROFILE}),
            ("Metadata", {"fields": ("user_metadata", "app_metadata")}),
            ("Record", {"fields": RECORD}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*RECORD, "new_password"] if obj else []

    def own_urls(self) -> list[URLPattern]:
        return [self.own_url("<path:object_id>/password/", self.password_view, "password"), *super().own_urls()]

    def tools(self, request: HttpRequest, obj: User) -> list[Link]:
        events = events_link(obj.user_id)
        if not self.has_change_permission(request, obj):
            return [events]
        return [events, Link("Set a password", object_url(obj, "password"))]

    def create(self, request: HttpRequest, values: dict[str, Any]) -> User:
        password = values.pop("new_password")
        return services.create_user(values.pop("connection"), password=password, by=actor(request), **values)

    def update(self, request: HttpRequest, obj: User, values: dict[str, Any]) -> None:
        services.update_user(obj, by=actor(request), **values)

    def delete(self, request: HttpRequest, obj: User) -> None:
        services.delete_user(obj, by=actor(request))

    @method_decorator(sensitive_post_parameters())
    def password_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        user = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        form = NewPasswordForm(user, request.POST or None)
        if request.method == "POST" and form.is_valid():
            services.set_password(user, form.cleaned_data["password"], by=actor(request))
            messages.success(request, "The password was set.")
            return HttpResponseRedirect(change_url(user))
        text = "The old password stops working at once, and every session and token of this person ends."
        return question(self, request, title="Set a password", text=text, button="Set password", obj=user, form=form)
