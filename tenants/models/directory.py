from typing import Self

from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Value
from django.db.models.functions import Lower
from django.db.models.lookups import Exact

from tenants import ids, passwords, profile
from tenants.models.scoping import TenantQuerySet
from tenants.models.tenant import Tenant
from tenants.password_policies import PasswordPolicy


class Connection(models.Model):
    """A user directory of a tenant: Auth0's database connection, the `realm` of the password grant."""

    id = models.CharField(primary_key=True, max_length=20, default=ids.connection_id, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="connections")
    name = models.CharField(
        max_length=128,
        validators=[RegexValidator(r"^[a-zA-Z0-9](-?[a-zA-Z0-9])*\Z", "Use letters, digits and single hyphens.")],
    )
    disable_signup = models.BooleanField("no sign-up", default=False, help_text="People cannot make accounts of their own.")
    brute_force_protection = models.BooleanField(
        default=True, help_text="Lock an address out for a while after ten wrong passwords for one account."
    )
    password_policy = models.CharField(
        max_length=16,
        choices=PasswordPolicy,
        default=PasswordPolicy.LOW,
        help_text="Everybody needs eight characters that few others use; rules about kinds of characters add little.",
    )
    is_domain_connection = models.BooleanField(
        "for third-party applications", default=False, help_text="Third-party applications may sign people in here."
    )
    # Members of Auth0's connection that no rule of ours looks at, kept for the tools that write and read them: those of
    # `options` under that name, the others beside it.
    other_options = models.JSONField(default=dict, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantQuerySet["Connection"].as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="connection_name_per_tenant")]
        indexes = [models.Index(fields=["tenant", "created_at", "id"])]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Judges what validators of one column cannot: a document of any shape must be one that a database takes."""
        if problems := profile.metadata_problems(self.other_options):
            raise ValidationError({"other_options": problems})


class UserQuerySet(TenantQuerySet["User"]):
    def with_email(self, email: str) -> Self:
        """The users with this e-mail, whatever its case. By the index of `email_per_connection`, which `iexact` is not."""
        return self.filter(Exact(Lower("email"), Value(email.lower())))


class User(models.Model):
    """A resource owner. The same e-mail in two connections is two users; no user can sign in to the console."""

    user_id = models.CharField("user ID", max_length=255, default=ids.user_id, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="users")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="users")
    email = models.EmailField("e-mail", max_length=254)
    email_verified = models.BooleanField("e-mail verified", default=False)
    name = models.CharField(max_length=300, blank=True)
    given_name = models.CharField(max_length=150, blank=True)
    family_name = models.CharField(max_length=150, blank=True)
    nickname = models.CharField(max_length=300, blank=True)
    picture = models.URLField(max_length=2_048, blank=True)
    phone_number = models.CharField(max_length=40, blank=True)
    phone_verified = models.BooleanField(default=False)
    # The standard claims that no rule of ours looks at: middle_name, birthdate, address and so on (OIDC Core §5.1).
    standard_claims = models.JSONField("further claims", default=dict, blank=True)
    user_metadata = models.JSONField(default=dict, blank=True)
    app_metadata = models.JSONField(default=dict, blank=True)
    password = models.CharField(max_length=256, editable=False)
    blocked = models.BooleanField(default=False)
    last_login = models.DateTimeField(null=True, blank=True, editable=False)
    last_ip = models.CharField("last IP", max_length=45, blank=True, editable=False)
    logins_count = models.PositiveIntegerField("logins", default=0, editable=False)
    last_password_reset = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = UserQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "user_id"], name="user_id_per_tenant"),
            models.UniqueConstraint(
                "tenant",
                "connection",
                Lower("email"),
                name="email_per_connection",
                violation_error_message="The directory already has a user with this e-mail.",
                violation_error_code="unique",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        """Judges what validators of one column cannot: objects, and text that a database refuses."""
        found = {
            "standard_claims": profile.claim_problems(self.standard_claims),
            "user_metadata": profile.metadata_problems(self.user_metadata),
            "app_metadata": profile.metadata_problems(self.app_metadata),
        }
        for name in ("name", "given_name", "family_name", "nickname", "phone_number"):
            if not profile.is_text(getattr(self, name)):
                found[name] = ["Text must not contain NUL or half a surrogate pair."]
        # SQLite lowers ASCII only, we all letters: two users must not look alike to the counters of wrong passwords (T-124).
        if any(letter != letter.lower() for letter in self.email if not letter.isascii()):
            found["email"] = ["Write letters beyond ASCII in lower case."]
        if problems := {name: messages for name, messages in found.items() if messages}:
            raise ValidationError(problems)

    def set_password(self, password: str) -> None:
        """Keeps `password`, in its canonical form, as an Argon2id hash; the caller saves."""
        self.password = make_password(passwords.canonical(password))

    def check_password(self, password: str) -> bool:
        """Whether `password` is this person's. A right one whose hash is out of date is hashed anew and stored (T-122)."""
        return check_password(passwords.canonical(password), self.password, self._store_upgrade)

    def _store_upgrade(self, password: str) -> None:
        outdated = self.password
        self.password = make_password(password)
        # Only in place of the hash that was compared: the password may have been changed since it was read.
        type(self).objects.filter(pk=self.pk, password=outdated).update(password=self.password)
