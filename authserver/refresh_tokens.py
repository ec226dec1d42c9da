"""Refresh tokens: the first of a family, its successors, and the leeway for a client that lost an answer (RFC 9700 §4.14).

A successor's value is derived from its predecessor's, with a key that the database does not have. So two requests that bring
the same token in the same moment get the same successor, though no value is stored anywhere: no family ever forks (T-051).
"""

import base64
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.crypto import salted_hmac

from apis.registry import RefreshTokenSettings
from authserver.models import RefreshToken, TokenFamily
from authserver.random_secrets import digest, fresh
from tenants.config_cache import CurrentTenant


def first(family: TokenFamily, settings: RefreshTokenSettings) -> str:
    """Stores the first refresh token of `family` and returns its value."""
    value, now = fresh(), timezone.now()
    _store(value, family, settings, now, min(now + timedelta(seconds=settings.lifetime), family.expires_at))
    return value


def find(tenant: CurrentTenant, value: str) -> RefreshToken | None:
    """The token of this tenant, used and expired ones too, with its family and user. One statement."""
    rows = RefreshToken.objects.of(tenant).select_related("family__user")
    return rows.filter(token_checksum=digest(value)).first()


def claim(token: RefreshToken) -> bool:
    """Takes the one use of a rotating token. False when somebody was faster: the row count decides."""
    now = timezone.now()
    return RefreshToken.objects.filter(pk=token.pk, used_at=None).update(used_at=now, last_exchanged_at=now) == 1


def succeed(token: RefreshToken, value: str, settings: RefreshTokenSettings) -> str:
    """Stores the successor of `token`, whose value is `value`, and returns it. Its absolute end stays (T-057)."""
    successor = _successor(token, value)
    _store(successor, token.family, settings, timezone.now(), token.expires_at)
    return successor


def unused_successor(token: RefreshToken, value: str) -> str:
    """The value of the successor of `token`, if nobody has used it yet; else "" (T-052)."""
    successor = _successor(token, value)
    rows = RefreshToken.objects.filter(tenant=token.tenant_id, token_checksum=digest(successor), used_at=None)
    return successor if rows.exists() else ""


def prolong(token: RefreshToken, settings: RefreshTokenSettings) -> bool:
    """Notes that a token which does not rotate was used. False when it has gone meanwhile."""
    now = timezone.now()
    idle = min(now + timedelta(seconds=settings.idle_lifetime), token.expires_at)
    return RefreshToken.objects.filter(pk=token.pk).update(last_exchanged_at=now, idle_expires_at=idle) == 1


def _successor(token: RefreshToken, value: str) -> str:
    derived = salted_hmac("latchkey.refresh_tokens", f"{token.family_id}.{value}", algorithm="sha256").digest()
    return base64.urlsafe_b64encode(derived).rstrip(b"=").decode()


def _store(value: str, family: TokenFamily, settings: RefreshTokenSettings, now: datetime, expires_at: datetime) -> None:
    RefreshToken.objects.create(
        tenant_id=family.tenant_id,
        application_id=family.application_id,
        user_id=family.user_id,
        family=family,
        token_checksum=digest(value),
        idle_expires_at=min(now + timedelta(seconds=settings.idle_lifetime), expires_at),
        expires_at=expires_at,
    )
