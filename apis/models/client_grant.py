from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from apis.models.api import API, Permission
from apis.models.application import Application
from tenants import ids
from tenants.models import Tenant
from tenants.models.scoping import TenantQuerySet


class SubjectType(models.TextChoices):
    """On whose behalf a client grant lets an application call an API."""

    CLIENT = "client", "Machine to machine: on its own behalf"
    USER = "user", "On behalf of a person who signed in"


class DefaultFor(models.TextChoices):
    """The applications that a client grant without an application of its own is for."""

    THIRD_PARTY_CLIENTS = "third_party_clients", "Every third-party application"


class ClientGrant(models.Model):
    """This application, or every third-party one that has no grant of its own, may call this API, with these scopes."""

    id = models.CharField(primary_key=True, max_length=20, default=ids.client_grant_id, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="client_grants")
    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, null=True, blank=True, related_name="client_grants"
    )
    default_for = models.CharField(max_length=24, choices=DefaultFor, blank=True)
    api = models.ForeignKey(API, on_delete=models.CASCADE, related_name="client_grants", verbose_name="API")
    subject_type = models.CharField("for", max_length=8, choices=SubjectType, default=SubjectType.CLIENT)
    allow_all_scopes = models.BooleanField(
        "all permissions", default=False, help_text="Every permission of the API, also those that it gets later."
    )
    # Rows, not a list of names: when a permission goes, no grant can be left pointing at it.
    permissions = models.ManyToManyField(Permission, blank=True, related_name="client_grants")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantQuerySet["ClientGrant"].as_manager()

    class Meta:
        ordering = ["tenant", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "application", "api", "subject_type"], name="one_grant_per_application_api_and_subject"
            ),
            # NULLs are all different to a unique index, so the grants without an application need one of their own.
            models.UniqueConstraint(
                fields=["tenant", "api", "subject_type", "default_for"],
                condition=Q(application=None),
                name="one_default_grant_per_api_and_subject",
                violation_error_code="unique",
            ),
            models.CheckConstraint(
                condition=Q(application=None, default_for__gt="") | Q(application__isnull=False, default_for=""),
                name="grant_for_an_application_or_by_default",
                violation_error_message="A client grant is for one application, or by default for a kind of them.",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "created_at", "id"])]

    def __str__(self) -> str:
        on_behalf = " on behalf of users" if self.subject_type == SubjectType.USER else ""
        return f"{self.application or self.get_default_for_display()} may call {self.api}{on_behalf}"

    def clean(self) -> None:
        foreign = self.application is not None and self.application.tenant_id != self.tenant_id
        if foreign or self.api.tenant_id != self.tenant_id:
            raise ValidationError("Application and API must belong to the same tenant.")
        if self.api.is_system:
            self._refuse_of_system_api()

    def _refuse_of_system_api(self) -> None:
        """The Management API acts for a tenant's operators: by a grant of the application's own, to the application."""
        if self.subject_type == SubjectType.USER:
            raise ValidationError("Nobody gets at the Management API by logging in to an application.")
        if self.application is None:
            raise ValidationError("The Management API is granted to applications one by one, never by default.")
