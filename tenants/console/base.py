"""The base of every page of the console. A theme is exchanged here and in `templates/admin/`, nowhere else."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet, URLField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path

from tenants.console.access import TenantAccess, reach
from tenants.console.lists import TenantLists
from tenants.console.pages import FreshSecret, change_url, secret_once
from tenants.console.sections import Link, Section
from tenants.console.widgets import PlainWidgets
from tenants.console.writes import ServiceWrites
from tenants.models import Tenant


class ConsoleInline(PlainWidgets, TenantAccess, admin.TabularInline):
    """Rows of a page's object, edited on its page and written by the page's `save_rows`."""

    view_on_site = False
    extra = 1


class ConsoleAdmin(ServiceWrites, TenantLists, TenantAccess, PlainWidgets, admin.ModelAdmin):
    """A page on rows that belong to a tenant.

    A subclass says how rows are written (`create`, `update`, `delete`, `save_rows`), which further addresses it has
    (`own_urls`), what stands above its form and its list (`tools`, `list_tools`), and below the form (`sections`).
    """

    menu_group = "Tenant"
    menu_position = 100
    keeps_history = True
    view_on_site = False
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    change_form_template = "admin/console_change_form.html"
    change_list_template = "admin/console_change_list.html"

    def own_urls(self) -> list[URLPattern]:
        """Addresses beside list, add, change, delete and history. Make each with `own_url`."""
        return []

    def own_url(self, route: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
        """An address of this page, for operators only, named `admin:<app>_<model>_<name>`."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_{name}"
        return path(route, self.admin_site.admin_view(self.saying_refusals(view)), name=name)

    def get_urls(self) -> list[URLPattern]:
        # The one without a name redirects any id to its change page, whether or not it may be seen.
        return [*self.own_urls(), *(url for url in super().get_urls() if url.name)]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return reach(request).visible(super().get_queryset(request))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row, of a tenant that the operator may see. Raises Http404, where Django would redirect with a message."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404(f"No {self.opts.verbose_name} with this id")
        return found

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The tenant is chosen when a row is made, and never again."""
        fields = list(super().get_readonly_fields(request, obj))
        return [*fields, "tenant"] if obj else fields

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What the address says, and the tenant where there is but one to choose."""
        tenants = reach(request).changeable(Tenant.objects.values_list("pk", flat=True))[:2]
        chosen = {"tenant": tenants[0]} if len(tenants) == 1 else {}
        return chosen | super().get_changeform_initial_data(request)

    def tools(self, request: HttpRequest, obj: Any) -> Sequence[Link]:
        """Links above the form of `obj`."""
        return ()

    def sections(self, request: HttpRequest, obj: Any) -> Sequence[Section]:
        """Tables below the form of `obj`."""
        return ()

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        # One row after the other is what lists are for; here it would lead past a secret that is shown once.
        context["show_save_and_add_another"] = False
        if obj := kwargs.get("obj"):
            context |= {"tools": self.tools(request, obj), "sections": self.sections(request, obj)}
            context["keeps_history"] = self.keeps_history
            if not self.may_be_deleted(obj):
                context["show_delete"] = False
        return super().render_change_form(request, context, *args, **kwargs)

    def may_be_deleted(self, obj: Any) -> bool:
        """Whether the page of `obj` offers to delete it. That it cannot be deleted is the service's to say."""
        return True

    def consequences(self, objs: Sequence[Any]) -> list[str]:
        """What goes along when `objs` are deleted, in sentences."""
        return []

    def get_deleted_objects(self, objs: Iterable[Any], request: HttpRequest) -> Any:
        """What is asked about before deleting. Sentences instead of Django's list, which reads every row that goes."""
        rows = list(objs)
        allowed = all(self.has_delete_permission(request, row) for row in rows)
        listed = [*(str(row) for row in rows), *self.consequences(rows)]
        return listed, {self.opts.verbose_name_plural: len(rows)}, set() if allowed else {self.opts.verbose_name}, []

    def reveal(self, request: HttpRequest, secret: FreshSecret) -> None:
        """Has the answer to this request show `secret`, and nothing after it."""
        request.console_secret = secret  # type: ignore[attr-defined]

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """The secret that was made, or the page of the new row: its next step stands there, below the form."""
        return self._revealed(request, obj) or self._added(request, obj)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._revealed(request, obj) or super().response_change(request, obj)

    def _added(self, request: HttpRequest, obj: Any) -> HttpResponse:
        messages.success(request, f"The {self.opts.verbose_name} {obj} was added.")
        return HttpResponseRedirect(change_url(obj))

    def _revealed(self, request: HttpRequest, obj: Any) -> HttpResponse | None:
        secret: FreshSecret | None = getattr(request, "console_secret", None)
        return secret_once(self, request, obj, secret) if secret else None


class ReadOnlyAdmin(ConsoleAdmin):
    """A page on rows that the console only looks at."""

    actions = None
    keeps_history = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
