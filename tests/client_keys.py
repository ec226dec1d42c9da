"""Keys of applications, and the assertions that they sign: as a client library would, with PyJWT and cryptography."""

import base64
import json
import secrets
import time
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

from apis.models import Application, ClientCredential
from apis.services import applications, credentials
from authserver.models import UsedAssertion
from tests.conftest import World
from tests.factories import BY

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def private_key(number: int = 0, bits: int = 2048) -> rsa.RSAPrivateKey:
    """An RSA key; `number` tells one from another. They are slow to make, so all tests share them."""
    return _made(number, bits)


@cache
def _made(_number: int, bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def pem(key: Any = None, form: PublicFormat = PublicFormat.SubjectPublicKeyInfo) -> str:
    """The public key of `key`, by default of the first one."""
    return (key or private_key()).public_key().public_bytes(Encoding.PEM, form).decode()


def private_pem(form: PrivateFormat = PrivateFormat.PKCS8) -> str:
    return private_key().private_bytes(Encoding.PEM, form, NoEncryption()).decode()


def certificate(key: Any = None, days: int = 90) -> tuple[str, datetime]:
    """A certificate of `key`, and when it ends."""
    key, now = key or private_key(), datetime.now(UTC).replace(microsecond=0)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "client")])
    ends = now + timedelta(days=days)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
    made = made.not_valid_before(now - timedelta(days=400)).not_valid_after(ends)
    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode(), ends


def add_key(application: Application, number: int = 0, **settings: Any) -> ClientCredential:
    """The public key of a private one, stored for `application`."""
    return credentials.add_credential(application, by=BY, **({"pem": pem(private_key(number))} | settings))


def signing(application: Application, number: int = 0, **settings: Any) -> Application:
    """`application`, which proves itself by assertions from now on."""
    add_key(application, number, **settings)
    return applications.update_application(application, by=BY, token_endpoint_auth_method="private_key_jwt")


def claims(application: Application, world: World, **changes: Any) -> dict[str, Any]:
    """What a good assertion says, changed by `changes` (None leaves a claim out)."""
    now = int(time.time())
    good = {
        "iss": application.client_id,
        "sub": application.client_id,
        "aud": world.issuer,
        "jti": secrets.token_hex(8),
        "iat": now,
        "exp": now + 60,
    }
    return {name: value for name, value in (good | changes).items() if value is not None}


def assertion(
    application: Application,
    world: World,
    number: int = 0,
    *,
    alg: str = "RS256",
    header: dict[str, Any] | None = None,
    **changes: Any,
) -> str:
    """A good assertion, changed by `changes`."""
    return jwt.encode(claims(application, world, **changes), private_key(number), alg, headers=header)


def proof(signed: str) -> dict[str, str]:
    """The parameters of a request that is proven by the assertion `signed`."""
    return {"client_assertion": signed, "client_assertion_type": TYPE}


def ask(world: World, signed: str, **changes: Any) -> Any:
    """POST /oauth/token with the assertion `signed` and no secret."""
    return world.ask(**({"client_id": None, "client_secret": None} | proof(signed) | changes))


def post(http: Any, body: dict[str, str]) -> Any:
    """The same from a client of one's own, which need not be at the world's domain."""
    return http.post("/oauth/token", body, content_type="application/json")


def refused(response: Any) -> bool:
    """True for the refusal of an assertion, with nothing used up."""
    assert response.json() == {"error": "invalid_client", "error_description": "Unauthorized"}
    assert response.headers["Cache-Control"] == "no-store"
    assert not UsedAssertion.objects.exists()
    return response.status_code == 401


def why(world: World) -> str:
    """What the admin reads about the last refusal."""
    return str(world.events("feccft")[0].details["remedy"])


def part(value: Any) -> str:
    """A segment of a JWT: `value` as it is when it is bytes, else as JSON."""
    return base64.urlsafe_b64encode(value if isinstance(value, bytes) else json.dumps(value).encode()).rstrip(b"=").decode()
