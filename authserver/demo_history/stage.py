"""Who plays: the applications and people of the demo as they are now, and where their requests come from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest

from apis import registry
from apis.models import Application
from apis.registry import ApplicationValue
from apis.services.demo import content
from tenants import config_cache
from tenants.config_cache import CurrentTenant
from tenants.http import TenantRequest
from tenants.models import Tenant, User

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
TELEPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"
# key of an application → (program, address). The addresses are those that RFC 5737 keeps for documentation.
_FROM = {
    "m2m": ("python-requests/2.32.5", "192.0.2.17"),
    "web": ("node", "192.0.2.40"),
    "spa": (BROWSER, "198.51.100.23"),
    "legacy": ("Java/17.0.12", "192.0.2.8"),
    "native": ("Courier/4.2 (Android 15)", "198.51.100.77"),
    "partner": ("Go-http-client/2.0", "203.0.113.9"),
}
_PEOPLE_FROM = {
    "ada@example.com": (BROWSER, "198.51.100.23"),
    "bruno@example.com": (BROWSER, "198.51.100.61"),
    "chiyo@example.com": (TELEPHONE, "198.51.100.112"),
    "dalia@example.com": (TELEPHONE, "198.51.100.150"),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """The tenant, its applications by their key in the demo, and its people by e-mail. What was deleted is not there."""

    tenant: CurrentTenant
    clients: Mapping[str, ApplicationValue]
    people: Mapping[str, User]

    def request_of(self, key: str, email: str = "") -> TenantRequest:
        """A request of an application, or of a person with it: what log events read of one."""
        agent, ip = _PEOPLE_FROM[email] if email else _FROM[key]
        request = cast("TenantRequest", HttpRequest())
        request.META = {"HTTP_USER_AGENT": agent, "REMOTE_ADDR": ip}
        # Each event gets one of its own (`filling`).
        request.tenant, request.request_id = self.tenant, ""
        return request


def stage(tenant: Tenant) -> Stage | None:
    """The stage of `tenant`; None while it answers nowhere."""
    domain = tenant.domains.order_by("pk").first()
    current = config_cache.resolve(domain.host) if domain else None
    if current is None:
        return None
    names = {settings["name"]: key for key, settings in content.APPLICATIONS.items()}
    rows = Application.objects.of(tenant).filter(name__in=names).values_list("name", "client_id")
    clients = {names[name]: client for name, client_id in rows if (client := registry.application(current, client_id))}
    people = {user.email: user for user in User.objects.of(tenant).filter(email__in=content.PEOPLE)}
    return Stage(current, clients, people)
