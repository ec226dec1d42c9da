"""One row of every kind at a tenant, and how paths, queries and bodies of /api/v2 name it: for tests made from the router.

A new path, or a body that has to have something in it, fails those tests until it has an entry here.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.apps import apps
from django.core import serializers

from apis.models import ClientCredential, ClientGrant, Role
from apis.services import credentials, roles
from apis.services.applications import update_application
from authserver.models import Consent, Session, TokenFamily
from tenants.rest.router import Route, routes
from tenants.services import update_connection
from tests import factories
from tests.conftest import World
from tests.factories import BY
from tests.management_api.caller import Caller
from tests.people import People, make_people

# What calls leave behind by their nature: events of refusals, counters of tries, the last use of a secret.
UNREMARKABLE = {"tenants.logevent", "tenants.logcount", "tenants.attempts", "apis.clientsecret"}


@dataclass(slots=True)
class Rows:
    """Ada's tenant after she has signed in, with a marker in the names that lists show."""

    people: People
    role: Role
    tokens: dict[str, Any]
    caller: Caller

    @property
    def world(self) -> World:
        return self.people.world

    @property
    def marker(self) -> str:
        return f"{self.world.tenant.name}-marker"

    def ids(self) -> list[str]:
        """What names a row of this tenant and of no other."""
        templates = {prefix for route in routes_with_ids() for prefix in prefixes(route.path)}
        return [self.marker, *(IDS[template](self) for template in sorted(templates))]


def make_rows(world: World, sign_ins: int = 1) -> Rows:
    people = make_people(world)
    marker = f"{world.tenant.name}-marker"
    api = factories.make_api(world.tenant, f"https://{marker}.example/", name=marker)
    application, _ = factories.make_application(world.tenant, marker)
    factories.grant(application, api)
    role = roles.create_role(world.tenant, marker, by=BY)
    permissions = list(api.permissions.all())
    roles.add_role_permissions(role, permissions, by=BY)
    roles.add_role_users(role, [people.user], by=BY)
    roles.grant_permissions(people.user, permissions, by=BY)
    # A third party has to ask Ada, so that there is a consent.
    update_connection(people.connection, by=BY, is_domain_connection=True)
    update_application(people.web, by=BY, is_first_party=False)
    credentials.add_credential(people.web, pem=public_pem(1), by=BY)
    tokens, *_ = [people.tokens() for _ in range(sign_ins)]
    type(people.user).objects.filter(pk=people.user.pk).update(nickname=marker, email=f"{marker}@example.com")
    marks = {"friendly_name": marker, "picture_url": f"https://{marker}.example/logo.png"}
    type(world.tenant).objects.filter(pk=world.tenant.pk).update(**marks)
    caller = Caller(world)
    assert caller.post("blacklists/tokens", {"aud": api.identifier, "jti": marker}).status_code == 204
    return Rows(people, role, tokens, caller)


def routes_with_ids() -> list[Route]:
    return [route for route in routes() if route.parameters]


def prefixes(path: str) -> list[str]:
    """The beginnings of a route's path that end with a parameter, the names of parameters left out."""
    bare = re.sub(r"{\w+}", "{}", path)
    return [bare[: found.end()] for found in re.finditer("{}", bare)]


def address(route: Route, *whose: Rows) -> str:
    """The path of `route` below /api/v2, the first id of the first of `whose`, the second of the second …"""
    for prefix in prefixes(route.path):
        assert prefix in IDS, f"Say in IDS of {__name__} which row {prefix} is"
    values = [IDS[prefix](rows) for prefix, rows in zip(prefixes(route.path), whose, strict=True)]
    return re.sub(r"{\w+}", "{}", route.path).format(*values).lstrip("/")


def name(route: Route) -> str:
    """As BODIES and QUERIES name it: "PATCH /roles/{}"."""
    return f"{route.method.upper()} " + re.sub(r"{\w+}", "{}", route.path)


def body(route: Route, rows: Rows) -> Any:
    """A right body for `route` at the tenant of `rows`; None where it takes none."""
    shape = route.operation.body
    if shape is None:
        return None
    needed = route.operation.body_is_list or any(field.required for field in shape().fields.values())
    if route.method == "patch" and not route.operation.body_is_list:
        needed = False
    assert name(route) in BODIES or not needed, f"Say in BODIES of {__name__} what {name(route)} may send"
    return BODIES[name(route)](rows) if name(route) in BODIES else {}


def query(route: Route, rows: Rows) -> dict[str, str]:
    """The parameters that `route` must have."""
    known = route.operation.query().fields if route.operation.query else {}
    needed = [found for found, field in known.items() if field.required]
    for found in needed:
        assert found in FILTERS, f"Say in FILTERS of {__name__} what {found} may be"
    return {found: FILTERS[found](rows) for found in needed}


def snapshot() -> dict[str, str]:
    """Every row of the product's tables, to compare with."""
    return {
        model._meta.label_lower: serializers.serialize("json", model._base_manager.order_by("pk"))
        for floor in ("tenants", "apis", "authserver")
        for model in apps.get_app_config(floor).get_models()
        if model._meta.label_lower not in UNREMARKABLE
    }


@lru_cache(maxsize=2)
def public_pem(number: int) -> str:
    """A public RSA key, always the same for a `number`."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


# By the path up to and with the parameter: the id of a row.
IDS: dict[str, Callable[[Rows], str]] = {
    "/client-grants/{}": lambda rows: ClientGrant.objects.get(application=rows.world.application).id,
    "/clients/{}": lambda rows: rows.people.web.client_id,
    "/clients/{}/credentials/{}": lambda rows: ClientCredential.objects.get(application=rows.people.web).id,
    "/connections/{}": lambda rows: rows.people.connection.id,
    "/device-credentials/{}": lambda rows: TokenFamily.objects.of(rows.world.tenant).earliest("created_at").id,
    "/grants/{}": lambda rows: Consent.objects.of(rows.world.tenant).get().id,
    "/keys/signing/{}": lambda rows: rows.world.tenant.signing_keys.filter(state="current", alg="RS256").get().kid,
    "/logs/{}": lambda rows: rows.caller.get("logs").json()[0]["log_id"],
    "/refresh-tokens/{}": lambda rows: TokenFamily.objects.of(rows.world.tenant).earliest("created_at").id,
    "/resource-servers/{}": lambda rows: rows.world.api.id,
    "/roles/{}": lambda rows: rows.role.id,
    "/sessions/{}": lambda rows: Session.objects.of(rows.world.tenant).earliest("created_at").id,
    "/users/{}": lambda rows: rows.people.user.user_id,
}

# What a filter may ask for, so that it would find something.
FILTERS: dict[str, Callable[[Rows], str]] = {
    "aud": lambda rows: f"https://{rows.marker}.example/",
    "audience": lambda rows: f"https://{rows.marker}.example/",
    "client_id": lambda rows: rows.people.web.client_id,
    "connection": lambda rows: rows.people.connection.name,
    "email": lambda rows: f"{rows.marker}@example.com",
    "identifiers": lambda rows: f"https://{rows.marker}.example/",
    "name": lambda rows: rows.people.connection.name,
    "name_filter": lambda rows: rows.marker,
    "q": lambda rows: f"*{rows.marker}*",
    "search": lambda rows: rows.marker,
    "user_id": lambda rows: rows.people.user.user_id,
}


def _permissions(rows: Rows) -> dict[str, Any]:
    audience = f"https://{rows.marker}.example/"
    return {"permissions": [{"resource_server_identifier": audience, "permission_name": "read:orders"}]}


# What is sent where something has to be sent, right at this tenant.
BODIES: dict[str, Callable[[Rows], Any]] = {
    "DELETE /roles/{}/permissions": _permissions,
    "DELETE /users/{}/permissions": _permissions,
    "DELETE /users/{}/roles": lambda rows: {"roles": [rows.role.id]},
    "PATCH /connections/{}/clients": lambda rows: [{"client_id": rows.people.web.client_id, "status": True}],
    "POST /blacklists/tokens": lambda rows: {"aud": f"https://{rows.marker}.example/", "jti": rows.marker},
    "POST /client-grants": lambda rows: {
        "client_id": rows.people.web.client_id,
        "audience": f"https://{rows.marker}.example/",
        "scope": [],
    },
    "POST /clients": lambda rows: {"name": "New"},
    "PATCH /clients/{}/credentials/{}": lambda rows: {"expires_at": "2099-01-01T00:00:00.000Z"},
    "POST /clients/{}/credentials": lambda rows: {"credential_type": "public_key", "pem": public_pem(2)},
    "POST /connections": lambda rows: {"name": "New", "strategy": "auth0"},
    "POST /resource-servers": lambda rows: {"identifier": "urn:new"},
    "POST /roles": lambda rows: {"name": "New"},
    "POST /roles/{}/permissions": _permissions,
    "POST /roles/{}/users": lambda rows: {"users": [rows.people.user.user_id]},
    "POST /users": lambda rows: {
        "connection": rows.people.connection.name,
        "email": "new@example.com",
        "password": "canary-a-new-password-0123456789-abcdefghijklmn",
    },
    "POST /users/{}/permissions": _permissions,
    "POST /users/{}/roles": lambda rows: {"roles": [rows.role.id]},
}
