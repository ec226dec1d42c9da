"""HS256 ID tokens: the client secret is the key, so it is kept readable (encrypted), and only for as long as that.

Owns the rule and the encrypted copies; `apis.services.applications` calls it, and no view does.
"""

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from apis.models import Application, ClientSecret
from apis.models.application_types import IDTokenAlg
from tenants.keys import encryption


def readable_copy(application: Application, value: str) -> bytes | None:
    """`value`, a new secret of `application`, encrypted when it will sign ID tokens; else None, nothing to keep."""
    return encryption.encrypt(value.encode()) if application.id_token_alg == IDTokenAlg.HS256 else None


def refuse_unusable(application: Application, live: QuerySet[ClientSecret]) -> None:
    """Raises ValidationError for an HS256 application without a readable key: of no secret at all, or of hashed ones.

    `live` are the secrets that work now.
    """
    if application.id_token_alg != IDTokenAlg.HS256:
        return
    if application.is_public:
        raise ValidationError({"id_token_alg": "A public client has no secret, which HS256 signs with: choose another one."})
    if not application.authenticates_by_secret:
        raise ValidationError({"id_token_alg": "HS256 signs with a client secret, and private_key_jwt has none."})
    if hashed := list(live.filter(encrypted=None)):
        raise ValidationError(
            {
                "id_token_alg": "HS256 signs with the client secret, and of the one in use only a hash is kept "
                f"({', '.join(map(str, hashed))}). End it first, then choose HS256, then add a new secret. "
                "In the Management API, send a client_secret of your own with the same PATCH."
            }
        )


def erase_needless_copies(application: Application) -> None:
    """No secret of an application that left HS256 stays readable."""
    if application.id_token_alg != IDTokenAlg.HS256:
        ClientSecret.objects.filter(application=application).exclude(encrypted=None).update(encrypted=None)


def rewrap_client_secrets() -> int:
    """Re-encrypts every readable client secret under the first key-encryption key. Returns how many."""
    count = 0
    for pk, encrypted in ClientSecret.objects.exclude(encrypted=None).values_list("pk", "encrypted"):
        old = bytes(encrypted or b"")
        # Only what is still there: the copy may have been erased since it was read.
        count += ClientSecret.objects.filter(pk=pk, encrypted=old).update(encrypted=encryption.rewrap(old))
    return count
