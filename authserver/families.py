"""Token families: all that stems from one authorization by a person, ended by one statement however long it grew (T-055)."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils import timezone

from apis import registry
from apis.registry import APIValue, ApplicationValue
from authserver.models import RefreshToken, TokenFamily
from tenants import ids
from tenants.config_cache import CurrentTenant
from tenants.models import User

# An access token that belongs to no API, seconds (`wire.md` §1.4).
OPAQUE_LIFETIME = 86_400
# An authorization code, seconds: FAPI 2.0 allows no more (T-023).
CODE_LIFETIME = 60


def prepare(
    tenant: CurrentTenant,
    client: ApplicationValue,
    api: APIValue | None,
    user: User,
    scopes: tuple[str, ...],
    *,
    auth_time: datetime,
    **about: Any,
) -> TokenFamily:
    """A new family, not stored yet: the caller saves it together with its tokens. `about`: session, amr, claims_request,
    grant_name.

    It ends when the last token that it could hold has ended: no rotation prolongs that (T-057).
    """
    # The last refresh token may be exchanged in its last moment, and its first came with a code a minute later.
    longest = client.refresh_tokens.lifetime + (api.token_lifetime if api else OPAQUE_LIFETIME) + CODE_LIFETIME
    return TokenFamily(
        id=ids.family_id(),
        tenant_id=tenant.id,
        application_id=client.id,
        api_id=api.id if api else None,
        user=user,
        scopes=list(scopes),
        auth_time=auth_time,
        expires_at=timezone.now() + timedelta(seconds=longest),
        **about,
    )


def why_ended(tenant: CurrentTenant, client: ApplicationValue | None, family: TokenFamily) -> str:
    """Why nothing of `family` works any more, as a sentence for the admin; "" while it does.

    Every use of a code, a refresh token or an access token asks this (T-058). No statement while the configuration is
    warm; `family` comes with its user.
    """
    if family.revoked_at is not None:
        return "The authorization was revoked."
    if family.user.blocked:
        return "The user is blocked: unblock the user in the console."
    if client is None or not client.enabled:
        return "The application is disabled: enable it in its settings."
    if all(connection.id != family.user.connection_id for connection in registry.connections(tenant, client)):
        return "The user's connection is switched off for the application: switch it on in the application's settings."
    return ""


def live() -> QuerySet[TokenFamily]:
    """Families that nobody revoked yet. Narrow them by tenant before use."""
    return TokenFamily.objects.filter(revoked_at=None)


def revoke(families: QuerySet[TokenFamily]) -> int:
    """Ends `families`, all of their tokens with them. Returns how many there were."""
    return families.update(revoked_at=timezone.now())


def revoke_one(family_id: str) -> None:
    """Ends the family with this id, if it lives."""
    revoke(live().filter(pk=family_id))


def holding(rows: QuerySet[TokenFamily]) -> QuerySet[TokenFamily]:
    """Those of `rows` that hold a refresh token which works: what lists show, and what is revoked as a refresh token."""
    return rows.filter(Exists(_working().filter(family=OuterRef("pk"))), expires_at__gt=timezone.now())


def with_refresh_token(rows: QuerySet[TokenFamily]) -> QuerySet[TokenFamily]:
    """The same, each with that token for `token_of`. Two statements."""
    return holding(rows).prefetch_related(Prefetch("refresh_tokens", queryset=_working(), to_attr="working"))


def token_of(family: Any) -> RefreshToken | None:
    """The newest refresh token of a family that `with_refresh_token` read; None when it went between the two statements."""
    return next(iter(family.working), None)


def _working() -> QuerySet[RefreshToken]:
    now = timezone.now()
    return RefreshToken.objects.filter(used_at=None, expires_at__gt=now, idle_expires_at__gt=now)
