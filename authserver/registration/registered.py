"""Registrations as they are looked up: by the client's own token, by pages that warn of strangers, by exports."""

import hmac
from typing import Any

from django.db.models import QuerySet

from apis.registry import ApplicationValue
from authserver import errors
from authserver.models import ClientRegistration
from authserver.random_secrets import digest
from tenants.config_cache import CurrentTenant
from tenants.models.scoping import HasId

# Compared with where there is nothing, so that an unknown client takes as long as a wrong token.
_NOTHING = digest("")


def by_token(tenant: CurrentTenant, client_id: str, token: str) -> ClientRegistration:
    """The registration of `client_id` that `token` manages. Raises InvalidToken, for whatever reason (RFC 7592 §2).

    An application that an operator switched off, or made one of the house, is the operator's: a token that was given to a
    stranger changes nothing about it.
    """
    rows = ClientRegistration.objects.of(tenant).select_related("application__tenant")
    found = rows.filter(application__client_id=client_id).first()
    if not hmac.compare_digest(digest(token), found.token_sha256 if found else _NOTHING) or found is None:
        raise errors.InvalidToken(reason="The registration access token is not the one of this client, or not any more.")
    if not found.application.enabled or found.application.is_first_party:
        raise errors.InvalidToken(reason="An operator disabled this application, or made it first-party.")
    return found


def third_parties(tenant: HasId) -> QuerySet[Any, str]:
    """client_ids of those that registered themselves, and that no operator made an application of the house."""
    rows = ClientRegistration.objects.of(tenant).filter(application__is_first_party=False)
    return rows.values_list("application__client_id", flat=True)


def registered_itself(tenant: CurrentTenant, client: ApplicationValue) -> bool:
    """Whether nobody but the application itself vouches for what it says of itself."""
    return tenant.cached(
        "registered itself",
        client.client_id,
        lambda: ClientRegistration.objects.of(tenant).filter(application=client.id).exists(),
    )
