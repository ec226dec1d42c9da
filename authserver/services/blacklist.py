"""Ending one access token by its jti, before its time: Auth0's blacklist.

Our own endpoints refuse it at once (`authserver.bearer`); an API that looks at signatures only takes it until it expires.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from apis.models import API
from authserver.models import RevokedToken
from authserver.services.telling import tell
from tenants.changes import Actor

# The longest that an API may give its tokens. When this one expires nobody says, and the API may have changed its mind.
LONGEST_LIFETIME = timedelta(seconds=2_592_000)


@transaction.atomic
def blacklist_token(api: API, jti: str, *, by: Actor) -> bool:
    """Ends the access token with `jti`, one for `api`, alone: others of its family live on. False when it had ended so."""
    about = {"api": api, "expires_at": timezone.now() + LONGEST_LIFETIME}
    _, is_new = RevokedToken.objects.get_or_create(tenant=api.tenant, jti=jti, defaults=about)
    if is_new:
        tell(by, "Revoke an access token", tenant_id=api.tenant_id, target=jti, api=api)
    return is_new
