"""Refresh tokens as lists and tables show them: one row per family that holds one which still works, never a token."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils import timezone

from authserver import families
from authserver.models import RefreshToken, Session, TokenFamily
from tenants.console.pages import page_link
from tenants.console.sections import Link, Section

SHOWN = 50


def with_refresh_token(rows: QuerySet[TokenFamily]) -> QuerySet[TokenFamily]:
    """Those of `rows` whose refresh token works, each with that token in `working`. Two statements."""
    now = timezone.now()
    tokens = RefreshToken.objects.filter(used_at=None, expires_at__gt=now, idle_expires_at__gt=now)
    held = rows.filter(Exists(tokens.filter(family=OuterRef("pk"))), expires_at__gt=now)
    return held.prefetch_related(Prefetch("refresh_tokens", queryset=tokens, to_attr="working"))


def token_of(family: Any) -> RefreshToken | None:
    """The newest refresh token of a family that `with_refresh_token` read; None when it went between the two statements."""
    return next(iter(family.working), None)


def last_used(family: Any) -> datetime | None:
    """When it was last exchanged; a rotated one was made by the exchange of the one before."""
    token = token_of(family)
    return (token.last_exchanged_at or token.created) if token else None


def section(
    title: str,
    rows: QuerySet[TokenFamily],
    *,
    empty: str,
    note: str = "",
    links: Callable[[Sequence[TokenFamily]], Sequence[Link]] = lambda _: (),
) -> Section:
    """The newest of `rows`, each with a link to its page, and `links` for those that are shown."""
    read = with_refresh_token(rows.filter(revoked_at=None)).select_related("application", "api")
    shown = list(read.order_by("-created_at")[: SHOWN + 1])
    return Section(
        title=title,
        columns=("Application", "API", "Signed in", "Last used", ""),
        rows=[
            (page_link(row.application), row.api or "-", row.auth_time, last_used(row), page_link(row, "Refresh token"))
            for row in shown[:SHOWN]
        ],
        empty=empty,
        note=f"The newest {SHOWN} of more." if shown[SHOWN:] else note,
        links=links(shown),
    )


def families_of_session(session: Session) -> Section:
    """The applications that got a refresh token in this session."""
    return section(
        "Applications that stay signed in",
        families.live().filter(tenant=session.tenant_id, session=session),
        empty="None got a refresh token in this session that still works.",
        note="They do not end with the session.",
    )
