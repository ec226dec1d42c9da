"""Scopes as people read them: the API's descriptions, or grouped as `wire.md` §1.8 has it; OpenID Connect's in ours."""

from typing import Any

from django.utils.translation import gettext as _

from apis.registry import APIValue
from authserver.pages.showing import readable
from authserver.scopes import OFFLINE_ACCESS, OIDC_SCOPES
from tenants.config_cache import CurrentTenant

# What takes something away, or lasts: said first, and marked.
_SENSITIVE = ("delete", "remove", "admin", "manage", "write", "update", "create")


def groups(tenant: CurrentTenant, api: APIValue | None, scopes: tuple[str, ...]) -> list[dict[str, Any]]:
    """The list of the consent page: what concerns the API, then what concerns the person's profile."""
    of_api = tuple(scope for scope in scopes if scope not in OIDC_SCOPES)
    of_person = tuple(scope for scope in scopes if scope in OIDC_SCOPES)
    found = [
        {"title": readable(api.name) if api else "", "items": items(tenant, api, of_api)},
        {"title": _("Your account"), "items": items(tenant, api, of_person)},
    ]
    return [group for group in found if group["items"]]


def items(tenant: CurrentTenant, api: APIValue | None, scopes: tuple[str, ...]) -> list[dict[str, Any]]:
    """One sentence each, the weightier ones first."""
    if tenant.flags["use_scope_descriptions_for_consent"]:
        listed = [_item(_described(api, scope), scope, sensitive=_is_sensitive(scope)) for scope in scopes]
    else:
        listed = _by_resource(scopes)
    return sorted(listed, key=lambda item: not item["sensitive"])


def _described(api: APIValue | None, scope: str) -> str:
    return _of_oidc().get(scope, "") or (api.permissions.get(scope, "") if api else "") or _spoken(scope)


def _by_resource(scopes: tuple[str, ...]) -> list[dict[str, Any]]:
    """`read:orders create:orders` as "orders: read, create", as Auth0 groups them."""
    actions: dict[str, list[str]] = {}
    alone: list[dict[str, Any]] = []
    for scope in scopes:
        action, colon, resource = scope.partition(":")
        if colon and resource:
            actions.setdefault(resource, []).append(action)
        else:
            alone.append(_item(_of_oidc().get(scope, "") or scope, scope, sensitive=_is_sensitive(scope)))
    grouped = [
        _item(
            f"{resource}: {', '.join(named)}",
            " ".join(f"{action}:{resource}" for action in named),
            sensitive=any(_is_sensitive(action) for action in named),
        )
        for resource, named in actions.items()
    ]
    return grouped + alone


def _item(sentence: str, scope: str, *, sensitive: bool) -> dict[str, Any]:
    return {"sentence": sentence, "scope": scope, "sensitive": sensitive}


def _is_sensitive(scope: str) -> bool:
    return scope == OFFLINE_ACCESS or scope.partition(":")[0] in _SENSITIVE


def _spoken(scope: str) -> str:
    """A scope without a description: `read:orders` says "read orders"."""
    action, colon, resource = scope.partition(":")
    return f"{action} {resource}" if colon else scope


def _of_oidc() -> dict[str, str]:
    return {
        "profile": _("See your name, picture and other details of your profile"),
        "email": _("See your e-mail address"),
        "address": _("See your postal address"),
        "phone": _("See your phone number"),
        OFFLINE_ACCESS: _("Keep access when you are away, until you take it back"),
    }
