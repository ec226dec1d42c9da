"""A credential of a client as /api/v2 writes and reads it (`wire.md` §2.6). The key itself is never answered."""

from typing import Any

from rest_framework import serializers

from apis.models import CredentialAlg
from apis.services.authentication_methods import NAME_LENGTH, PUBLIC_KEY
from tenants.rest.fields import Choice, Flag, Moment, Text, Unsupported
from tenants.rest.serializers import Body

MUTUAL_TLS = "Mutual TLS is not supported: send the public key as pem"


class End(serializers.DateTimeField):
    """When a key ends, ISO 8601. Without a zone it is UTC."""

    def to_internal_value(self, value: Any) -> Any:
        if not isinstance(value, str):
            raise serializers.ValidationError("Expected type string")
        return super().to_internal_value(value)


class CredentialPost(Body):
    credential_type = Choice(choices=[PUBLIC_KEY], write_only=True)
    pem = Text(max_length=8_192, help_text="An RSA public key or an X.509 certificate of one, PEM.")
    alg = Choice(choices=CredentialAlg.values, required=False)
    name = Text(max_length=NAME_LENGTH, required=False, allow_null=True)
    kid = Text(max_length=64, required=False, allow_null=True, help_text="[0-9a-zA-Z-_]{10,64}; else the key's thumbprint.")
    expires_at = End(required=False, allow_null=True)
    parse_expiry_from_cert = Flag(required=False, help_text="The key ends with its certificate.")
    subject_dn = Unsupported(MUTUAL_TLS)
    cleared = {"name": "", "kid": ""}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The one type that there is need not be said to the services."""
        return {name: value for name, value in attrs.items() if name != "credential_type"}


class CredentialPatch(Body):
    """Nothing of a key changes but its end; null takes that away."""

    expires_at = End(allow_null=True)


class CredentialAnswer(Body):
    id = Text()
    credential_type = serializers.SerializerMethodField()
    kid = Text()
    alg = Text()
    name = Text()
    created_at = Moment()
    updated_at = Moment()
    expires_at = Moment()

    def get_credential_type(self, credential: Any) -> str:
        return PUBLIC_KEY
