from django.db import models


class Attempts(models.Model):
    """How often something was tried in a window of time. Written by `tenants.throttle` only; the key is a hash."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    resets_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "attempts"

    def __str__(self) -> str:
        return f"{self.count} until {self.resets_at:%H:%M:%S}"
