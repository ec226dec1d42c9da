"""Authorization codes (RFC 6749 §4.1.2): random, stored as SHA-256, good for one minute and one use."""

from datetime import timedelta

from django.utils import timezone

from authserver.authorize_request import AuthorizeRequest
from authserver.families import CODE_LIFETIME
from authserver.models import AuthorizationCode, TokenFamily
from authserver.random_secrets import digest, fresh
from tenants.config_cache import CurrentTenant

LIFETIME = timedelta(seconds=CODE_LIFETIME)


def issue(asked: AuthorizeRequest, family: TokenFamily) -> str:
    """A code for what `family` was started for, bound to the request. Returns its value; only the hash is stored."""
    value = fresh()
    AuthorizationCode.objects.create(
        tenant_id=family.tenant_id,
        application_id=family.application_id,
        user_id=family.user_id,
        family=family,
        code=digest(value),
        expires=timezone.now() + LIFETIME,
        # "" when the request had none: then the exchange need not repeat it (RFC 6749 §4.1.3).
        redirect_uri=asked.redirect_uri if asked.redirect_uri_sent else "",
        scope=" ".join(family.scopes),
        code_challenge=asked.code_challenge,
        code_challenge_method="S256" if asked.code_challenge else "",
        nonce=asked.nonce,
    )
    return value


def find(tenant: CurrentTenant, value: str) -> AuthorizationCode | None:
    """The code of this tenant, used and expired ones too, with its family, user and session. One statement."""
    related = AuthorizationCode.objects.of(tenant).select_related("family__user", "family__session")
    return related.filter(code=digest(value)).first()


def claim(code: AuthorizationCode) -> bool:
    """Takes the code's one use. False when somebody was faster: the row count decides (T-021)."""
    return AuthorizationCode.objects.filter(pk=code.pk, used_at=None).update(used_at=timezone.now()) == 1
