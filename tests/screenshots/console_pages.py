"""The pages of the console: every list, form and tab that the registry knows, and then what comes of pressing buttons."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.screenshots.album import Album
from tests.screenshots.demo import OPERATOR, PASSWORD, VIEWER, Demo


class Operator:
    """Somebody at the console, logged in as `name`."""

    def __init__(self, page: Any, demo: Demo, album: Album) -> None:
        self.page, self.demo, self.album = page, demo, album

    def look(self, name: str) -> None:
        self.album.take(self.page, f"console-{name}")

    def open(self, path: str) -> None:
        self.page.goto(f"{self.demo.origin}{path}")

    def press(self, text: str, role: str = "button") -> None:
        self.page.get_by_role(role, name=text).first.click()
        self.page.wait_for_load_state()

    def log_in(self, name: str, password: str = PASSWORD) -> None:
        self.open("/admin/")
        self.page.fill("#id_username", name)
        self.page.fill("#id_password", password)
        self.page.click("[type=submit]")
        self.page.wait_for_load_state()

    def go_to_tenant(self, name: str) -> None:
        from tenants.models import Tenant

        self.open(f"/admin/tenants/tenant/{Tenant.objects.get(name=name).pk}/change/")


@contextmanager
def operator(browser: Any, demo: Demo, album: Album) -> Iterator[Operator]:
    context = browser.new_context()
    page = context.new_page()
    album.listen(page)
    yield Operator(page, demo, album)
    context.close()


def take(browser: Any, demo: Demo, album: Album) -> None:
    """Every page of the console."""
    with operator(browser, demo, album) as ada:
        ada.open("/admin/")
        ada.look("login")
        ada.log_in(OPERATOR, "not the password")
        ada.look("login-wrong-password")
        ada.log_in(OPERATOR)
        _new_tenant(ada)
        _demo(ada)
        for name, path in every_page():
            ada.open(path)
            ada.look(name)
        _deeds(ada)
    with operator(browser, demo, album) as vera:
        vera.log_in(VIEWER)
        _viewer(vera)


def every_page() -> Iterator[tuple[str, str]]:
    """(name, address) of the list and the form of each page, and of each tab of one of its rows."""
    from django.contrib.admin import site
    from django.urls import reverse

    from tenants.console.tabs import TabbedAdmin
    from tenants.models import Operator as OperatorModel

    for model, page in site._registry.items():
        if model is OperatorModel:
            continue
        label, name = f"admin:{model._meta.app_label}_{model._meta.model_name}", model._meta.model_name
        yield f"{name}-list", reverse(f"{label}_changelist")
        if name not in ("logevent", "session", "tokenfamily", "consent", "signingkey", "tenant"):
            yield f"{name}-add", reverse(f"{label}_add")
        row = _row(model)
        tabs = [tab.name for tab in page.tabs] if isinstance(page, TabbedAdmin) else ["change"]
        for tab in tabs if row else ():
            yield f"{name}-{tab}", reverse(f"{label}_{tab}", args=[row.pk])


def refused_event() -> str:
    """The address of a refusal in the demo's log."""
    from tenants.console.pages import change_url
    from tenants.models import LogEvent

    return change_url(_row(LogEvent))


def test_of(name: str) -> str:
    """The address of the test tab of the orders' API, with the application called `name` chosen."""
    from apis.models import API, Application

    api, application = API.objects.get(name="Orders", tenant__name="demo"), Application.objects.get(name=name)
    return f"/admin/apis/api/{api.pk}/test/?application={application.client_id}"


def _row(model: Any) -> Any:
    """The row of the demo that has most to show."""
    from tenants.models import Tenant

    demo = Tenant.objects.get(name="demo")
    telling = {"api": {"name": "Orders"}, "application": {"name": "Shop"}, "user": {"email": "ada@example.com"}}
    conditions: dict[str, Any] = {"pk": demo.pk} if model is Tenant else {"tenant": demo}
    rows = model.objects.filter(**conditions, **telling.get(model._meta.model_name, {}))
    if model._meta.model_name == "logevent":
        rows = rows.filter(details__reason="ScopeNotGranted")
    return rows.order_by("-pk").first()


def _new_tenant(ada: Operator) -> None:
    ada.go_to_tenant("acme")
    ada.open("/admin/")
    ada.look("overview-empty")
    ada.open("/admin/apis/api/")
    ada.look("api-list-empty")
    ada.open("/admin/tenants/logevent/?last=hour&outcome=refused")
    ada.look("logevent-list-empty")


def _demo(ada: Operator) -> None:
    ada.go_to_tenant("demo")
    ada.open("/admin/")
    ada.look("overview")


def _deeds(ada: Operator) -> None:
    from apis.models import API, Application

    ada.open(test_of("Warehouse"))
    ada.look("test-before")
    ada.press("Send")
    ada.look("test-token")
    ada.open(test_of("Shop"))
    ada.press("Send")
    ada.look("test-refusal")
    for name in ("Courier", "Spendwise"):
        application = Application.objects.get(name=name)
        for tab in ("quick_start", "credentials", "apis"):
            ada.open(f"/admin/apis/application/{application.pk}/{tab}/")
            ada.look(f"application-{tab}-of-{name.lower()}")
    ada.open("/admin/tenants/logevent/?outcome=refused")
    ada.look("logevent-list-refused")
    ada.open("/admin/tenants/logevent/?q=nothing-like-that")
    ada.look("logevent-list-nothing-found")
    _switch(ada, API.objects.get(name="Orders", tenant__name="demo"))
    _secret(ada, Application.objects.get(name="Shop"))


def _switch(ada: Operator, orders: Any) -> None:
    """An application is switched on, and the difference is looked at before it is saved."""
    ada.open(f"/admin/apis/api/{orders.pk}/applications/")
    ada.page.get_by_role("checkbox", name="Shop: For itself").check()
    row = ada.page.get_by_role("listitem").filter(has=ada.page.get_by_role("heading", name="Shop", exact=True))
    row.get_by_role("checkbox", name="read:orders").check()
    ada.look("api-applications-unsaved")
    ada.press("Review changes")
    ada.look("api-applications-review")
    ada.press("Confirm")
    ada.look("api-applications-saved")


def _secret(ada: Operator, shop: Any) -> None:
    ada.open(f"/admin/apis/application/{shop.pk}/secrets/add/")
    ada.look("application-secret-question")
    ada.page.locator("main form [type=submit]").first.click()
    ada.page.wait_for_load_state()
    ada.look("application-secret-once")
    ada.open(f"/admin/apis/application/{shop.pk}/credentials/")
    ada.look("application-credentials-two-secrets")


def _viewer(vera: Operator) -> None:
    from apis.models import API, Application

    orders, shop = API.objects.get(name="Orders", tenant__name="demo"), Application.objects.get(name="Shop")
    vera.look("viewer-overview")
    for tab in ("change", "permissions", "applications", "test"):
        vera.open(f"/admin/apis/api/{orders.pk}/{tab}/")
        vera.look(f"viewer-api-{tab}")
    vera.open(f"/admin/apis/application/{shop.pk}/credentials/")
    vera.look("viewer-application-credentials")
