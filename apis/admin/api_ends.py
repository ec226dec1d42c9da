"""What is said before an API is deleted, and the one sight of its signing secret."""

from collections.abc import Collection

from django.db.models import Count

from apis.models import API, ClientGrant, Permission
from tenants.console.pages import FreshSecret

NEW_SIGNING_SECRET = (
    "Tokens are signed with the new secret from now on. The API must know it by then: it will refuse every new token, "
    "and from the change on every old one."
)


def consequences(apis: Collection[API]) -> list[str]:
    """What goes along with `apis`, in sentences."""
    permissions = Permission.objects.filter(api__in=apis).count()
    calling = ClientGrant.objects.filter(api__in=apis).aggregate(found=Count("application", distinct=True))["found"]
    return [
        f"{_counted(permissions, 'permission')} will go, also from the roles and users that hold them.",
        f"{_counted(calling, 'application')} will get no token for it any more: the client grants go, too.",
        "What people allowed there will go: consents and refresh tokens.",
        "Access tokens that are JWTs stay valid at the API until they expire.",
    ]


def signing_secret(api: API, value: str) -> FreshSecret:
    """`value`, to be shown in the answer to the request that made it."""
    return FreshSecret(
        title=f"Signing secret of {api}",
        label="Signing secret (HS256)",
        value=value,
        notes=("Give it to the API: it verifies tokens with it. Whoever knows it can make tokens that the API accepts.",),
    )


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
