"""Rows that a person's authorization leaves behind, made directly: for tests of what becomes of them."""

from datetime import timedelta

from django.utils import timezone

from authserver.models import AccessToken, AuthorizationCode, AuthorizationRequest, RefreshToken, Session, TokenFamily
from tenants.services import create_connection, create_user
from tests import factories

OVER, AHEAD = 1, -1  # days ago


def ago(days):
    return timezone.now() - timedelta(days=days)


def user_of(world):
    people = create_connection(world.tenant, "people", by=factories.BY)
    return create_user(people, email="ada@example.com", password="a long secret", by=factories.BY)


class Authorizations:
    """What ada's authorizations leave behind in `world`. Days are days ago."""

    def __init__(self, world):
        self.tenant = world.tenant
        self.application = {"tenant": world.tenant, "application": world.application}
        self.whose = self.application | {"user": user_of(world)}

    def session(self, name, *, expires=AHEAD, idle=AHEAD, **fields):
        return Session.objects.create(
            tenant=self.tenant,
            user=self.whose["user"],
            secret_sha256=name,
            auth_time=ago(9),
            last_seen_at=ago(9),
            expires_at=ago(expires),
            idle_expires_at=ago(idle),
            **fields,
        )

    def family(self, expires, **fields):
        """A family with a used code, a used refresh token, and the token that replaced it."""
        family = TokenFamily.objects.create(**self.whose, auth_time=ago(9), expires_at=ago(expires), **fields)
        whose = self.whose | {"family": family}
        AuthorizationCode.objects.create(**whose, code=family.id, expires=ago(8), redirect_uri="https://x", used_at=ago(9))
        ends = {"idle_expires_at": ago(expires), "expires_at": ago(expires)}
        RefreshToken.objects.create(**whose, **ends, token_checksum=f"{family.id} used", used_at=ago(8))
        RefreshToken.objects.create(**whose, **ends, token_checksum=f"{family.id} live")
        return family

    def opaque_token(self, family, expires):
        return AccessToken.objects.create(
            **self.whose, family=family, token_checksum=f"{family.id} {expires}", expires=ago(expires)
        )

    def request(self, name, expires):
        AuthorizationRequest.objects.create(
            **self.application, id=name, browser_sha256=name, params={}, created_at=ago(2), expires_at=ago(expires)
        )
