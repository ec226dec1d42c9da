"""The base of every page of the console. A theme is exchanged here and in `templates/admin/`, nowhere else."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet, URLField
from django.forms import HiddenInput
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst

from tenants.console import current
from tenants.console.access import TenantAccess, reach, tenant_id_of
from tenants.console.lists import PlainLists
from tenants.console.menu import Entry
from tenants.console.pages import FreshSecret, change_url, secret_once
from tenants.console.sections import Link, Section
from tenants.console.widgets import PlainWidgets
from tenants.console.writes import ServiceWrites
from tenants.models import Tenant


class ConsoleInline(PlainWidgets, TenantAccess, admin.TabularInline):
    """Rows of a page's object, edited on its page and written by the page's `save_rows`."""

    view_on_site = False
    extra = 1
    template = "admin/includes/inline_rows.html"


class ConsoleAdmin(ServiceWrites, PlainLists, TenantAccess, PlainWidgets, admin.ModelAdmin):
    """A page on rows that belong to a tenant.

    A subclass says how rows are written (`create`, `update`, `delete`, `save_rows`), which further addresses it has
    (`own_urls`), what stands above its form and its list (`tools`, `list_tools`), and below the form (`sections`).
    """

    menu_group = "Tenant"
    menu_position = 100
    # False: the rows belong to no tenant, or are tenants.
    of_one_tenant = True
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

    def menu_entries(self, request: HttpRequest) -> list[Entry]:
        """What the menu offers of this page: its list."""
        url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return [Entry(capfirst(str(self.opts.verbose_name_plural)), url, request.path.startswith(url))]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """The rows of the tenant that the operator works on; while one row is looked for, of every tenant of theirs."""
        rows = reach(request).visible(super().get_queryset(request))
        anywhere = getattr(request, "console_anywhere", False) or not self.of_one_tenant
        return rows if anywhere else current.of_current(request, rows)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row, of a tenant that the operator may see. Raises Http404, where Django would redirect with a message."""
        request.console_anywhere = True  # type: ignore[attr-defined]
        try:
            found = super().get_object(request, object_id, from_field)
        finally:
            request.console_anywhere = False  # type: ignore[attr-defined]
        if found is None:
            raise Http404(f"No {self.opts.verbose_name} with this id")
        if hasattr(found, "tenant_id") or isinstance(found, Tenant):
            current.follow(request, tenant_id_of(found))
        return found

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A new row belongs to the tenant that its form was opened in, whichever is current when it is sent."""
        if db_field.name == "tenant":
            kwargs["widget"] = HiddenInput()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The tenant is chosen when a row is made, and never again."""
        fields = list(super().get_readonly_fields(request, obj))
        return [*fields, "tenant"] if obj else fields

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What the address says, and the tenant that the operator works on: of that an address says nothing.

        The field is hidden, so nobody would see that a link makes them add a row to another tenant.
        """
        return super().get_changeform_initial_data(request) | {"tenant": current.current_tenant(request)}

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
            context["title"] = str(obj)
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
        """The secret that was made, or the same page again: whoever changes one setting often changes the next."""
        return self._revealed(request, obj) or self._changed(request, obj)

    def _added(self, request: HttpRequest, obj: Any) -> HttpResponse:
        messages.success(request, f"The {self.opts.verbose_name} {obj} was added.")
        return HttpResponseRedirect(change_url(obj))

    def _changed(self, request: HttpRequest, obj: Any) -> HttpResponse:
        messages.success(request, f"The {self.opts.verbose_name} {obj} was saved.")
        return HttpResponseRedirect(request.path)

    def _revealed(self, request: HttpRequest, obj: Any, *, back: str = "") -> HttpResponse | None:
        secret: FreshSecret | None = getattr(request, "console_secret", None)
        return secret_once(self, request, obj, secret, back=back) if secret else None


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
