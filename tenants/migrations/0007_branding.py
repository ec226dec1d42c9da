"""Colours, favicon and languages of a tenant. The languages were kept before, without doing anything."""

from django.db import migrations, models

KEPT = "enabled_locales"


def take_languages_out(apps, schema_editor):
    tenants = apps.get_model("tenants", "Tenant").objects
    for tenant in tenants.filter(other_settings__has_key=KEPT):
        tenant.enabled_locales = tenant.other_settings.pop(KEPT) or []
        tenant.save(update_fields=[KEPT, "other_settings"])


def put_languages_back(apps, schema_editor):
    for tenant in apps.get_model("tenants", "Tenant").objects.all():
        if tenant.enabled_locales:
            tenant.other_settings[KEPT] = tenant.enabled_locales
            tenant.save(update_fields=["other_settings"])


class Migration(migrations.Migration):
    dependencies = [("tenants", "0006_log_count")]

    operations = [
        migrations.AddField(
            model_name="tenant",
            name="primary_color",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Of buttons and links, as # and six digits. White letters on it must be readable.",
                max_length=7,
                verbose_name="primary colour",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="tenant",
            name="page_background_color",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Behind the card. What is written on it is black or white, whichever can be read.",
                max_length=7,
                verbose_name="page background",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="tenant",
            name="favicon_url",
            field=models.URLField(
                blank=True, default="", help_text="The small picture of the browser's tab. Pages load it only from https."
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="tenant",
            name="enabled_locales",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="Languages of the pages, the first for those who ask for none of them. Empty: all that there are.",
            ),
        ),
        migrations.RunPython(take_languages_out, put_languages_back, elidable=True),
        migrations.AlterField(
            model_name="tenant",
            name="picture_url",
            field=models.URLField(blank=True, help_text="Address of the logo. Pages load it only from https."),
        ),
    ]
