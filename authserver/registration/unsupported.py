"""Members that would promise what this server does not do: refused, while unknown ones are ignored (RFC 7591 §2).

An application that believes its answers are encrypted, or its keys looked at, must not find out later.
"""

import binascii
from base64 import urlsafe_b64decode
from typing import Any

import orjson

from authserver import errors

_KEYS = "an application that registers itself authenticates with a secret, or is public"
_SUBJECTS = "subject identifiers are public here"
_REQUEST_OBJECTS = "request objects are not supported"
_ENCRYPTION = "ID tokens are signed, not encrypted"
_USERINFO = "userinfo answers with JSON, neither signed nor encrypted"
_RESPONSES = "authorization responses are not JWTs here"
_LOGOUT = "other applications are not told of a logout"
_BOUND = "access tokens are bearer tokens here"
_UNSUPPORTED = {
    "jwks": _KEYS,
    "jwks_uri": _KEYS,
    "token_endpoint_auth_signing_alg": _KEYS,
    "sector_identifier_uri": _SUBJECTS,
    "request_uris": _REQUEST_OBJECTS,
    "request_object_signing_alg": _REQUEST_OBJECTS,
    "request_object_encryption_alg": _REQUEST_OBJECTS,
    "request_object_encryption_enc": _REQUEST_OBJECTS,
    "require_signed_request_object": _REQUEST_OBJECTS,
    "require_pushed_authorization_requests": "pushed authorization requests are not supported",
    "id_token_encrypted_response_alg": _ENCRYPTION,
    "id_token_encrypted_response_enc": _ENCRYPTION,
    "userinfo_signed_response_alg": _USERINFO,
    "userinfo_encrypted_response_alg": _USERINFO,
    "userinfo_encrypted_response_enc": _USERINFO,
    "authorization_signed_response_alg": _RESPONSES,
    "authorization_encrypted_response_alg": _RESPONSES,
    "authorization_encrypted_response_enc": _RESPONSES,
    "backchannel_logout_uri": _LOGOUT,
    "backchannel_logout_session_required": _LOGOUT,
    "frontchannel_logout_uri": _LOGOUT,
    "frontchannel_logout_session_required": _LOGOUT,
    "tls_client_certificate_bound_access_tokens": _BOUND,
    "dpop_bound_access_tokens": _BOUND,
}


def refuse(values: dict[str, Any]) -> None:
    """Raises InvalidClientMetadata for what is not done here, and for a software statement what RFC 7591 §3.2.2 says."""
    for name, reason in _UNSUPPORTED.items():
        # What asks for nothing promises nothing.
        if values.get(name) not in (None, "", False, []):
            raise errors.InvalidClientMetadata(reason=f"{name} is not supported: {reason}")
    statement = values.get("software_statement")
    if statement is not None:
        raise errors.UnapprovedSoftwareStatement() if _is_signed(statement) else errors.InvalidSoftwareStatement()


def _is_signed(statement: object) -> bool:
    """Whether this has the form of a signed JWT. By whom is not asked: no issuer of them is trusted here."""
    parts = statement.split(".") if isinstance(statement, str) else []
    if len(parts) != 3 or not all(parts):
        return False
    try:
        header = orjson.loads(urlsafe_b64decode(parts[0] + "=" * (-len(parts[0]) % 4)))
    except (binascii.Error, ValueError):
        return False
    return isinstance(header, dict) and str(header.get("alg", "none")).lower() != "none"
