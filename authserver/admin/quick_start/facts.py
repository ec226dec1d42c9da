"""What the examples are filled with, as plain values and as literals of the languages that they are written in."""

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from apis.models import API, Application, AppType
from authserver.admin.quick_start.chosen_api import Choice
from authserver.admin.request_snippets import SECRET
from authserver.admin.snippet_forms import quoted
from authserver.scopes import OFFLINE_ACCESS
from tenants.models import Domain

# Stands in the code until an address is registered.
SAMPLE_CALLBACK = "https://app.example.com/callback"
SAMPLE_NATIVE = "com.example.app:/callback"
SAMPLE_AUDIENCE = "YOUR_API_IDENTIFIER"
_SIGN_IN = ("openid", "profile", "email")
# So many permissions an example asks for: enough to see how.
_PERMISSIONS = 2


@dataclass(frozen=True, slots=True)
class Facts:
    """What an application must know of its tenant, and the tenant of it."""

    issuer: str
    client_id: str
    method: str
    audience: str
    scope: str
    callback: str
    callback_is_registered: bool

    @property
    def domain(self) -> str:
        """The issuer as Auth0's SDKs want it: without scheme and slash, unless it is plain http."""
        return self.issuer.removeprefix("https://").rstrip("/")

    @property
    def token_endpoint(self) -> str:
        return f"{self.issuer}oauth/token"

    @property
    def authorization_endpoint(self) -> str:
        return f"{self.issuer}authorize"

    @property
    def configuration(self) -> str:
        return f"{self.issuer}.well-known/openid-configuration"

    @property
    def base_url(self) -> str:
        """Where the website with the callback is."""
        parts = urlsplit(self.callback)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def callback_scheme(self) -> str:
        return urlsplit(self.callback).scheme

    @property
    def callback_path(self) -> str:
        return urlsplit(self.callback).path or "/"


def facts(application: Application, domain: Domain, choice: Choice) -> Facts:
    """What is to be known to build `application` against `domain`."""
    registered = application.redirect_uris.split()
    sample = SAMPLE_NATIVE if application.app_type == AppType.NATIVE else SAMPLE_CALLBACK
    return Facts(
        issuer=domain.issuer,
        client_id=application.client_id,
        method=application.token_endpoint_auth_method,
        audience=choice.api.audience_at(domain.issuer) if choice.api else "",
        scope=" ".join(_scopes(application, choice.api, choice)),
        callback=next(iter(registered), sample),
        callback_is_registered=bool(registered),
    )


def literals(found: Facts) -> dict[str, str]:
    """Values as string literals: alike in Python, JavaScript and Swift."""
    names = (
        *("issuer", "domain", "client_id", "method", "audience", "scope", "callback", "callback_scheme"),
        *("callback_path", "base_url", "token_endpoint", "authorization_endpoint", "configuration"),
    )
    return {name: json.dumps(getattr(found, name)) for name in names}


def in_kotlin(found: Facts) -> dict[str, str]:
    """The same for Kotlin, which reads a dollar sign as the name of a variable."""
    return {name: literal.replace("$", "\\$") for name, literal in literals(found).items()}


def in_shell(found: Facts) -> dict[str, str]:
    """The same as words of a shell, the pairs of a form among them."""
    pairs = {"client_id": found.client_id, "redirect_uri": found.callback, "scope": found.scope, "audience": found.audience}
    words = {name: quoted(f"{name}={value}") for name, value in pairs.items()}
    return words | {
        "token_endpoint": quoted(found.token_endpoint),
        "authorization_endpoint": quoted(found.authorization_endpoint),
        "introspection": quoted(f"{found.issuer}oauth/introspect"),
        "pair": quoted(f"{found.client_id}:{SECRET}"),
    }


def _scopes(application: Application, api: API | None, choice: Choice) -> list[str]:
    granted = choice.answer.scopes[:_PERMISSIONS] if choice.answer else ()
    stays = api is not None and api.allow_offline_access and "refresh_token" in application.grant_types
    return [*_SIGN_IN, *((OFFLINE_ACCESS,) if stays else ()), *granted]
