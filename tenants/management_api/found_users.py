"""Users by the id in an address or a body, for every resource that is about one of them."""

from collections.abc import Collection
from urllib.parse import unquote

from tenants.models import User
from tenants.models.scoping import HasId
from tenants.profile import is_text
from tenants.rest.errors import ManagementError
from tenants.rest.views import ManagementView


class UserView(ManagementView):
    """Base of what is below /users/{user_id}."""

    taken = "The user already exists."

    def _refusal(self, exc: Exception) -> ManagementError:
        # Deleted between two statements of one call: a service that locks the row finds it no more.
        return no_user() if isinstance(exc, User.DoesNotExist) else super()._refusal(exc)


def no_user() -> ManagementError:
    """404, as Auth0 says it."""
    return ManagementError(404, "The user does not exist.", "inexistent_user")


def spellings(user_id: str) -> list[str]:
    """What a `user_id` in an address may mean: itself, or what it is when it was encoded twice (`wire.md` §2.1)."""
    return [text for text in (user_id, unquote(user_id)) if is_text(text)]


def first(tenant: HasId, user_id: str) -> User | None:
    """The user of `tenant` that an address names, with their connection; one statement."""
    return User.objects.of(tenant).select_related("connection").filter(user_id__in=spellings(user_id)).first()


def found(tenant: HasId, user_id: str) -> User:
    """The same. Raises ManagementError 404."""
    user = first(tenant, user_id)
    if user is None:
        raise no_user()
    return user


def every(tenant: HasId, user_ids: Collection[str]) -> list[User]:
    """The users that a body names; one statement. Raises ManagementError 404 when one of them is unknown."""
    users = list(User.objects.of(tenant).filter(user_id__in=set(user_ids)))
    if len(users) < len(set(user_ids)):
        raise no_user()
    return users
