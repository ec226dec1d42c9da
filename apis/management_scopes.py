"""The permissions of the Management API: what its operations ask for (`wire.md` §2.5). Auth0's names, our sentences."""

from apis.services.apis import Scope

_READ, _CREATE, _UPDATE, _DELETE = "read", "create", "update", "delete"
_ALL = (_READ, _CREATE, _UPDATE, _DELETE)

# resource → (what it is called in a sentence, actions)
_RESOURCES: dict[str, tuple[str, tuple[str, ...]]] = {
    "resource_servers": ("APIs", _ALL),
    "clients": ("applications", _ALL),
    "client_keys": ("application secrets", _ALL),
    "client_credentials": ("application credentials", _ALL),
    "client_summary": ("names of applications", (_READ,)),
    "client_grants": ("client grants", _ALL),
    "grants": ("consents of users", (_READ, _DELETE)),
    "tenant_settings": ("tenant settings", (_READ, _UPDATE)),
    "branding": ("branding", (_READ, _UPDATE)),
    "users": ("users", _ALL),
    "users_app_metadata": ("application metadata of users", _ALL),
    "user_idp_tokens": ("identity provider tokens of users", (_READ,)),
    "user_tickets": ("tickets for users", (_CREATE,)),
    "roles": ("roles", _ALL),
    "role_members": ("members of roles", (_READ, _CREATE, _DELETE)),
    "connections": ("connections", _ALL),
    "device_credentials": ("device credentials", _ALL),
    "refresh_tokens": ("refresh tokens", (_READ, _UPDATE, _DELETE)),
    "sessions": ("sessions", (_READ, _UPDATE, _DELETE)),
    "signing_keys": ("signing keys", (_READ, _CREATE, _UPDATE)),
    "logs": ("log events", (_READ,)),
    "logs_users": ("log events of users", (_READ,)),
    "stats": ("statistics", (_READ,)),
    "organization_client_grants": ("client grants of organizations", (_READ,)),
    "custom_domains": ("domains", (_READ,)),
}

MANAGEMENT_SCOPES: tuple[Scope, ...] = (
    *(
        Scope(f"{action}:{resource}", f"{action.capitalize()} {noun}")
        for resource, (noun, actions) in _RESOURCES.items()
        for action in actions
    ),
    Scope("blacklist:tokens", "Revoke access tokens"),
)
