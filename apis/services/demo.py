"""What `create_tenant --demo` adds, so that a newcomer has something to call: an API, three applications, a user."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from apis.models import API, Application, AppType
from apis.services.apis import Scope, create_api
from apis.services.applications import NewSecret, create_application, ensure_secret
from apis.services.client_grants import create_client_grant
from tenants.changes import Actor
from tenants.models import Connection, Tenant, User
from tenants.services import create_connection, create_user, set_password, update_tenant

API_IDENTIFIER = "https://orders.example.com"
CONNECTION = "Username-Password-Authentication"
EMAIL = "ada@example.com"
_PERMISSIONS = (
    Scope("read:orders", "Read your orders"),
    Scope("create:orders", "Place orders for you"),
    Scope("delete:orders", "Cancel your orders"),
)
_APPLICATIONS = {"m2m": "Warehouse", "web": "Shop", "spa": "Order tracker"}
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
}


@dataclass(slots=True)
class Demo:
    """The demo as it stands, with the secrets that were made just now (None: made earlier, not readable again)."""

    api: API
    applications: dict[str, Application] = field(default_factory=dict)
    secrets: dict[str, NewSecret | None] = field(default_factory=dict)
    user: User | None = None
    password: str | None = None


@transaction.atomic
def ensure_demo(tenant: Tenant, *, rotate: bool, by: Actor) -> Demo:
    """Adds what is missing; with `rotate`, fresh secrets and a fresh password for what is there."""
    api = API.objects.of(tenant).filter(identifier=API_IDENTIFIER).first()
    if api is None:
        api = create_api(tenant, API_IDENTIFIER, name="Orders", permissions=_PERMISSIONS, allow_offline_access=True, by=by)
    demo = Demo(api)
    for key, name in _APPLICATIONS.items():
        demo.applications[key], demo.secrets[key] = _ensure_application(tenant, key, name, api, rotate=rotate, by=by)
    demo.user, demo.password = _ensure_user(tenant, rotate=rotate, by=by)
    return demo


def _ensure_application(
    tenant: Tenant, key: str, name: str, api: API, *, rotate: bool, by: Actor
) -> tuple[Application, NewSecret | None]:
    application = Application.objects.of(tenant).filter(name=name).first()
    if application is None:
        application = create_application(tenant, name, by=by, **_SETTINGS[key])
    if key == "m2m" and not application.client_grants.filter(api=api).exists():
        create_client_grant(application, api, ["read:orders", "create:orders"], by=by)
    return application, ensure_secret(application, rotate=rotate, by=by)


def _ensure_user(tenant: Tenant, *, rotate: bool, by: Actor) -> tuple[User, str | None]:
    connection = Connection.objects.of(tenant).filter(name=CONNECTION).first()
    if connection is None:
        connection = create_connection(tenant, CONNECTION, by=by)
        update_tenant(tenant, by=by, default_directory=CONNECTION)
    password = secrets.token_urlsafe(12)
    user = User.objects.of(tenant).filter(connection=connection, email=EMAIL).first()
    if user is None:
        return create_user(
            connection, email=EMAIL, password=password, name="Ada Example", email_verified=True, by=by
        ), password
    if rotate:
        set_password(user, password, by=by)
        return user, password
    return user, None
