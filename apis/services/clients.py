"""A client as Auth0's Management API writes it: an application and its way of authenticating, in one transaction.

Owns what of that is one act: that a new client has its secret, what a PATCH merges. The rules are those of
`apis.services.applications` and `apis.services.credentials`, which this calls.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from apis.models import Application, RotationType
from apis.services import applications, credentials
from apis.services.applications import NewSecret
from tenants import changes
from tenants.changes import Actor
from tenants.models import Tenant

# Of these a PATCH says only what changes; everything else that has members is replaced as a whole (`wire.md` §2.1).
MERGED = ("client_metadata", "other_settings")
METHODS = "client_authentication_methods"


@transaction.atomic
def create_client(
    tenant: Tenant, name: str, *, by: Actor, client_secret: str | None = None, **settings: Any
) -> tuple[Application, NewSecret | None]:
    """A new application, and its secret unless it authenticates without one. `client_secret` chooses the secret.

    `settings` are those of `create_application`, and `client_authentication_methods` as `set_authentication_methods` takes
    them. A third-party application's refresh tokens rotate unless they say otherwise. Raises ValidationError.
    """
    methods = settings.pop(METHODS, None)
    for member in MERGED:
        settings[member] = merged({}, settings.get(member))
    settings.setdefault("refresh_token_rotation", "")
    _rotate_of_third_party(settings, is_first_party=settings.get("is_first_party", True))
    application = applications.create_application(tenant, name, by=by, **settings)
    if settings.get("grant_types") == []:
        # None at all was asked for; an application that is new has its type's when nothing is said.
        applications.update_application(application, by=by, grant_types=[])
    if methods is not None:
        credentials.set_authentication_methods(application, methods, by=by)
    if client_secret is None and not application.authenticates_by_secret:
        return application, None
    return application, applications.add_secret(application, by=by, value=client_secret)


@transaction.atomic
def patch_client(application: Application, *, by: Actor, client_secret: str | None = None, **settings: Any) -> None:
    """Changes `settings`; of `MERGED`, only the names that are said, where null removes one. Raises ValidationError.

    `client_secret` is the only one that works from now on. With it an application can change to HS256, which signs with it.
    """
    changes.wait_for_turn(application.tenant_id)
    stored = Application.objects.get(pk=application.pk)
    for member in settings.keys() & set(MERGED):
        settings[member] = merged(getattr(stored, member), settings[member])
    _rotate_of_third_party(settings, is_first_party=settings.get("is_first_party", stored.is_first_party))
    chosen_methods = {METHODS: settings.pop(METHODS)} if METHODS in settings else {}
    if client_secret is not None:
        applications.live_secrets(stored).update(expires_at=timezone.now())
    if settings:
        applications.update_application(stored, by=by, **settings)
    for methods in chosen_methods.values():
        credentials.set_authentication_methods(stored, methods, by=by)
    if client_secret is not None:
        applications.add_secret(stored, by=by, value=client_secret)


def _rotate_of_third_party(settings: dict[str, Any], *, is_first_party: bool) -> None:
    """Nothing chosen (""): the refresh tokens of a third party rotate, as at Auth0, whether it keeps a secret or not."""
    if not is_first_party and settings.get("refresh_token_rotation") == "":
        settings["refresh_token_rotation"] = RotationType.ROTATING


def merged(old: Mapping[str, Any], new: Mapping[str, Any] | None) -> dict[str, Any]:
    """`old` with the names of `new`; null removes a name, and None instead of `new` removes all."""
    return {} if new is None else {name: value for name, value in {**old, **new}.items() if value is not None}
