"""The groups of an application's settings, in the order of the work. What is seldom needed is folded until it is used."""

from collections.abc import Iterable
from typing import Any

from apis.admin.application_form import TRUST
from apis.models import Application, AppType
from apis.models.application_types import DEFAULT_GRANT_TYPES

ADDRESSES = ("redirect_uris", "post_logout_redirect_uris", "web_origins", "allowed_origins")
SIGN_IN = ("connections", "logo_uri", "policy_uri", "tos_uri", TRUST)
TOKENS = (
    "id_token_alg",
    "id_token_lifetime",
    "refresh_token_rotation",
    "refresh_token_leeway",
    "refresh_token_lifetime",
    "infinite_refresh_token_lifetime",
    "refresh_token_idle_lifetime",
    "infinite_refresh_token_idle_lifetime",
)
OAUTH = ("grant_types", "is_token_endpoint_ip_header_trusted")
METADATA = ("client_metadata",)
# Types that nobody signs in to, so most of what is about people is of no use to them.
WITHOUT_PEOPLE = frozenset({AppType.NON_INTERACTIVE, AppType.RESOURCE_SERVER})

_ADDRESSES_SAID = "One address per line. People and their codes are sent to these and nowhere else."
_SIGN_IN_SAID = "Who may sign in, and what people read on the login and consent pages."
_TOKENS_SAID = "How long what a sign-in brings stays valid. How long an access token lives is a setting of the API."
_OAUTH_SAID = "What it may ask for. How it proves who it is stands on the tab Credentials."
_METADATA_SAID = "Names and values of your own. No rule looks at them."


def of(application: Application) -> list[Any]:
    """The groups of the form of `application`, as Django's admin has them."""
    nobody = application.app_type in WITHOUT_PEOPLE
    backend = application.app_type == AppType.RESOURCE_SERVER or application.resource_server_id
    basics = ("name", "description", "app_type", *(("resource_server",) if backend else ()), "is_first_party")
    return [
        (None, {"fields": basics}),
        _group("Addresses", ADDRESSES, _ADDRESSES_SAID, foldable=nobody, used=_differs(application, ADDRESSES)),
        _group("Sign-in", SIGN_IN, _SIGN_IN_SAID, foldable=nobody, used=_differs(application, SIGN_IN[1:])),
        _group("Tokens", TOKENS, _TOKENS_SAID, used=_differs(application, TOKENS)),
        _group("OAuth", OAUTH, _OAUTH_SAID, used=_differs(application, OAUTH[1:]) or _chose_grant_types(application)),
        _group("Metadata", METADATA, _METADATA_SAID, used=_differs(application, METADATA)),
    ]


def _group(name: str, fields: Iterable[str], said: str, *, used: bool, foldable: bool = True) -> Any:
    classes = ("collapse", "unfolded") if foldable and used else ("collapse",) if foldable else ()
    return name, {"fields": fields, "description": said, "classes": classes}


def _differs(application: Application, names: Iterable[str]) -> bool:
    """Whether one of these settings is not what a new application has."""
    return any(getattr(application, name) != Application._meta.get_field(name).get_default() for name in names)


def _chose_grant_types(application: Application) -> bool:
    return set(application.grant_types) != set(DEFAULT_GRANT_TYPES.get(application.app_type, []))
