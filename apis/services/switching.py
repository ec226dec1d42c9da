"""Client grants as switches: off, on with some scopes, on with all. Several are thrown at once, or none.

Owns that nobody overwrites what they have not seen. What a client grant may be is `client_grants`'.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from apis.models import API, Application, ClientGrant
from apis.services import client_grants
from tenants import changes
from tenants.changes import Actor


class ChangedMeanwhileError(Exception):
    """A switch does not stand as it was seen."""


@dataclass(frozen=True, slots=True)
class Switch:
    """Whether there is a client grant, and for what. With `all_scopes` there are no single ones."""

    on: bool = False
    all_scopes: bool = False
    scopes: frozenset[str] = frozenset()

    def __str__(self) -> str:
        if not self.on:
            return "off"
        return "all" if self.all_scopes else " ".join(["on", *sorted(self.scopes)])

    @classmethod
    def made(cls, *, on: bool, all_scopes: bool = False, scopes: frozenset[str] = frozenset()) -> "Switch":
        """A switch without what does not matter: scopes beside all of them, or of one that is off."""
        if not on:
            return OFF
        return cls(on=True, all_scopes=True) if all_scopes else cls(on=True, scopes=scopes)

    @classmethod
    def parsed(cls, text: str) -> "Switch":
        """What `str` made. Raises ValueError."""
        word, *scopes = text.split(" ")
        if word not in ("off", "on", "all") or (scopes and word != "on"):
            raise ValueError("No switch stands like that")
        return cls.made(on=word != "off", all_scopes=word == "all", scopes=frozenset(scopes))


OFF = Switch()


@dataclass(frozen=True, slots=True)
class Switching:
    """The switch between an application and an API: as it was seen, and as it shall stand."""

    application: Application
    api: API
    subject_type: str
    seen: Switch
    wanted: Switch


def switch_of(grant: ClientGrant | None) -> Switch:
    """How the switch of `grant` stands; without one it is off."""
    if grant is None:
        return OFF
    scopes = frozenset(permission.value for permission in grant.permissions.all())
    return Switch.made(on=True, all_scopes=grant.allow_all_scopes, scopes=scopes)


@transaction.atomic
def switch(tenant_id: int, switchings: Sequence[Switching], *, by: Actor) -> None:
    """Throws all of `switchings`. Raises ChangedMeanwhileError when one does not stand as it was seen, ValidationError."""
    changes.wait_for_turn(tenant_id)
    found = [_grant(tenant_id, each) for each in switchings]
    if any(switch_of(grant) != each.seen for grant, each in zip(found, switchings, strict=True)):
        raise ChangedMeanwhileError
    for grant, each in zip(found, switchings, strict=True):
        _throw(grant, each, by)


def _grant(tenant_id: int, each: Switching) -> ClientGrant | None:
    whose = {"application": each.application, "api": each.api, "subject_type": each.subject_type}
    return ClientGrant.objects.filter(tenant=tenant_id, **whose).prefetch_related("permissions").first()


def _throw(grant: ClientGrant | None, each: Switching, by: Actor) -> None:
    wanted = each.wanted
    if grant is None:
        if wanted.on:
            client_grants.create_client_grant(
                each.application,
                each.api,
                wanted.scopes,
                by=by,
                subject_type=each.subject_type,
                allow_all_scopes=wanted.all_scopes,
            )
    elif not wanted.on:
        client_grants.delete_client_grant(grant, by=by)
    else:
        scopes = None if wanted.all_scopes else wanted.scopes
        client_grants.update_client_grant(grant, scopes, by=by, allow_all_scopes=wanted.all_scopes)
