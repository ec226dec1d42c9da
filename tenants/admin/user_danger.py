"""What is dangerous for a user: blocking, a new password, being deleted. Each is a page that asks first."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from tenants import services
from tenants.admin.user_forms import NewPasswordForm
from tenants.console import danger
from tenants.console.access import actor
from tenants.console.danger import Deed
from tenants.console.pages import object_url, question
from tenants.models import User

BLOCK = (
    "This person can no longer sign in anywhere. Every session and refresh token of theirs ends at once; access tokens that "
    "APIs verify by their signature stay good until they expire. Nothing is lost: you can unblock them at any time."
)
UNBLOCK = "This person can sign in again, with the password, roles and consents that they had before."
PASSWORD = "The old password stops working at once, and every session and refresh token of this person ends."
DELETE = (
    "Their profile, roles, sessions, tokens and consents go, and nothing brings them back. Somebody who signs up with the "
    "same e-mail is a new person to every application. To keep them out, block them instead."
)


class Asked(NamedTuple):
    """The words of a question."""

    title: str
    text: str
    button: str


def deeds(request: HttpRequest, user: User) -> Sequence[Deed]:
    """What the danger zone of `user` offers of this floor."""
    block = Deed(10, "Block this person", BLOCK, "Block", object_url(user, "block"))
    unblock = Deed(10, "Unblock this person", UNBLOCK, "Unblock", object_url(user, "unblock"), harmless=True)
    return [
        unblock if user.blocked else block,
        Deed(20, "Set a new password", PASSWORD, "Set a password", object_url(user, "password")),
        Deed(90, "Delete this person", DELETE, "Delete", object_url(user, "delete")),
    ]


class UserDangerPages:
    """The part of a user's pages that blocks, unblocks and sets a password."""

    def danger_urls(self: Any) -> list[URLPattern]:
        # Two addresses, as a switch that is pressed twice must not be back where it was.
        return [
            self.own_url("<path:object_id>/block/", self.block_view, "block"),
            self.own_url("<path:object_id>/unblock/", self.unblock_view, "unblock"),
            self.own_url("<path:object_id>/password/", self.password_view, "password"),
        ]

    def block_view(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        user = _changeable(self, request, object_id)
        if request.method != "POST":
            return _ask(self, request, user, Asked(f"Block {user}?", BLOCK, "Block"))
        return _set_blocked(self, request, user, blocked=True)

    def unblock_view(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        user = _changeable(self, request, object_id)
        if request.method != "POST":
            return _ask(self, request, user, Asked(f"Unblock {user}?", UNBLOCK, "Unblock"))
        return _set_blocked(self, request, user, blocked=False)

    @method_decorator(sensitive_post_parameters())
    def password_view(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        user = _changeable(self, request, object_id)
        form = NewPasswordForm(user, request.POST or None)
        if request.method == "POST" and form.is_valid():
            services.set_password(user, form.cleaned_data["password"], by=actor(request))
            messages.success(request, f"{user} has a new password. Tell them on a safe way.")
            return HttpResponseRedirect(object_url(user, danger.NAME))
        return _ask(self, request, user, Asked(f"Set a password for {user}", PASSWORD, "Set password"), form)


def _changeable(page: Any, request: HttpRequest, object_id: str) -> User:
    user: User = page.get_object(request, unquote(object_id))
    if not page.has_change_permission(request, user):
        raise PermissionDenied
    return user


def _ask(page: Any, request: HttpRequest, user: User, asked: Asked, form: Any = None) -> HttpResponse:
    back = object_url(user, danger.NAME)
    return question(page, request, title=asked.title, text=asked.text, button=asked.button, obj=user, form=form, back=back)


def _set_blocked(page: Any, request: HttpRequest, user: User, *, blocked: bool) -> HttpResponse:
    done = "blocked" if blocked else "unblocked"
    if user.blocked != blocked:
        services.update_user(user, by=actor(request), blocked=blocked)
        page.log_change(request, user, f"{done.capitalize()} them.")
    messages.success(request, f"{user} is {done}.")
    return HttpResponseRedirect(object_url(user, danger.NAME))
