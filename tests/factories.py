"""Rows for tests, made by the product's own services wherever those have a say."""

from typing import Any

import factory
from django.contrib.auth import get_user_model

from apis.models import API, Application, AppType
from apis.services import apis, applications, client_grants
from tenants.changes import Actor
from tenants.models import Membership, Tenant
from tenants.services import add_domain, create_tenant

BY = Actor("test", "a test")
SCOPES = ("read:orders", "create:orders")


def make_tenant(name: str = "acme", domain: str = "", **settings: Any) -> Tenant:
    """A tenant that answers at `domain` (default https://NAME.example.com/)."""
    tenant = create_tenant(name, by=BY, **settings)
    add_domain(tenant, domain or f"{name}.example.com", by=BY)
    return tenant


def make_api(tenant: Tenant, identifier: str = "https://orders.example.com", **settings: Any) -> API:
    """An API with the permissions of `SCOPES`, unless told otherwise."""
    settings.setdefault("permissions", [apis.Scope(value, f"May {value}") for value in SCOPES])
    return apis.create_api(tenant, identifier, by=BY, **settings)


def make_application(tenant: Tenant, name: str = "Warehouse", **settings: Any) -> tuple[Application, str]:
    """A machine-to-machine application and its secret ("" for a public client)."""
    settings.setdefault("app_type", AppType.NON_INTERACTIVE)
    application = applications.create_application(tenant, name, by=BY, **settings)
    return application, "" if application.is_public else applications.add_secret(application, by=BY).value


def grant(application: Application, api: API, scopes: tuple[str, ...] = SCOPES) -> Any:
    return client_grants.create_client_grant(application, api, scopes, by=BY)


class OperatorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = get_user_model()

    username = factory.Sequence(lambda n: f"operator{n}")
    is_staff = True


def make_operator(*tenants: Tenant, role: str = Membership.Role.ADMIN, **fields: Any) -> Any:
    """Console staff with a membership in each of `tenants`; `is_superuser=True` for one who sees all."""
    operator = OperatorFactory(**fields)
    for tenant in tenants:
        Membership.objects.create(operator=operator, tenant=tenant, role=role)
    return operator
