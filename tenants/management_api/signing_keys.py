"""/api/v2/keys/signing: what the key set publishes, what signs, and changing that (`wire.md` §2.6)."""

from rest_framework import serializers
from rest_framework.request import Request

from tenants.keys import certificates, rotation
from tenants.models import SigningKey
from tenants.rest.errors import ManagementError
from tenants.rest.fields import Moment, Text
from tenants.rest.operations import operation
from tenants.rest.serializers import Body
from tenants.rest.views import ManagementView

State = SigningKey.State


class SigningKeyAnswer(Body):
    """A key, public side only. `current`, `next`, `previous` and `revoked` are there when they are true."""

    kid = Text()
    cert = Text(source="certificate", help_text="The certificate of the public key, PEM.")
    pkcs7 = serializers.SerializerMethodField(help_text="The same certificate as PKCS #7, PEM.")
    current = serializers.SerializerMethodField(help_text="It signs.")
    next = serializers.SerializerMethodField(help_text="It is published and signs after the next rotation.")
    previous = serializers.SerializerMethodField(help_text="It is published until its last token has expired.")
    current_since = Moment()
    current_until = Moment()
    revoked = serializers.SerializerMethodField(help_text="It is no longer published.")
    revoked_at = Moment()
    fingerprint = serializers.SerializerMethodField(help_text="SHA-1 of the certificate, hex with colons.")
    thumbprint = serializers.SerializerMethodField(help_text="SHA-1 of the certificate, hex.")

    def get_pkcs7(self, key: SigningKey) -> str:
        return certificates.pkcs7(key.certificate)

    def get_current(self, key: SigningKey) -> bool | None:
        return key.state == State.CURRENT or None

    def get_next(self, key: SigningKey) -> bool | None:
        return key.state == State.NEXT or None

    def get_previous(self, key: SigningKey) -> bool | None:
        return key.state == State.PREVIOUS or None

    def get_revoked(self, key: SigningKey) -> bool:
        return key.state == State.REVOKED

    def get_fingerprint(self, key: SigningKey) -> str:
        thumbprint = certificates.thumbprint(key.jwk)
        return ":".join(thumbprint[at : at + 2] for at in range(0, len(thumbprint), 2))

    def get_thumbprint(self, key: SigningKey) -> str:
        return certificates.thumbprint(key.jwk)


class NewSigningKey(Body):
    cert = Text(source="certificate")
    kid = Text()


class SigningKeyView(ManagementView):
    def found(self, kid: str) -> SigningKey:
        """The key of this tenant, of whatever algorithm and state. Raises ManagementError 404."""
        key = SigningKey.objects.of(self.http.tenant).defer("private_key").filter(kid=kid).first()
        if key is None:
            raise ManagementError(404, "The signing key does not exist", "inexistent_signing_key")
        return key


class SigningKeys(ManagementView):
    @operation("Get all signing keys", "read:signing_keys", answer=SigningKeyAnswer, lists="keys")
    def get(self, request: Request) -> list[SigningKeyAnswer]:
        """A bare list without pages: every key that the tenant ever had, the oldest first."""
        keys = SigningKey.objects.of(self.http.tenant).defer("private_key").order_by("pk")
        return [self.shown(key) for key in keys]


class OneSigningKey(SigningKeyView):
    @operation("Get a signing key", "read:signing_keys", answer=SigningKeyAnswer)
    def get(self, request: Request, kid: str) -> SigningKey:
        return self.found(kid)


class RotateSigningKeys(ManagementView):
    @operation("Rotate the signing keys", "create:signing_keys", "update:signing_keys", status=201, answer=NewSigningKey)
    def post(self, request: Request) -> SigningKey:
        """The keys of every algorithm rotate; the answer is the one that signs RS256 now."""
        return rotation.rotate(self.tenant, by=self.actor)


class RevokeSigningKey(SigningKeyView):
    @operation("Revoke a signing key", "update:signing_keys", answer=NewSigningKey)
    def put(self, request: Request, kid: str) -> SigningKey:
        """Only a previous key: what signs has to be rotated away first."""
        return rotation.revoke(self.tenant, self.found(kid).kid, by=self.actor)
