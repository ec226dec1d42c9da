"""What the tenant staging holds besides the demo: of each kind some, and more than defaults."""

from typing import Any

from tests.management_api.keys import PUBLIC_PEM

INVOICES, STOCK, CRM = "https://invoices.example.com/", "urn:stock", "crm-api"
CREDENTIAL = "Key of 2026"

RESOURCE_SERVERS: list[dict[str, Any]] = [
    {
        "identifier": INVOICES,
        "name": "Invoices & Söhne",
        "scopes": [{"value": "read:invoices", "description": "See invoices"}, {"value": "pay"}, {"value": "a:b/c.d"}],
        "token_lifetime": 600,
        "token_lifetime_for_web": 300,
        "token_dialect": "rfc9068_profile_authz",
        "enforce_policies": True,
        "allow_offline_access": True,
        "skip_consent_for_verifiable_first_party_clients": True,
        "subject_type_authorization": {
            "user": {"policy": "require_client_grant"},
            "client": {"policy": "require_client_grant"},
        },
    },
    {"identifier": STOCK, "name": "Stock", "signing_alg": "HS256", "scopes": [{"value": "read:stock"}]},
    {"identifier": CRM, "name": "CRM", "signing_alg": "PS256"},
]

WEB = {"callbacks": ["https://shop.example/callback"], "allowed_logout_urls": ["https://shop.example/goodbye"]}
CLIENTS: list[dict[str, Any]] = [
    {"name": "Nothing said"},
    {
        "name": "Shop window",
        "app_type": "regular_web",
        "description": "Sells",
        "logo_uri": "https://shop.example/logo.png",
        "initiate_login_uri": "https://shop.example/login",
        "token_endpoint_auth_method": "client_secret_basic",
        "grant_types": ["authorization_code", "implicit", "refresh_token"],
        "is_token_endpoint_ip_header_trusted": True,
        "oidc_conformant": True,
        "jwt_configuration": {"alg": "HS256", "lifetime_in_seconds": 600},
        "client_metadata": {"team": "sales", "tier": "1"},
        **WEB,
    },
    {
        "name": "Shop in the browser",
        "app_type": "spa",
        "web_origins": ["https://shop.example"],
        "allowed_origins": ["https://shop.example", "http://localhost:3000"],
        "refresh_token": {
            "rotation_type": "rotating",
            "expiration_type": "expiring",
            "leeway": 30,
            "token_lifetime": 86_400,
            "idle_token_lifetime": 3_600,
        },
        **WEB,
    },
    {
        "name": "Shop in the pocket",
        "app_type": "native",
        "callbacks": ["shop.example://callback", "http://127.0.0.1/callback"],
        "mobile": {"ios": {"team_id": "TEAM", "app_bundle_identifier": "example.shop"}},
    },
    {"name": "Invoice printer", "app_type": "non_interactive"},
    {"name": "Invoices' backend", "app_type": "resource_server", "resource_server_identifier": INVOICES},
    {"name": "Somebody else's", "app_type": "regular_web", "is_first_party": False, **WEB},
    {
        "name": "Robot with a key",
        "app_type": "non_interactive",
        "client_authentication_methods": {
            "private_key_jwt": {
                "credentials": [{"credential_type": "public_key", "name": CREDENTIAL, "pem": PUBLIC_PEM}],
            }
        },
    },
]

# A client's name stands for its client_id.
CLIENT_GRANTS: list[dict[str, Any]] = [
    {"client_id": "Invoice printer", "audience": INVOICES, "scope": ["pay", "read:invoices"]},
    {"client_id": "Shop window", "audience": INVOICES, "scope": ["read:invoices"], "subject_type": "user"},
    {"client_id": "Shop window", "audience": INVOICES, "scope": [], "subject_type": "client"},
    {"client_id": "Robot with a key", "audience": STOCK, "allow_all_scopes": True},
    {"default_for": "third_party_clients", "audience": INVOICES, "scope": ["read:invoices"], "subject_type": "user"},
]

CONNECTION: dict[str, Any] = {
    "name": "Staff",
    "strategy": "auth0",
    "display_name": "People who work here",
    "is_domain_connection": True,
    "show_as_button": True,
    "metadata": {"floor": "2"},
    "options": {
        "disable_signup": True,
        "brute_force_protection": False,
        "passwordPolicy": "none",
        "password_history": {"enable": False, "size": 5},
        "mfa": {"active": False, "return_enroll_settings": False},
    },
}
ENABLED = ["Shop window", "Shop in the browser", "Shop in the pocket"]

ROLES: dict[str, dict[str, Any]] = {
    "Clerk": {"description": "Reads", "permissions": [("read:invoices", INVOICES), ("read:stock", STOCK)]},
    "Guest": {"description": "", "permissions": []},
}

BRANDING = {"colors": {"primary": "#00529b", "page_background": "#f4f7fa"}, "favicon_url": "https://shop.example/icon.png"}
SETTINGS: dict[str, Any] = {
    "friendly_name": "Staging & Söhne",
    "picture_url": "https://shop.example/logo.png",
    "support_email": "help@shop.example",
    "support_url": "https://shop.example/help",
    "default_audience": INVOICES,
    "default_directory": "Staff",
    "allowed_logout_urls": ["https://shop.example/all"],
    "session_lifetime": 100,
    "idle_session_lifetime": 10,
    "session_cookie": {"mode": "non-persistent"},
    "sessions": {"oidc_logout_prompt_enabled": False},
    "enabled_locales": ["en", "de"],
    "universal_login": {"colors": {"primary": "#635dff"}},
    "flags": {"enable_dynamic_client_registration": True, "use_scope_descriptions_for_consent": False},
}
