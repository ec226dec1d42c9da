import hashlib

from django.db import models

from apis.models.application import Application


class ClientSecret(models.Model):
    """A secret of an application: its SHA-256, and nothing readable unless it signs ID tokens.

    Random and of 384 bits, so a slow hash would add nothing but time.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="secrets")
    sha256 = models.BinaryField(max_length=32, editable=False)
    # The secret itself, encrypted, where it is needed as a key: HS256 ID tokens. Else None.
    encrypted = models.BinaryField(null=True, editable=False)
    last_four = models.CharField(max_length=4, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"…{self.last_four}"


def digest(secret: str) -> bytes:
    """The form in which a client secret is stored and compared."""
    return hashlib.sha256(secret.encode()).digest()
