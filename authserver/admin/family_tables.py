"""Refresh tokens as lists and tables show them: one row per family that holds one which still works, never a token."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString

from authserver import families
from authserver.models import Session, TokenFamily
from tenants.console.pages import page_link
from tenants.console.sections import Link, Section

SHOWN = 50


def last_used(family: Any) -> datetime | None:
    """When it was last exchanged; a rotated one was made by the exchange of the one before."""
    token = families.token_of(family)
    return (token.last_exchanged_at or token.created) if token else None


def section(
    title: str,
    rows: QuerySet[TokenFamily],
    *,
    empty: str,
    note: str = "",
    links: Callable[[Sequence[TokenFamily]], Sequence[Link]] = lambda _: (),
    last: Callable[[TokenFamily], SafeString | str] = lambda _: "",
) -> Section:
    """The newest of `rows`, each with a link to its page and `last`, and `links` for those that are shown."""
    read = families.with_refresh_token(rows.filter(revoked_at=None)).select_related("application", "api")
    shown = list(read.order_by("-created_at")[: SHOWN + 1])
    return Section(
        title=title,
        columns=("Application", "API", "Signed in", "Last used", ""),
        rows=[
            (
                page_link(row.application),
                row.api or "Only who they are",
                row.auth_time,
                last_used(row),
                format_html("{} {}", page_link(row, "Look"), last(row)),
            )
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
