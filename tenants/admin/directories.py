"""Connections (user directories) and the users in them."""

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
from tenants.console.base import ConsoleAdmin
from tenants.console.pages import change_url, object_url, question
from tenants.console.sections import Link
from tenants.models import Connection, User


@admin.register(Connection)
class ConnectionAdmin(ConsoleAdmin):
    """Directories are made and deleted. Their name is what applications send as realm, so it does not change."""

    menu_position = 50
    fields = ("tenant", "name")
    list_display = ("name", "tenant", "created_at")
    list_select_related = ("tenant",)
    search_fields = ("name",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_change_permission(request)

    def create(self, request: HttpRequest, values: dict[str, Any]) -> Connection:
        return services.create_connection(values["tenant"], values["name"], by=actor(request))

    def delete(self, request: HttpRequest, obj: Connection) -> None:
        services.delete_connection(obj, by=actor(request))

    def consequences(self, objs: Any) -> list[str]:
        return [f"{User.objects.filter(connection__in=objs).count()} users go too: they can no longer sign in."]

    def tools(self, request: HttpRequest, obj: Connection) -> list[Link]:
        return [Link("Users", reverse("admin:tenants_user_changelist", query={"connection__id__exact": obj.pk}))]


@admin.register(User)
class UserAdmin(ConsoleAdmin):
    """People who sign in to applications. None of them can sign in here."""

    menu_position = 60
    form = UserForm
    list_display = ("email", "name", "connection", "blocked", "tenant", "created_at")
    list_select_related = ("tenant", "connection")
    list_filter = ("blocked", "email_verified")
    linked_filters = ("connection",)
    search_fields = ("email__istartswith", "name", "user_id__exact")
    search_help_text = "The beginning of an e-mail, part of a name, or a user id."
    autocomplete_fields = ("connection",)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return [(None, {"fields": ("connection", "email", "new_password", "name", "email_verified")})]
        fixed = ("user_id", "connection", "tenant", "created_at", "updated_at")
        return [(None, {"fields": ("email", "name", "email_verified", "blocked")}), ("Record", {"fields": fixed})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["user_id", "connection", "tenant", "created_at", "updated_at", "new_password"] if obj else []

    def own_urls(self) -> list[URLPattern]:
        return [self.own_url("<path:object_id>/password/", self.password_view, "password")]

    def tools(self, request: HttpRequest, obj: User) -> list[Link]:
        if not self.has_change_permission(request, obj):
            return []
        return [Link("Set a password", object_url(obj, "password"))]

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
        form = NewPasswordForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            services.set_password(user, form.cleaned_data["password"], by=actor(request))
            messages.success(request, "The password was set.")
            return HttpResponseRedirect(change_url(user))
        text = "The old password stops working at once."
        return question(self, request, title="Set a password", text=text, button="Set password", obj=user, form=form)
