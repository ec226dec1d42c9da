"""The console as a whole: its name, its pages and their order. What stands on a page is the page's own."""

from functools import wraps
from typing import Any, cast

from django.contrib.admin import AdminSite
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, reverse
from django.utils.text import slugify

from tenants.console.base import ConsoleAdmin
from tenants.console.login import LoginForm, answered

# The menu: what pages are about, whichever floor they stand on.
GROUPS = ("APIs and applications", "People", "Logs", "Tenant")


class ConsoleSite(AdminSite):
    """Django's admin with the pages of our floors only."""

    site_title = "Latchkey"
    site_header = "Latchkey"
    index_title = "Overview"
    site_url = None
    empty_value_display = "-"
    login_form = LoginForm

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Registers a page. One that is not a `ConsoleAdmin` is left out: it knows no tenants and no services.

        Such pages come unasked, for instance when `django.contrib.auth.admin` is imported.
        """
        if admin_class is not None and issubclass(admin_class, ConsoleAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """`view`, for operators only, and never with a NUL among its values: PostgreSQL stores and finds none."""

        @wraps(view)
        def without_nul(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if "\x00" in request.path:
                raise Http404
            if any(
                "\x00" in value for sent in (request.GET, request.POST) for _, values in sent.lists() for value in values
            ):
                raise BadRequest("NUL in a value")
            return cast("HttpResponse", view(request, *args, **kwargs))

        return super().admin_view(without_nul, cacheable)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The login page, 429 after too many attempts."""
        return answered(super().login(request, extra_context))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Django's addresses without `r/<type>/<id>/`, which would look up any row of any tenant."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The pages by `menu_group` and, in each group, by `menu_position`: in the order of the work."""
        found = [entry for app in self._build_app_dict(request, app_label).values() for entry in app["models"]]
        found.sort(key=lambda entry: self._page(entry).menu_position)
        groups = {name: [entry for entry in found if self._page(entry).menu_group == name] for name in GROUPS}
        return [
            {
                "name": name,
                "app_label": slugify(name),
                # A group has no page of its own.
                "app_url": f"{reverse('admin:index', current_app=self.name)}#{slugify(name)}",
                "has_module_perms": True,
                "models": entries,
            }
            for name, entries in groups.items()
            if entries
        ]

    def _page(self, entry: dict[str, Any]) -> ConsoleAdmin:
        return cast("ConsoleAdmin", self._registry[entry["model"]])
