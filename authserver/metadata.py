"""What the server says of itself (OIDC Discovery 1.0 §3, RFC 8414 §2): only what is true, from the code that does it."""

from typing import Any

from authserver import claims, response_modes
from authserver.grants import GRANTS
from authserver.scopes import OIDC_SCOPES
from tenants.config_cache import CurrentTenant
from tenants.keys import algorithms, assertions

_PROVING_METHODS = ["client_secret_basic", "client_secret_post", "private_key_jwt"]
# Stated in every ID token, besides those about the person.
_TOKEN_CLAIMS = ("iss", "aud", "exp", "iat", "auth_time", "acr", "amr", "sid", "nonce", "at_hash", "c_hash", "s_hash")


def document(tenant: CurrentTenant) -> dict[str, Any]:
    """The metadata of the issuer that the request came to."""
    issuer = tenant.issuer
    supported: dict[str, Any] = {
        "issuer": issuer,
        "scopes_supported": list(OIDC_SCOPES),
        "response_types_supported": list(response_modes.RESPONSE_TYPES),
        "response_modes_supported": list(response_modes.RESPONSE_MODES),
        "grant_types_supported": [*GRANTS, "implicit"],
        "code_challenge_methods_supported": ["S256"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "HS256", "PS256", *_switched_on(tenant)],
        "acr_values_supported": [claims.ACR],
        "claims_supported": [*claims.SUPPORTED, *_TOKEN_CLAIMS],
        "claims_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "authorization_response_iss_parameter_supported": True,
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "display_values_supported": ["page", "popup", "touch", "wap"],
        "ui_locales_supported": list(tenant.settings.languages),
    }
    return _endpoints(issuer) | _registration(tenant) | _client_authentication() | supported


def _client_authentication() -> dict[str, Any]:
    """A public client may ask for tokens and give them back; whoever introspects proves who it is."""
    methods = {"token": [*_PROVING_METHODS, "none"], "revocation": [*_PROVING_METHODS, "none"]}
    methods["introspection"] = _PROVING_METHODS
    algs = list(assertions.ALGORITHMS)
    return {f"{name}_endpoint_auth_methods_supported": found for name, found in methods.items()} | {
        f"{name}_endpoint_auth_signing_alg_values_supported": algs for name in methods
    }


def _endpoints(issuer: str) -> dict[str, Any]:
    return {
        "authorization_endpoint": f"{issuer}authorize",
        "token_endpoint": f"{issuer}oauth/token",
        "userinfo_endpoint": f"{issuer}userinfo",
        "revocation_endpoint": f"{issuer}oauth/revoke",
        "introspection_endpoint": f"{issuer}oauth/introspect",
        "end_session_endpoint": f"{issuer}oidc/logout",
        "jwks_uri": f"{issuer}.well-known/jwks.json",
    }


def _registration(tenant: CurrentTenant) -> dict[str, Any]:
    """Named while it is open (RFC 7591 §3)."""
    is_open = tenant.flags["enable_dynamic_client_registration"]
    return {"registration_endpoint": f"{tenant.issuer}oidc/register"} if is_open else {}


def _switched_on(tenant: CurrentTenant) -> list[str]:
    """Algorithms whose keys this tenant publishes because it said so."""
    return [alg for alg, flag in algorithms.FLAG_FOR.items() if tenant.flags[flag]]
