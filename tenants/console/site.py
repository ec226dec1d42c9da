"""The console as a whole: its name, its pages and their order. What stands on a page is the page's own."""

from functools import wraps
from typing import Any, cast

from django.contrib.admin import AdminSite
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse

from tenants.console import current, overview
from tenants.console.access import reach
from tenants.console.base import ConsoleAdmin
from tenants.console.login import LoginForm, answered
from tenants.console.menu import menu
from tenants.console.refusals import refusal
from tenants.models import Tenant


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
            try:
                return cast("HttpResponse", view(request, *args, **kwargs))
            except (Http404, PermissionDenied) as refused:
                return refusal(self, request, 404 if isinstance(refused, Http404) else 403)

        # Translations are everybody's; a page shows whose tenants they are, and no browser keeps it.
        return super().admin_view(without_nul, cacheable and view == self.i18n_javascript)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The login page, 429 after too many attempts."""
        return answered(super().login(request, extra_context))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Django's addresses without `r/<type>/<id>/`, which would look up any row of any tenant."""
        own = [path("switch-tenant/", self.admin_view(self.switch_tenant), name="switch_tenant")]
        return [*own, *(url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site")]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The overview of the tenant that the operator works on."""
        request.current_app = self.name
        context = self.each_context(request) | overview.page(request) | (extra_context or {})
        return TemplateResponse(request, "admin/index.html", context)

    def app_index(self, request: HttpRequest, app_label: str, extra_context: Any = None) -> Any:
        """The menu is in the order of the work, whichever floor a page stands on: a floor has no page of its own."""
        return HttpResponseRedirect(reverse("admin:index"))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """What every page shows around its content: the menu, and the tenants to choose from."""
        context = super().each_context(request)
        if not self.has_permission(request):
            return context
        pages = [cast("ConsoleAdmin", page) for page in self._registry.values()]
        found = current.offered(request)
        return context | {
            "menu": menu(request, pages),
            "current_tenant": current.current_tenant(request),
            "tenant_choices": found[: current.OFFERED],
            "more_tenants": len(found) > current.OFFERED,
        }

    def switch_tenant(self, request: HttpRequest) -> HttpResponse:
        """POST: goes to the tenant whose id is `tenant`, and to its overview. Raises Http404 for one out of reach."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        wanted = request.POST.get("tenant", "")
        rows = reach(request).visible(Tenant.objects.all())
        tenant = rows.filter(pk=wanted).first() if wanted.isascii() and wanted.isdecimal() and len(wanted) < 19 else None
        if tenant is None:
            raise Http404("No tenant of yours with this id")
        current.go_to(request, tenant)
        return HttpResponseRedirect(reverse("admin:index"))
