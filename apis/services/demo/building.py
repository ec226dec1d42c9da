"""Makes what is missing of the demo. What is there stays as it is, whatever an operator changed of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from apis.models import API, Application, ClientGrant
from apis.services.apis import create_api, update_api
from apis.services.applications import NewSecret, create_application, end_secret, ensure_secret, update_application
from apis.services.client_grants import create_client_grant
from apis.services.connections import enable_connection
from apis.services.demo import content
from apis.services.demo.people import ensure_people, ensure_roles
from apis.services.demo.place import has_page
from tenants.changes import Actor
from tenants.models import Connection, Tenant, User
from tenants.services import create_connection, update_connection, update_tenant

# Nobody signs in to these.
_WITHOUT_PEOPLE = frozenset({"m2m"})


@dataclass(slots=True)
class Demo:
    """The demo as it stands, with the secrets that were made just now (None: made earlier, not readable again)."""

    applications: dict[str, Application] = field(default_factory=dict)
    secrets: dict[str, NewSecret | None] = field(default_factory=dict)
    user: User | None = None
    password: str | None = field(default=None, repr=False)


@transaction.atomic
def ensure_demo(tenant: Tenant, *, rotate: bool, by: Actor) -> Demo:
    """Adds what is missing; with `rotate`, fresh secrets and a fresh password for what is there."""
    demo = Demo()
    apis = {wanted.identifier: _ensure_api(tenant, wanted, by=by) for wanted in content.APIS}
    connection = _ensure_connection(tenant, by=by)
    for key in content.APPLICATIONS:
        application = _ensure_application(tenant, key, connection, by=by)
        demo.applications[key], demo.secrets[key] = application, _ensure_secret(application, key, rotate=rotate, by=by)
    for grant in content.GRANTS:
        _ensure_client_grant(demo.applications[grant.application], apis[grant.api], grant, by=by)
    _ensure_page_addresses(demo.applications["spa"], by=by)
    people, demo.password = ensure_people(connection, rotate=rotate, by=by)
    demo.user = people[content.EMAIL]
    ensure_roles(tenant, people, apis, by=by)
    return demo


def _ensure_api(tenant: Tenant, wanted: content.DemoAPI, *, by: Actor) -> API:
    api = API.objects.of(tenant).filter(identifier=wanted.identifier).first()
    if api is None:
        return create_api(
            tenant, wanted.identifier, name=wanted.name, permissions=wanted.permissions, by=by, **wanted.settings
        )
    # The sign-ins of the README ask for refresh tokens.
    needs_offline = wanted.settings.get("allow_offline_access", False) and not api.allow_offline_access
    return update_api(api, by=by, allow_offline_access=True) if needs_offline else api


def _ensure_connection(tenant: Tenant, *, by: Actor) -> Connection:
    connection = Connection.objects.of(tenant).filter(name=content.CONNECTION).first()
    if connection is None:
        connection = create_connection(tenant, content.CONNECTION, is_domain_connection=True, by=by)
        update_tenant(tenant, by=by, default_directory=content.CONNECTION)
    elif not connection.is_domain_connection:
        # Else nobody could sign in to the application of the other company.
        update_connection(connection, by=by, is_domain_connection=True)
    return connection


def _ensure_application(tenant: Tenant, key: str, connection: Connection, *, by: Actor) -> Application:
    settings = content.APPLICATIONS[key]
    application = Application.objects.of(tenant).filter(name=settings["name"]).first()
    if application is None:
        application = create_application(tenant, by=by, **settings)
    if key not in _WITHOUT_PEOPLE and not application.connections.filter(pk=connection.pk).exists():
        enable_connection(application, connection, by=by)
    return application


def _ensure_secret(application: Application, key: str, *, rotate: bool, by: Actor) -> NewSecret | None:
    secret = ensure_secret(application, rotate=rotate, by=by)
    if secret and (lasts := content.SECRET_LASTS.get(key)):
        end_secret(secret.row, at=timezone.now() + lasts, by=by)
    return secret


def _ensure_client_grant(application: Application, api: API, wanted: content.DemoGrant, *, by: Actor) -> None:
    held = ClientGrant.objects.filter(application=application, api=api, subject_type=wanted.subject_type)
    if not held.exists():
        create_client_grant(application, api, wanted.scopes, subject_type=wanted.subject_type, by=by)


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


def _with(lines: str, needed: Iterable[str]) -> str:
    """`lines` with those of `needed` that it lacks; "" when it lacks none."""
    held = lines.split()
    missing = [line for line in needed if line not in held]
    return "\n".join([*held, *missing]) if missing else ""
