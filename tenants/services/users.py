"""People in a directory, their profile and password: the writes. What a person may do is `apis.services.roles`.

People are read from the database each time, so none of this is a change of configuration: a sign-up must not make every
process read its tenant anew.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone

from tenants import passwords, signals
from tenants import profile as profiles
from tenants.changes import Actor, changed, hold_for_deletion, refuse_fixed
from tenants.models import Connection, User
from tenants.services.directories import refuse_unknown

FIXED = ("user_id", "tenant", "connection")
# The columns that these services write. The others say what happened, or hold the password.
PROFILE = frozenset(
    {
        "email",
        "email_verified",
        "name",
        "given_name",
        "family_name",
        "nickname",
        "picture",
        "phone_number",
        "phone_verified",
        "standard_claims",
        "user_metadata",
        "app_metadata",
        "blocked",
    }
)

METADATA = frozenset({"user_metadata", "app_metadata"})


@transaction.atomic
def create_user(
    connection: Connection, *, email: str, password: str, by: Actor, chosen_id: str | None = None, **profile: Any
) -> User:
    """A person who can sign in, with columns of `PROFILE`; `chosen_id` stands behind `auth0|` in their user ID.

    Raises ValidationError: an unfit password (`tenants.passwords`) or user ID, or an e-mail that the directory already has.
    """
    refuse_unknown(profile, PROFILE)
    passwords.refuse_unfit(password, email=email, policy=connection.password_policy)
    user = User(tenant=connection.tenant, connection=connection, email=email, **profile)
    if chosen_id is not None:
        profiles.refuse_unfit_user_id(chosen_id)
        user.user_id = f"auth0|{chosen_id}"
    user.set_password(password)
    user.full_clean()
    user.save()
    changed(connection.tenant, by, "Create a user", target=user.user_id, configuration=False)
    return user


@transaction.atomic
def update_user(user: User, *, by: Actor, **profile: Any) -> User:
    """Changes columns of `PROFILE`. Raises ValidationError.

    A new e-mail or telephone number is unverified unless the same change says otherwise. Blocking ends every session and
    token (`signals.user_access_ended`).
    """
    refuse_fixed(user, profile, FIXED)
    refuse_unknown(profile, PROFILE.union(FIXED))
    profile = _unverified_if_new(user, profile) | profile
    for field, value in profile.items():
        setattr(user, field, value)
    user.full_clean()
    user.save(update_fields=[*profile, "updated_at"])
    if profile.get("blocked"):
        signals.user_access_ended.send(sender=User, user=user, reason=signals.BLOCKED, by=by)
    changed(user.tenant, by, "Update a user", target=user.user_id, values=profile, configuration=False)
    return user


@transaction.atomic
def patch_user(user: User, *, by: Actor, password: str | None = None, **profile: Any) -> User:
    """`update_user` as Auth0's PATCH means it: `METADATA` is merged (`profile.merged`), and a password comes along.

    Returns the row as it is now. Raises ValidationError, and User.DoesNotExist for one who was deleted meanwhile.
    """
    # What is merged must not change between reading and writing it.
    current = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    for name in METADATA.intersection(profile):
        profile[name] = profiles.merged(getattr(current, name), profile[name])
    if profile:
        update_user(current, by=by, **profile)
    if password is not None:
        set_password(current, password, by=by)
    return current


@transaction.atomic
def delete_user(user: User, *, by: Actor) -> None:
    """Removes a person from their directory, with everything that was issued for them."""
    tenant, user_id = user.tenant, user.user_id
    hold_for_deletion(User.objects.filter(pk=user.pk))
    user.delete()
    changed(tenant, by, "Delete a user", target=user_id, configuration=False)


@transaction.atomic
def set_password(user: User, password: str, *, by: Actor) -> None:
    """Replaces a user's password and ends every session and token (`signals.user_access_ended`).

    Raises ValidationError for an unfit password (`tenants.passwords`).
    """
    passwords.refuse_unfit(password, email=user.email, policy=user.connection.password_policy)
    user.set_password(password)
    user.last_password_reset = timezone.now()
    user.save(update_fields=["password", "last_password_reset", "updated_at"])
    signals.user_access_ended.send(sender=User, user=user, reason=signals.PASSWORD_CHANGED, by=by)
    changed(user.tenant, by, "Set a user's password", target=user.user_id, configuration=False)


def _unverified_if_new(user: User, profile: dict[str, Any]) -> dict[str, Any]:
    """What is no longer verified after `profile`, because it was another address that somebody verified."""
    moved: dict[str, Any] = {}
    if user.email_verified and str(profile.get("email", user.email)).lower() != user.email.lower():
        moved["email_verified"] = False
    if user.phone_verified and profile.get("phone_number", user.phone_number) != user.phone_number:
        moved["phone_verified"] = False
    return moved
