"""The pages that people see, in their states, one after the other as somebody meets them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from tests.screenshots.album import Album
from tests.screenshots.demo import Demo

ORDERS, BILLING = "https://orders.example.com", "https://billing.example.com"


class Visitor:
    """Somebody with a fresh browser at the demo, who speaks `locale`."""

    def __init__(self, page: Any, demo: Demo, album: Album) -> None:
        self.page, self.demo, self.album = page, demo, album

    def look(self, name: str) -> None:
        self.album.take(self.page, name)

    def open(self, path: str, **query: str) -> None:
        self.page.goto(f"{self.demo.origin}{path}" + (f"?{urlencode(query)}" if query else ""))

    def ask(self, key: str, **changes: str) -> None:
        """Comes from the application `key`, which asks for a sign-in."""
        asked = {
            "client_id": self.demo.client_id(key),
            "redirect_uri": self.demo.callback,
            "response_type": "code",
            "audience": ORDERS,
            "scope": "openid profile email offline_access read:orders create:orders",
            "state": "pictures",
        }
        if key == "spa":
            asked |= {"code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256"}
        self.open("/authorize", **(asked | changes))

    def log_in(self, password: str = "") -> None:
        self.page.fill("#username", self.demo.user["email"])
        self.page.fill("#password", password or self.demo.user["password"])
        self.press("#login")

    def press(self, selector: str) -> None:
        self.page.click(selector)
        self.page.wait_for_load_state()


@contextmanager
def visitor(browser: Any, demo: Demo, album: Album, locale: str = "en") -> Iterator[Visitor]:
    context = browser.new_context(locale=locale)
    page = context.new_page()
    album.listen(page)
    yield Visitor(page, demo, album)
    context.close()


def take(browser: Any, demo: Demo, album: Album) -> None:
    """Every public page but the one that nobody gets away from for a while."""
    with visitor(browser, demo, album) as ada:
        _sign_in(ada)
        _signed_in(ada)
    with visitor(browser, demo, album) as somebody:
        _refused(somebody)
    for locale in ("de", "ja", "ar"):
        with visitor(browser, demo, album, locale) as reader:
            reader.ask("partner")
            reader.look(f"public-login-{locale}")
            reader.log_in()
            reader.look(f"public-consent-{locale}")


def take_lockout(browser: Any, demo: Demo, album: Album) -> None:
    """What stands on the login page after too many attempts. The log is full of them afterwards."""
    with visitor(browser, demo, album) as somebody:
        _locked_out(somebody)


def _sign_in(ada: Visitor) -> None:
    ada.open("/")
    ada.look("public-home")
    ada.ask("web")
    ada.look("public-login")
    ada.log_in("not the password")
    ada.look("public-login-wrong-password")
    ada.press("#signup-link")
    ada.look("public-sign-up")
    ada.page.fill("#email", "new@example.com")
    ada.page.fill("#password", "short")
    ada.press("[type=submit]")
    ada.look("public-sign-up-refused")
    ada.ask("web")
    ada.log_in()
    ada.look("public-consent-first-party")
    ada.press("#consent-allow")
    ada.ask("web", scope="openid profile email offline_access read:orders create:orders delete:orders")
    ada.look("public-consent-asks-for-more")
    ada.ask("partner", audience=BILLING, scope="openid profile email offline_access read:invoices")
    ada.look("public-consent-third-party")
    ada.press("#consent-allow")


def _signed_in(ada: Visitor) -> None:
    ada.ask("web", prompt="select_account")
    ada.look("public-account-choice")
    ada.open("/account")
    ada.look("public-account")
    ada.open("/demo/")
    ada.look("public-demo")
    ada.open("/oidc/logout", client_id=ada.demo.client_id("web"))
    ada.look("public-logout")
    ada.press("#logout-yes")
    ada.look("public-logged-out")
    ada.open("/api/v2/docs")
    ada.page.wait_for_timeout(2_000)
    ada.look("public-api-docs")


def _refused(somebody: Visitor) -> None:
    somebody.ask("web", redirect_uri="https://elsewhere.example.com/callback")
    somebody.look("public-error-callback")
    somebody.ask("native", redirect_uri="com.example.courier://callback")
    somebody.look("public-error-disabled-application")
    somebody.open("/u/login", state="long-gone")
    somebody.look("public-error-expired")
    somebody.open("/no/such/page")
    somebody.look("public-not-found")


def _locked_out(somebody: Visitor) -> None:
    somebody.ask("web")
    for _ in range(11):
        somebody.page.fill("#username", "stranger@example.com")
        somebody.page.fill("#password", "a guess")
        somebody.press("#login")
    somebody.look("public-login-locked-out")
