"""What a request says of who sends it: Authorization header, client_secret, client_assertion, or client_id alone."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_plus

from apis.models import TokenEndpointAuthMethod
from authserver import errors
from authserver.client_auth import assertions


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who a request says it is from, and how it would prove it. Exactly one method (RFC 6749 §2.3)."""

    method: str
    client_id: str
    secret: str = ""
    assertion: str = ""

    def refusal(self, reason: str) -> errors.ClientAuthenticationFailed:
        """`reason` is for the admin. Of an assertion the client hears so (`wire.md` §1.3)."""
        return (errors.ClientAssertionRefused if self.assertion else errors.ClientAuthenticationFailed)(reason=reason)

    def __repr__(self) -> str:
        return f"Credentials({self.method}, {self.client_id})"


def credentials_of(values: Mapping[str, str], authorization: str) -> Credentials:
    """What the body parameters `values` and the Authorization header say, nothing of it proven.

    Raises SeveralAuthMethods, MissingParameter, InvalidRequest, ClientAssertionRefused.
    """
    if authorization:
        if "client_secret" in values or "client_assertion" in values:
            raise errors.SeveralAuthMethods()
        client_id, secret = _basic(authorization)
        if values.get("client_id", client_id) != client_id:
            raise errors.InvalidRequest(reason="client_id differs from the one in the Authorization header")
        return Credentials(TokenEndpointAuthMethod.CLIENT_SECRET_BASIC, client_id, secret)
    if "client_assertion" in values or "client_assertion_type" in values:
        return _assertion(values)
    client_id = values.get("client_id", "")
    if not client_id:
        raise errors.MissingParameter(parameter="client_id")
    if secret := values.get("client_secret", ""):
        return Credentials(TokenEndpointAuthMethod.CLIENT_SECRET_POST, client_id, secret)
    return Credentials(TokenEndpointAuthMethod.NONE, client_id)


def _assertion(values: Mapping[str, str]) -> Credentials:
    """client_id may be left out: the assertion says it (RFC 7521 §4.2)."""
    if "client_secret" in values:
        raise errors.SeveralAuthMethods()
    for name in ("client_assertion", "client_assertion_type"):
        if name not in values:
            raise errors.MissingParameter(parameter=name)
    if values["client_assertion_type"] != assertions.TYPE:
        raise errors.ClientAssertionRefused(reason=f"client_assertion_type must be {assertions.TYPE}.")
    assertion = values["client_assertion"]
    client_id = assertions.claimed_client_id(assertion)
    if values.get("client_id", client_id) != client_id:
        raise errors.ClientAssertionRefused(reason="client_id differs from sub of the assertion.")
    return Credentials(TokenEndpointAuthMethod.PRIVATE_KEY_JWT, client_id, assertion=assertion)


def _basic(authorization: str) -> tuple[str, str]:
    """client_id and secret of a Basic header; both are form-urlencoded inside it (RFC 6749 §2.3.1)."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        raise errors.InvalidRequest(reason="The Authorization header must use Basic")
    try:
        client_id, colon, secret = base64.b64decode(encoded.strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise errors.InvalidRequest(reason="The Authorization header is not base64 of client_id:client_secret") from error
    client_id, secret = unquote_plus(client_id), unquote_plus(secret)
    # After decoding: an encoded NUL is one that PostgreSQL would refuse, too.
    if not colon or "\x00" in client_id + secret:
        raise errors.InvalidRequest(reason="The Authorization header is not base64 of client_id:client_secret")
    return client_id, secret
