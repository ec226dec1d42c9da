"""The first tab of an API: how it verifies a token, in four languages, with its own values filled in.

Owns which snippet is shown; the values are those of `token_facts`, the texts stand in `templates/admin/apis/api/snippets/`.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from apis.admin.token_facts import Facts, facts, quoted
from apis.models import API, SigningAlg
from tenants.console.pages import object_url
from tenants.console.sections import Link
from tenants.console.tabs import TabbedAdmin

NAME = "quick_start"


@dataclass(frozen=True, slots=True)
class Snippet:
    """A file of an example. `caption` says where it goes."""

    caption: str
    name: str

    @property
    def template(self) -> str:
        return f"admin/apis/api/snippets/{self.name}.txt"


@dataclass(frozen=True, slots=True)
class Language:
    """An example in one language: its files in order, or instead the reason why there is none."""

    name: str
    library: str
    snippets: tuple[Snippet, ...]
    missing: str = ""


def view(page: TabbedAdmin, request: HttpRequest, api: API) -> HttpResponse:
    """The tab. `?domain=` chooses among the tenant's domains; each is an issuer of its own."""
    domains = list(api.tenant.domains.all())
    chosen = next((domain for domain in domains if domain.host == request.GET.get("domain")), None)
    context: dict[str, Any] = {"here": object_url(api, NAME), "tenant_link": _tenant_link(api)}
    if domain := chosen or next(iter(domains), None):
        found = facts(api, domain)
        context |= {
            "facts": found,
            "code": quoted(found),
            "languages": languages(found),
            "domains": domains if domains[1:] else (),
            "domain": domain,
            "secret_url": object_url(api, "signing_secret") if page.has_change_permission(request, api) else "",
        }
    return page.tab_page(request, api, NAME, "admin/apis/api/quick_start.html", context)


def languages(found: Facts) -> list[Language]:
    """The examples for tokens such as `found` tells of."""
    kind = "secret" if found.by_secret else "keys"
    return [
        Language(
            "Python",
            "PyJWT",
            (
                Snippet("Install", "python_install"),
                Snippet("verify.py", f"python_{kind}"),
                Snippet("In a view", "python_use"),
            ),
        ),
        Language(
            "Node.js",
            "express-oauth2-jwt-bearer",
            (Snippet("Install", "node_install"), Snippet("server.mjs", "node")),
        ),
        Language(
            "Go",
            "golang-jwt" if found.by_secret else "golang-jwt and keyfunc",
            (Snippet("Install", f"go_install_{kind}"), Snippet("main.go", f"go_{kind}")),
        ),
        _java(found),
    ]


def _java(found: Facts) -> Language:
    name, library = "Java", "Spring Boot resource server"
    if found.algorithm == SigningAlg.EDDSA:
        return Language(name, library, (), "Spring Security knows no EdDSA. For an API in Java choose RS256 or ES256.")
    install = Snippet("build.gradle", "java_install")
    rules = Snippet("SecurityConfiguration.java", "java_rules")
    if found.by_secret or found.is_rfc9068:
        return Language(name, library, (install, rules, Snippet("TokenDecoder.java", "java_decoder")))
    return Language(name, library, (install, Snippet("application.yml", "java_settings"), rules))


def _tenant_link(api: API) -> Link:
    return Link("Add a domain", object_url(api.tenant, "change"))
