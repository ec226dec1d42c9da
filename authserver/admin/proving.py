"""Whether an application could prove who it is at the token endpoint, or have people sign in: as values and as conditions.

What is said here of the phases before the policy is said twice, once for a page of rows and once for a search among
thousands. A test compares both with the token endpoint itself.
"""

import time
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from apis.models import ClientCredential, ClientSecret, TokenEndpointAuthMethod
from apis.registry import ApplicationValue, CredentialValue, SecretValue

# Those that lead to tokens on a person's behalf in the first place; a refresh token only continues one of them.
PEOPLES_GRANT_TYPES = (
    "authorization_code",
    "implicit",
    "password",
    "http://auth0.com/oauth/grant-type/password-realm",
)
_BY_KEY = TokenEndpointAuthMethod.PRIVATE_KEY_JWT
_WITHOUT_SECRET = (TokenEndpointAuthMethod.NONE, _BY_KEY)


def can_prove_itself(client: ApplicationValue) -> bool:
    """Whether it has a secret, or key, that works now."""
    if client.is_public:
        return False
    held: Iterable[SecretValue | CredentialValue] = client.secrets
    if client.token_endpoint_auth_method == _BY_KEY:
        held = client.credentials
    now = time.time()
    return any(each.expires_at is None or each.expires_at > now for each in held)


def serves_people(client: ApplicationValue) -> bool:
    """Whether it may use a grant type with which people sign in."""
    return any(name in client.grant_types for name in PEOPLES_GRANT_TYPES)


def proves_itself() -> Q:
    """`can_prove_itself`, as a condition on applications."""
    live = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    secret = ClientSecret.objects.filter(live, application=OuterRef("pk"))
    key = ClientCredential.objects.filter(live, application=OuterRef("pk"))
    by_secret = ~Q(token_endpoint_auth_method__in=_WITHOUT_SECRET) & Q(Exists(secret))
    return by_secret | (Q(token_endpoint_auth_method=_BY_KEY) & Q(Exists(key)))


def may_use(column: str, grant_types: Iterable[str]) -> Q:
    """Whether `column`, the grant types of an application as text, has one of `grant_types`."""
    found = Q()
    for name in grant_types:
        found |= Q(**{f"{column}__contains": f'"{name}"'})
    return found
