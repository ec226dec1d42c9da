"""Keys with which applications sign assertions (private_key_jwt): the writes. What Auth0 calls credentials of a client."""

import re
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from apis.models import Application, ClientCredential, CredentialAlg, TokenEndpointAuthMethod
from apis.services import applications
from apis.services.authentication_methods import read_methods, refusal
from tenants import changes
from tenants.changes import Actor
from tenants.keys.client_keys import ClientKey, UnusableKeyError, read_client_key

# Enough to change from one to the other without a pause.
MAX_CREDENTIALS = 2
_KID = re.compile(r"[0-9A-Za-z_-]{10,64}")


@transaction.atomic
def add_credential(
    application: Application,
    *,
    by: Actor,
    pem: str,
    alg: str = CredentialAlg.RS256,
    name: str = "",
    kid: str = "",
    expires_at: datetime | None = None,
    parse_expiry_from_cert: bool = False,
) -> ClientCredential:
    """A public key of `application`, which verifies its assertions once the application uses private_key_jwt.

    `kid` is the thumbprint of the key (RFC 7638) unless chosen. With `parse_expiry_from_cert` the key ends with its
    certificate. Raises ValidationError: a third key, one that is there already, a private or weak one, a past end.
    """
    key = _read(pem)
    # Two operators adding a key at once must not end up with three.
    changes.wait_for_turn(application.tenant_id, application)
    if ClientCredential.objects.filter(application=application).count() >= MAX_CREDENTIALS:
        raise ValidationError(f"An application has at most {MAX_CREDENTIALS} keys: remove one before you add another.")
    credential = ClientCredential(
        application=application,
        name=name,
        kid=_checked_kid(kid) if kid else key.kid,
        alg=alg,
        pem=key.pem,
        expires_at=_end(key, expires_at, parse_expiry_from_cert),
    )
    credential.jwk = {"use": "sig", "alg": alg, "kid": credential.kid} | key.jwk
    credential.full_clean()
    credential.save()
    _tell(credential, by, "Add a credential of a client")
    return credential


@transaction.atomic
def update_credential(credential: ClientCredential, *, by: Actor, expires_at: datetime | None) -> ClientCredential:
    """The key ends at `expires_at`, at once when that is past, never when it is None. Nothing else of a key changes."""
    changes.wait_for_turn(credential.application.tenant_id, credential)
    credential.expires_at = expires_at
    credential.save(update_fields=["expires_at", "updated_at"])
    _tell(credential, by, "Update a credential of a client")
    return credential


@transaction.atomic
def delete_credential(credential: ClientCredential, *, by: Actor) -> None:
    """Removes the key: what it signed is refused from now on, also when it was the application's last."""
    application, kid = credential.application, credential.kid
    changes.wait_for_turn(application.tenant_id)
    credential.delete()
    changes.changed(
        application.tenant, by, "Delete a credential of a client", target=application.client_id, values={"kid": kid}
    )


@transaction.atomic
def set_authentication_methods(application: Application, value: object, *, by: Actor) -> None:
    """Has `application` authenticate as `value` says, Auth0's `client_authentication_methods`.

    With `{"private_key_jwt": {"credentials": […]}}` it has exactly these keys from now on, those named by id and the new
    ones, and no secret. With None it leaves private_key_jwt for client_secret_post, for which it needs a new secret; its
    keys stay, unused. Raises ValidationError.
    """
    changes.wait_for_turn(application.tenant_id, application)
    signs = application.token_endpoint_auth_method == TokenEndpointAuthMethod.PRIVATE_KEY_JWT
    if value is not None:
        _replace(application, read_methods(value), by=by)
    if signs != (value is not None):
        # Not back to its type's default, which may be none: who had to prove itself must not be let in without.
        method = TokenEndpointAuthMethod.CLIENT_SECRET_POST if signs else TokenEndpointAuthMethod.PRIVATE_KEY_JWT
        applications.update_application(application, by=by, token_endpoint_auth_method=method)


def _replace(application: Application, wanted: list[str | dict[str, Any]], *, by: Actor) -> None:
    """The keys of `application` become the `wanted` ones, as `read_methods` tells them."""
    held = {credential.pk: credential for credential in ClientCredential.objects.filter(application=application)}
    named = {item for item in wanted if isinstance(item, str)}
    if not named <= held.keys():
        raise refusal("No credential of this client has this id")
    for pk, credential in held.items():
        if pk not in named:
            delete_credential(credential, by=by)
    for item in wanted:
        if not isinstance(item, str):
            add_credential(application, by=by, **item)


def client_authentication_methods(application: Application) -> dict[str, Any] | None:
    """As Auth0's client shows them, ids only; None where a secret or nothing authenticates. Reads `credentials`."""
    if application.token_endpoint_auth_method != TokenEndpointAuthMethod.PRIVATE_KEY_JWT:
        return None
    return {"private_key_jwt": {"credentials": [{"id": credential.pk} for credential in application.credentials.all()]}}


def _read(pem: str) -> ClientKey:
    try:
        return read_client_key(pem)
    except UnusableKeyError as error:
        raise ValidationError({"pem": str(error)}) from error


def _checked_kid(kid: str) -> str:
    if not _KID.fullmatch(kid):
        raise ValidationError({"kid": "A key ID of your own has 10 to 64 letters, digits, hyphens and underscores."})
    return kid


def _end(key: ClientKey, expires_at: datetime | None, by_certificate: bool) -> datetime | None:
    if by_certificate:
        if key.not_valid_after is None or expires_at is not None:
            raise ValidationError(
                {"parse_expiry_from_cert": "Only a certificate says when it ends, and only if nothing else is said to."}
            )
        expires_at = key.not_valid_after
    if expires_at is not None and expires_at <= timezone.now():
        raise ValidationError({"expires_at": "The key would have expired already."})
    return expires_at


def _tell(credential: ClientCredential, by: Actor, description: str) -> None:
    application = credential.application
    values = {"kid": credential.kid, "alg": credential.alg, "name": credential.name, "expires_at": credential.expires_at}
    changes.changed(application.tenant, by, description, target=application.client_id, values=values)
