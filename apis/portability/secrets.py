"""With what a tenant's applications and APIs go on working elsewhere: client_ids, hashes of secrets, signing secrets.

Client secrets are stored as hashes, so hashes are what travels; those that sign ID tokens (HS256) travel readable.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError

from apis.models import API, Application, ClientSecret
from apis.portability import strangers
from apis.services.apis import reveal_signing_secret, update_api
from apis.services.moving import MovedSecret, take_over
from tenants.changes import Actor
from tenants.keys import encryption
from tenants.models import Tenant

CLIENTS, RESOURCE_SERVERS = "clients", "resourceServers"


def collect(tenant: Tenant) -> dict[str, Any]:
    """The secrets of `tenant` as `secrets.yaml` has them."""
    rows = Application.objects.of(tenant).exclude(client_id__in=strangers.client_ids(tenant))
    applications = rows.prefetch_related("secrets").order_by("name", "pk")
    apis = API.objects.of(tenant).exclude(signing_secret=None).order_by("identifier")
    return {
        CLIENTS: {
            app.name: {"client_id": app.client_id, "secrets": [_told(secret) for secret in app.secrets.all()]}
            for app in applications
        },
        RESOURCE_SERVERS: {api.identifier: {"signing_secret": reveal_signing_secret(api)} for api in apis},
    }


def apply(tenant: Tenant, secrets: Mapping[str, Any], made: Mapping[str, str], *, by: Actor) -> int:
    """Gives applications that were just `made` (name → client_id) and HS256 APIs what `secrets` has for them.

    An application that was here before keeps its own. Returns how many were given. Raises ValidationError.
    """
    count = 0
    try:
        for name, client_id in made.items():
            if said := secrets.get(CLIENTS, {}).get(name):
                application = Application.objects.of(tenant).get(client_id=client_id)
                take_over(application, said["client_id"], [_read(row) for row in said["secrets"]], by=by)
                count += 1
        for identifier, said in secrets.get(RESOURCE_SERVERS, {}).items():
            api = API.objects.of(tenant).filter(identifier=identifier).exclude(signing_secret=None).first()
            if api is not None and reveal_signing_secret(api) != said["signing_secret"]:
                update_api(api, by=by, signing_secret=said["signing_secret"])
                count += 1
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise ValidationError("secrets.yaml is not as export_tenant writes it.") from error
    return count


def _told(secret: ClientSecret) -> dict[str, Any]:
    told: dict[str, Any] = {"sha256": bytes(secret.sha256).hex(), "last_four": secret.last_four}
    if secret.expires_at:
        told["expires_at"] = secret.expires_at.isoformat()
    return told | ({"value": encryption.decrypt(secret.encrypted).decode()} if secret.encrypted else {})


def _read(row: Mapping[str, Any]) -> MovedSecret:
    expires_at = datetime.fromisoformat(str(row["expires_at"])).astimezone(UTC) if "expires_at" in row else None
    return MovedSecret(bytes.fromhex(row["sha256"]), str(row["last_four"])[:4], expires_at, str(row.get("value", "")))
