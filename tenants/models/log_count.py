from django.db import models

from tenants.models.scoping import TenantQuerySet
from tenants.models.tenant import Tenant


class LogCount(models.Model):
    """How many tokens of one API were issued, or refused for one reason, in one hour. Written by `tenants.audit` only.

    The log itself is too long to be counted when a page is opened.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+", db_index=False)
    hour = models.DateTimeField(db_index=True, help_text="Its first moment.")
    audience = models.CharField(max_length=600, blank=True, help_text="Identifier of the API; empty: of none that we know.")
    reason = models.CharField(max_length=64, blank=True, help_text="Why it was refused; empty: it was issued.")
    total = models.PositiveBigIntegerField()

    objects = TenantQuerySet["LogCount"].as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            # Also the index that every count is read by.
            models.UniqueConstraint(fields=["tenant", "hour", "audience", "reason"], name="one_log_count_per_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.total} {self.reason or 'issued'} from {self.hour:%Y-%m-%d %H:%M}"
