"""Operators of two tenants, each with the console in front of them."""

from typing import Any

import pytest
from django.contrib.admin import site
from django.contrib.admin.utils import quote
from django.db.models import Model
from django.urls import reverse

from apis.models import API
from apis.services import roles
from tenants.keys import rotation
from tenants.models import Connection, Membership
from tenants.services import create_connection, create_user
from tests import factories
from tests.client_keys import add_key
from tests.conftest import World
from tests.console.browser import Console
from tests.console.sign_ins import leave_behind


@pytest.fixture
def plain_http(settings: Any) -> None:
    """Cookies as `make run` has them: the live server of the tests has no TLS."""
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "session", "csrf"


@pytest.fixture
def ada(acme: World) -> Console:
    """An admin of acme."""
    return Console(factories.make_operator(acme.tenant, username="ada"))


@pytest.fixture
def vera(acme: World) -> Console:
    """A viewer of acme."""
    return Console(factories.make_operator(acme.tenant, username="vera", role=Membership.Role.VIEWER))


@pytest.fixture
def grace(globex: World) -> Console:
    """An admin of globex, the second tenant."""
    return Console(factories.make_operator(globex.tenant, username="grace"))


@pytest.fixture
def root(db: None) -> Console:
    """A superuser."""
    return Console(factories.make_operator(username="root", is_superuser=True))


@pytest.fixture
def furnished_acme(acme: World) -> World:
    """acme with a row of every kind that the console shows."""
    return furnish(acme)


def furnish(world: World) -> World:
    connection = create_connection(world.tenant, "people", by=factories.BY)
    user = create_user(connection, email="ada@example.com", password="a long password", by=factories.BY)
    role = roles.create_role(world.tenant, "Clerk", by=factories.BY)
    roles.set_role_permissions(role, world.api.permissions.all(), by=factories.BY)
    roles.add_role_users(role, [user], by=factories.BY)
    roles.grant_permissions(user, world.api.permissions.all()[:1], by=factories.BY)
    leave_behind(user, world.application, world.api)
    add_key(world.application)
    rotation.rotate(world.tenant, by=factories.BY)
    factories.make_api(world.tenant, "urn:hs", signing_alg="HS256")
    return world


def address(model: type[Model] | Model, page: str, *args: Any, **query: Any) -> str:
    """The address of a page on `model`: changelist, add, or with an id change, delete, history and what else there is."""
    opts = model._meta
    quoted = [quote(arg) for arg in args]
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=quoted, query=query or None)


def all_pages() -> list[tuple[type[Model], Any, Any]]:
    """(model, its admin, URL pattern) of every address of every registered page."""
    return [(model, page, url) for model, page in site._registry.items() for url in page.get_urls()]


def rows_of(world: World, model: type[Model]) -> Any:
    """The rows of `model` that belong to the tenant of `world`."""
    opts = model._meta
    if opts.model_name == "tenant":
        return model.objects.filter(pk=world.tenant.pk)
    if opts.model_name == "operator":
        return model.objects.filter(memberships__tenant=world.tenant)
    return model.objects.filter(tenant=world.tenant)


def fill(url: Any, world: World, model: type[Model]) -> str:
    """The address of pattern `url` with ids of rows of `world`. A parameter that is not known here fails the test."""
    known = {
        "object_id": lambda: rows_of(world, model).order_by("pk").first().pk,
        "id": lambda: rows_of(world, model).order_by("pk").first().pk,
        "secret_id": lambda: world.application.secrets.get().pk,
        "credential_id": lambda: world.application.credentials.get().pk,
        "permission_id": lambda: world.api.permissions.order_by("pk")[0].pk,
        "domain_id": lambda: world.tenant.domains.order_by("pk")[0].pk,
        "membership_id": lambda: world.tenant.memberships.order_by("pk")[0].pk,
        "connection_id": lambda: Connection.objects.of(world.tenant).order_by("pk").first().pk,
    }
    parameters = {name: quote(known[name]()) for name in url.pattern.converters}
    if {"secret_id", "credential_id"} & set(parameters):
        parameters["object_id"] = world.application.pk
    elif "permission_id" in parameters:
        parameters["object_id"] = world.api.pk
    elif url.name == "apis_api_signing_secret":
        parameters["object_id"] = API.objects.get(tenant=world.tenant, signing_alg="HS256").pk
    return reverse(f"admin:{url.name}", kwargs=parameters)
