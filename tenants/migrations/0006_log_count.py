"""Hourly counts of tokens, begun with what the log knows of the last seven days."""

from collections import Counter
from datetime import UTC, timedelta

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Count, Q
from django.db.models.fields.json import KT
from django.db.models.functions import TruncHour
from django.utils import timezone

ISSUED = ("seccft", "seacft", "sertft", "sepft")
REFUSED = ("feccft", "feacft", "fertft", "ferrt", "fepft")
LOCKED_OUT = "limit_wc"
DAYS = 7
SYSTEM_IDENTIFIER = "/api/v2/"


def count_the_last_days(apps, schema_editor):
    """APIs stand on the floor above, so here an audience is an API's when a token was issued for it."""
    since = timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(days=DAYS)
    management = {
        (domain.tenant_id, f"{domain.scheme}://{domain.host}{SYSTEM_IDENTIFIER}")
        for domain in apps.get_model("tenants", "Domain").objects.all()
    }
    # Issued ones come first, so that every API is known when the first refusal is counted.
    known, counted = set(), Counter()
    for event in _grouped(apps.get_model("tenants", "LogEvent"), since):
        named = event["tenant"], event["audience"]
        reason = "" if event["type"] in ISSUED else (event["reason"] or event["type"])[:64]
        if not reason:
            known.add(named)
        audience = SYSTEM_IDENTIFIER if named in management else named[1] if named in known else ""
        counted[event["tenant"], event["hour"], audience, reason] += event["total"]
    rows = apps.get_model("tenants", "LogCount").objects
    rows.bulk_create(
        (
            rows.model(tenant_id=tenant, hour=hour, audience=audience, reason=reason, total=total)
            for (tenant, hour, audience, reason), total in counted.items()
        ),
        batch_size=1_000,
    )


def _grouped(events, since):
    of_tokens = Q(type__in=ISSUED + REFUSED) | Q(type=LOCKED_OUT, details__has_key="grant_type")
    hours = events.objects.filter(of_tokens, date__gte=since).annotate(hour=TruncHour("date", tzinfo=UTC))
    hours = hours.annotate(reason=KT("details__reason"))
    grouped = hours.order_by().values("tenant", "hour", "type", "audience", "reason").annotate(total=Count("pk"))
    return sorted(grouped, key=lambda event: event["type"] not in ISSUED)


class Migration(migrations.Migration):
    dependencies = [("tenants", "0005_password_policy")]

    operations = [
        migrations.CreateModel(
            name="LogCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hour", models.DateTimeField(db_index=True, help_text="Its first moment.")),
                (
                    "audience",
                    models.CharField(
                        blank=True, help_text="Identifier of the API; empty: of none that we know.", max_length=600
                    ),
                ),
                (
                    "reason",
                    models.CharField(blank=True, help_text="Why it was refused; empty: it was issued.", max_length=64),
                ),
                ("total", models.PositiveBigIntegerField()),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenants.tenant",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "hour", "audience", "reason"), name="one_log_count_per_hour"
                    )
                ],
            },
        ),
        migrations.RunPython(count_the_last_days, migrations.RunPython.noop, elidable=True),
    ]
