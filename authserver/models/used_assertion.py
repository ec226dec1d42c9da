from django.db import models

from apis.models import Application


class UsedAssertion(models.Model):
    """A client assertion that has been used, by its jti. Kept while the assertion would still be taken (RFC 7523 §3).

    The application says which tenant it is of.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+", db_index=False)
    jti = models.CharField(max_length=64)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "jti"], name="assertion_used_once")]

    def __str__(self) -> str:
        return self.jti
