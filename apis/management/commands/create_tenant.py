"""manage.py create_tenant NAME --domain HOST [--demo] [--rotate] [--json]: safe to repeat."""

import argparse
import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError, transaction

from apis.models import API, Application
from apis.services.applications import NewSecret, ensure_secret
from apis.services.demo import API_IDENTIFIER, Demo, ensure_demo
from apis.services.provisioning import provision
from tenants.changes import COMMAND_LINE
from tenants.models import Domain, Tenant
from tenants.services import add_domain, create_tenant


class Command(BaseCommand):
    help = "Creates a tenant that answers at a domain, with the Management API and an application that may use it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="small letters, digits and hyphens")
        parser.add_argument("--domain", required=True, help="auth.example.com, localhost:8000 or https://localhost:8443")
        parser.add_argument("--demo", action=argparse.BooleanOptionalAction, default=False, help="add something to try")
        parser.add_argument("--rotate", action="store_true", help="fresh secrets, also for what exists")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *, name: str, domain: str, demo: bool, rotate: bool, json: bool, **_: Any) -> None:
        try:
            try:
                answer = _ensure(name, domain, with_demo=demo, rotate=rotate)
            except IntegrityError:
                # Another machine made the same tenant in this very moment; now it is there to be found.
                answer = _ensure(name, domain, with_demo=demo, rotate=rotate)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(_as_json(answer) if json else _as_text(answer))


def _as_json(answer: dict[str, Any]) -> str:
    return json.dumps(answer)


def _as_text(answer: dict[str, Any]) -> str:
    lines = [f"Tenant {answer['tenant']} answers at {answer['issuer']}"]
    credentials = {"management": answer["management"], **answer["applications"]}
    for label, application in credentials.items():
        secret = application.get("client_secret", "(public client)") or "(made earlier; --rotate makes a fresh one)"
        lines.append(f"  {label}: client_id {application['client_id']}  client_secret {secret}")
    lines += [f"  user: {user['email']}  password {user['password'] or '(made earlier)'}" for user in answer["users"]]
    return "\n".join(lines)


@transaction.atomic
def _ensure(name: str, host: str, *, with_demo: bool, rotate: bool) -> dict[str, Any]:
    tenant = Tenant.objects.filter(name=name).first()
    if tenant is None:
        tenant = create_tenant(name, by=COMMAND_LINE, friendly_name=name.replace("-", " ").title())
    domain = add_domain(tenant, host, by=COMMAND_LINE)
    application = provision(tenant, by=COMMAND_LINE)
    secret = ensure_secret(application, rotate=rotate, by=COMMAND_LINE)
    demo = ensure_demo(tenant, rotate=rotate, by=COMMAND_LINE) if with_demo else None
    return _answer(tenant, domain, application, secret, demo)


def _answer(
    tenant: Tenant, domain: Domain, management: Application, secret: NewSecret | None, demo: Demo | None
) -> dict[str, Any]:
    """The object that scripts rely on: its members may be added to, never renamed."""
    return {
        "tenant": tenant.name,
        "domain": domain.host,
        "issuer": domain.issuer,
        "management": _credentials(management, secret) | {"audience": f"{domain.issuer}api/v2/"},
        "apis": [_api(api) for api in _apis(tenant)],
        "applications": {key: _credentials(app, demo.secrets[key]) for key, app in demo.applications.items()}
        if demo
        else {},
        "users": [{"email": demo.user.email, "password": demo.password, "connection": demo.user.connection.name}]
        if demo and demo.user
        else [],
    }


def _credentials(application: Application, secret: NewSecret | None) -> dict[str, Any]:
    shown = {"client_id": application.client_id}
    return shown if application.is_public else shown | {"client_secret": secret.value if secret else None}


def _apis(tenant: Tenant) -> list[API]:
    """The tenant's own, that of the demo first: scripts take the first one."""
    found = API.objects.of(tenant).filter(is_system=False).order_by("created_at", "id")
    return sorted(found, key=lambda api: api.identifier != API_IDENTIFIER)


def _api(api: API) -> dict[str, Any]:
    return {
        "name": api.name,
        "identifier": api.identifier,
        "signing_alg": api.signing_alg,
        "permissions": list(api.permissions.values_list("value", flat=True)),
    }
