"""The password grant (RFC 6749 §4.3) and Auth0's password-realm: an application brings a person's password.

Only for first-party applications that were given the grant by name: RFC 9700 §2.4 advises against it.
"""

from django.utils import timezone

from apis import registry
from apis.registry import APIValue, ConnectionValue
from authserver import directory, errors, families, policy, refresh_tokens
from authserver.authorization import Authorization, Person
from authserver.client_auth import AuthenticatedClient
from authserver.params import TokenRequest
from authserver.scopes import OFFLINE_ACCESS, split
from tenants.config_cache import CurrentTenant

PASSWORD = "password"
PASSWORD_REALM = "http://auth0.com/oauth/grant-type/password-realm"
AMR = ("pwd",)


def authorize(tenant: CurrentTenant, client: AuthenticatedClient, asked: TokenRequest) -> Authorization:
    """Raises MissingParameter, ConsentCannotBeAsked, what the audience, the connection and the password can raise."""
    application = client.application
    if not application.is_first_party:
        raise errors.ConsentCannotBeAsked()
    api = policy.api_for_user(tenant, application, asked.get("audience"), asked.resources)
    connection = _connection(tenant, client, asked)
    user = directory.authenticate(
        tenant, connection, asked.require("username"), asked.require("password"), ip=_address(client, asked)
    )
    decision = policy.for_user(tenant, application, api, _scopes(client, api, asked), user.pk)
    family = families.prepare(
        tenant,
        application,
        api,
        user,
        decision.scopes,
        auth_time=timezone.now(),
        amr=list(AMR),
        grant_name=asked.grant_type,
    )

    def begin() -> bool:
        if not directory.note_login(user, asked.ip):
            return False
        family.save(force_insert=True)
        return True

    offline = OFFLINE_ACCESS in decision.scopes
    return Authorization(
        tenant=tenant,
        client=application,
        api=api,
        scopes=decision.scopes,
        subject=user.user_id,
        grant_name=asked.grant_type,
        permissions=decision.permissions or (),
        not_granted=decision.not_granted,
        secret_id=client.secret_id,
        person=Person(user, family.auth_time, AMR),
        family_id=family.id,
        claim=begin,
        refresh=(lambda: refresh_tokens.first(family, application.refresh_tokens)) if offline else None,
    )


def _connection(tenant: CurrentTenant, client: AuthenticatedClient, asked: TokenRequest) -> ConnectionValue:
    """The realm of the request, or the tenant's default directory; it must be switched on for the application."""
    if asked.grant_type == PASSWORD_REALM:
        name = asked.require("realm")
        if all(connection.name != name for connection in registry.every_connection(tenant)):
            raise errors.UnknownRealm(realm=name[:128])
    elif not (name := tenant.settings.default_directory):
        raise errors.NoDefaultDirectory()
    found = [connection for connection in registry.connections(tenant, client.application) if connection.name == name]
    if not found:
        raise errors.ConnectionNotEnabled(connection=name[:128], client_id=client.application.client_id)
    return found[0]


def _address(client: AuthenticatedClient, asked: TokenRequest) -> str:
    """Whose attempts are counted: the person's, if a trusted application tells, else the application's (`wire.md` §1.3)."""
    trusted = client.application.trusts_ip_header and not client.application.is_public
    return (asked.forwarded_for if trusted else "") or asked.ip


def _scopes(client: AuthenticatedClient, api: APIValue | None, asked: TokenRequest) -> tuple[str, ...]:
    """Without a scope, all that the API has (`wire.md` §1.8)."""
    if asked.get("scope") or api is None:
        return split(asked.get("scope"))
    return tuple(api.permissions)
