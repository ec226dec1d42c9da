from django.db import models

from apis.models.application import Application
from tenants import ids


class CredentialAlg(models.TextChoices):
    RS256 = "RS256"
    RS384 = "RS384"
    PS256 = "PS256"


class ClientCredential(models.Model):
    """A public key with which an application proves itself by a signed assertion (private_key_jwt, RFC 7523)."""

    id = models.CharField(primary_key=True, max_length=27, default=ids.credential_id, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="credentials")
    name = models.CharField(max_length=128, blank=True)
    kid = models.CharField(max_length=128, help_text="Key ID; unless chosen, the thumbprint of the key (RFC 7638).")
    alg = models.CharField("algorithm", max_length=8, choices=CredentialAlg, default=CredentialAlg.RS256)
    pem = models.TextField("public key", help_text="PEM: a public key or an X.509 certificate.")
    jwk = models.JSONField(editable=False, help_text="The same key (RFC 7517).")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["application", "kid"], name="kid_per_application")]

    def __str__(self) -> str:
        return self.name or self.kid
