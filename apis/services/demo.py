"""What `create_tenant --demo` adds, so that a newcomer has something to call: an API, four applications, a user.

Also says where the page /demo/ is shown, and gives its application the addresses that it needs. The page itself is
`authserver.demo`.
"""

import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from apis.models import API, Application, AppType, SubjectType
from apis.services.apis import Scope, create_api, update_api
from apis.services.applications import NewSecret, create_application, ensure_secret, update_application
from apis.services.client_grants import create_client_grant
from apis.services.connections import enable_connection
from tenants.changes import Actor
from tenants.models import Connection, Tenant, User
from tenants.models.domain import is_loopback
from tenants.services import create_connection, create_user, set_password, update_tenant

# The tenant of `make run`.
TENANT = "demo"
API_IDENTIFIER = "https://orders.example.com"
CONNECTION = "Username-Password-Authentication"
EMAIL = "ada@example.com"
_PERMISSIONS = (
    Scope("read:orders", "Read your orders"),
    Scope("create:orders", "Place orders for you"),
    Scope("delete:orders", "Cancel your orders"),
)
PAGE_APPLICATION = "Order tracker"
_APPLICATIONS = {"m2m": "Warehouse", "web": "Shop", "spa": PAGE_APPLICATION, "legacy": "Old till"}
_ORIGIN = "http://localhost:3000"
_SETTINGS: dict[str, dict[str, Any]] = {
    "m2m": {"app_type": AppType.NON_INTERACTIVE},
    "web": {"app_type": AppType.REGULAR_WEB, "redirect_uris": f"{_ORIGIN}/callback"},
    "spa": {
        "app_type": AppType.SPA,
        "redirect_uris": f"{_ORIGIN}/callback",
        "web_origins": _ORIGIN,
        "allowed_origins": _ORIGIN,
    },
    # The flows that RFC 9700 advises against, so that no application for today's flows need have them switched on.
    "legacy": {
        "app_type": AppType.REGULAR_WEB,
        "description": "For the implicit, hybrid and password flows.",
        "redirect_uris": f"{_ORIGIN}/callback",
        "grant_types": [
            "authorization_code",
            "implicit",
            "password",
            "http://auth0.com/oauth/grant-type/password-realm",
        ],
    },
}


@dataclass(slots=True)
class Demo:
    """The demo as it stands, with the secrets that were made just now (None: made earlier, not readable again)."""

    api: API
    applications: dict[str, Application] = field(default_factory=dict)
    secrets: dict[str, NewSecret | None] = field(default_factory=dict)
    user: User | None = None
    password: str | None = None


def has_page(tenant: str, host: str) -> bool:
    """Whether the tenant called `tenant` shows /demo/ at `host` (with port).

    No single mistake puts it on a public server: production runs without DEVELOPMENT, whose secrets anybody can read;
    and with it, only the tenant of `make run` has the page, at an address that only this machine reaches.
    """
    return settings.DEVELOPMENT and tenant == TENANT and is_loopback(urlsplit(f"//{host}").hostname or "")


@transaction.atomic
def ensure_demo(tenant: Tenant, *, rotate: bool, by: Actor) -> Demo:
    """Adds what is missing; with `rotate`, fresh secrets and a fresh password for what is there."""
    demo = Demo(_ensure_api(tenant, by=by))
    connection = _ensure_connection(tenant, by=by)
    for key, name in _APPLICATIONS.items():
        application = _ensure_application(tenant, key, name, by=by)
        if key == "m2m":
            _ensure_client_grant(application, demo.api, by=by)
        else:
            _ensure_sign_in(application, connection, by=by)
        demo.applications[key], demo.secrets[key] = application, ensure_secret(application, rotate=rotate, by=by)
    _ensure_page_addresses(demo.applications["spa"], by=by)
    demo.user, demo.password = _ensure_user(connection, rotate=rotate, by=by)
    return demo


def _ensure_api(tenant: Tenant, *, by: Actor) -> API:
    api = API.objects.of(tenant).filter(identifier=API_IDENTIFIER).first()
    if api is None:
        return create_api(tenant, API_IDENTIFIER, name="Orders", permissions=_PERMISSIONS, allow_offline_access=True, by=by)
    return api if api.allow_offline_access else update_api(api, by=by, allow_offline_access=True)


def _ensure_connection(tenant: Tenant, *, by: Actor) -> Connection:
    connection = Connection.objects.of(tenant).filter(name=CONNECTION).first()
    if connection is None:
        connection = create_connection(tenant, CONNECTION, by=by)
        update_tenant(tenant, by=by, default_directory=CONNECTION)
    return connection


def _ensure_application(tenant: Tenant, key: str, name: str, *, by: Actor) -> Application:
    found = Application.objects.of(tenant).filter(name=name).first()
    return found or create_application(tenant, name, by=by, **_SETTINGS[key])


def _ensure_client_grant(application: Application, api: API, *, by: Actor) -> None:
    if not application.client_grants.filter(api=api, subject_type=SubjectType.CLIENT).exists():
        create_client_grant(application, api, ["read:orders", "create:orders"], by=by)


def _ensure_sign_in(application: Application, connection: Connection, *, by: Actor) -> None:
    if not application.connections.filter(pk=connection.pk).exists():
        enable_connection(application, connection, by=by)


def _ensure_page_addresses(application: Application, *, by: Actor) -> None:
    """What the page needs of its application, for each domain that shows it. What else is registered stays."""
    tenant = application.tenant
    issuers = [domain.issuer for domain in tenant.domains.order_by("pk") if has_page(tenant.name, domain.host)]
    pages, origins = [f"{issuer}demo/" for issuer in issuers], [issuer.rstrip("/") for issuer in issuers]
    wanted = {
        "redirect_uris": pages,
        "post_logout_redirect_uris": pages,
        "web_origins": origins,
        "allowed_origins": origins,
    }
    added = {field: lines for field, needed in wanted.items() if (lines := _with(getattr(application, field), needed))}
    if added:
        update_application(application, by=by, **added)


def _with(lines: str, needed: list[str]) -> str:
    """`lines` with those of `needed` that it lacks; "" when it lacks none."""
    held = lines.split()
    missing = [line for line in needed if line not in held]
    return "\n".join([*held, *missing]) if missing else ""


def _ensure_user(connection: Connection, *, rotate: bool, by: Actor) -> tuple[User, str | None]:
    password = secrets.token_urlsafe(12)
    user = User.objects.of(connection.tenant).filter(connection=connection, email=EMAIL).first()
    if user is None:
        return create_user(
            connection, email=EMAIL, password=password, name="Ada Example", email_verified=True, by=by
        ), password
    if rotate:
        set_password(user, password, by=by)
        return user, password
    return user, None
