"""The pages that a tenant's preview shows, with what an invented person of an invented application would see on them."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from authserver.pages import scope_sentences
from tenants import passwords
from tenants.config_cache import CurrentTenant

_PERSON = {"name": "Ada Lovelace", "email": "ada@example.com"}
_APPLICATION = {"name": "Example"}
_REFERENCE = "5f0c31a7b2e4"

FIRST = "login"
TITLES = {FIRST: "Login", "signup": "Sign-up", "consent": "Consent", "error": "Error", "logged_out": "Logged out"}


def page(name: str, tenant: CurrentTenant) -> tuple[str, dict[str, Any]]:
    """The template of the page `name` and its context, in the language that is active."""
    return f"authserver/{name}.html", {"application": _APPLICATION} | _CONTEXTS[name](tenant)


def _login(tenant: CurrentTenant) -> dict[str, Any]:
    return {"username": _PERSON["email"], "signup_url": "#", "cancel": True}


def _signup(tenant: CurrentTenant) -> dict[str, Any]:
    return {"login_url": "#", "min_length": passwords.MIN_LENGTH}


def _consent(tenant: CurrentTenant) -> dict[str, Any]:
    return {
        "user": _PERSON,
        "other_account": True,
        "address": "app.example.com",
        "account_url": "#",
        "groups": scope_sentences.groups(tenant, None, ("profile", "email", "offline_access")),
    }


def _error(tenant: CurrentTenant) -> dict[str, Any]:
    return {
        "title": _("This page has expired"),
        "explanation": _("The login or approval that it belongs to waited too long."),
        "advice": _("Please go back to the application and start again."),
        "back_url": "#",
        "reference": _REFERENCE,
    }


def _logged_out(tenant: CurrentTenant) -> dict[str, Any]:
    return {"home_url": "#"}


_CONTEXTS: dict[str, Callable[[CurrentTenant], dict[str, Any]]] = {
    "login": _login,
    "signup": _signup,
    "consent": _consent,
    "error": _error,
    "logged_out": _logged_out,
}
