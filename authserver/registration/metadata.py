"""Client metadata by the RFCs' names (RFC 7591 §2, OIDC Registration 1.0 §2) ↔ settings of an application.

Members that are not known are ignored and not answered, those for other languages (`client_name#de`) and `scope` among them:
what is not in the answer is not registered. Which addresses are safe is `apis.redirect_uris`' to say, as for every
application.
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError

from apis.models import Application, AppType, IDTokenAlg
from authserver import errors
from authserver.models import ClientRegistration
from authserver.registration import addresses, grants, unsupported
from authserver.registration.members import Members

MOST_ADDRESSES = 50
MOST_CONTACTS = 10
_PAGES = ("logo_uri", "policy_uri", "tos_uri")
# Members that the application keeps beside its columns, where the Management API and the flows find them.
KEPT_BY_APPLICATION = ("initiate_login_uri", "default_max_age")
# Names of the application's columns, where the RFCs have others.
_MEMBER = {"name": "client_name", "id_token_alg": "id_token_signed_response_alg"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an application asks to be: arguments of `apis.services.applications`, and what is kept beside it."""

    name: str
    settings: dict[str, Any]
    kept: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)


def wanted(values: dict[str, Any]) -> Wanted:
    """The application that `values` describe; what is left out has its default.

    Raises InvalidRedirectURI, InvalidClientMetadata, InvalidSoftwareStatement, UnapprovedSoftwareStatement. The rules of the
    application itself are judged when it is written; `refusal` says those in the RFC's words.
    """
    unsupported.refuse(values)
    members = Members(values)
    members.choice("subject_type", ("public",), "public")
    auth_method = members.choice("token_endpoint_auth_method", grants.AUTH_METHODS, grants.AUTH_METHODS[0])
    grant_types = grants.grant_types(members, auth_method)
    native = members.choice("application_type", ("web", "native"), "web") == "native"
    uris = _redirect_uris(members, required=grants.CODE in grant_types)
    settings = {
        "app_type": _app_type(grant_types, auth_method, native=native),
        "grant_types": grant_types,
        "token_endpoint_auth_method": auth_method,
        "redirect_uris": "\n".join(uris),
        "post_logout_redirect_uris": "\n".join(_addresses(members, "post_logout_redirect_uris")),
        "id_token_alg": members.choice("id_token_signed_response_alg", tuple(IDTokenAlg.values), IDTokenAlg.RS256),
        **{name: members.address(name) for name in _PAGES},
    }
    kept = {
        "initiate_login_uri": members.address("initiate_login_uri"),
        "default_max_age": members.seconds("default_max_age"),
    }
    return Wanted(members.text("client_name") or _name(uris), settings, _present(kept), _present(_said(members)))


def described(application: Application, registration: ClientRegistration) -> dict[str, Any]:
    """All that is registered of `application` now (RFC 7591 §3.2.1), without its credentials."""
    kept = {name: application.other_settings.get(name) for name in KEPT_BY_APPLICATION}
    about = {
        "client_id": application.client_id,
        "client_id_issued_at": int(registration.created_at.timestamp()),
        "client_name": application.name,
        "application_type": "native" if application.app_type == AppType.NATIVE else "web",
        "redirect_uris": application.redirect_uris.split(),
        "post_logout_redirect_uris": application.post_logout_redirect_uris.split(),
        "grant_types": application.grant_types,
        "token_endpoint_auth_method": application.token_endpoint_auth_method,
        "id_token_signed_response_alg": application.id_token_alg,
        "subject_type": "public",
        **{name: getattr(application, name) for name in _PAGES},
    }
    # Left out, it would mean code.
    answered = {"response_types": grants.response_types(application.grant_types)}
    return _present(about | kept | registration.metadata) | answered


def refusal(error: ValidationError) -> errors.OAuthError:
    """A rule of the application, broken, in the words of RFC 7591 §3.2.2."""
    problems = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    if "redirect_uris" in problems:
        return errors.InvalidRedirectURI(reason=problems["redirect_uris"][0])
    column, messages = next(iter(problems.items()))
    member = _MEMBER.get(column, column)
    return errors.InvalidClientMetadata(reason=f"{member}: {messages[0]}" if member else messages[0])


def _redirect_uris(members: Members, *, required: bool) -> list[str]:
    try:
        found = _addresses(members, "redirect_uris")
    except errors.InvalidClientMetadata as error:
        raise errors.InvalidRedirectURI(**error.particulars) from error
    if required and not found:
        raise errors.InvalidRedirectURI(reason="redirect_uris is missing: the code is sent there")
    return found


def _addresses(members: Members, name: str) -> list[str]:
    found = members.texts(name, most=MOST_ADDRESSES, longest=addresses.MAX_LENGTH)
    # They are kept one a line, so one that holds a break would become two.
    if any(uri.split() != [uri] for uri in found):
        raise errors.InvalidClientMetadata(reason=f"{name}: an address has no white space")
    return found


def _app_type(grant_types: list[str], auth_method: str, *, native: bool) -> str:
    """Auth0's word for what it is. `application_type` decides which addresses it may have (OIDC Registration §2).

    A native one may have https addresses as well: RFC 8252 §7.2 came later and has servers allow them. Http on loopback is
    open to web applications too, which OIDC forbids for the implicit flow only.
    """
    if native:
        return AppType.NATIVE
    if grants.CODE not in grant_types:
        return AppType.NON_INTERACTIVE
    return AppType.SPA if auth_method == "none" else AppType.REGULAR_WEB


def _name(uris: list[str]) -> str:
    """What people read when an application gave no name: where it lives."""
    try:
        host = urlsplit(uris[0]).hostname if uris else ""
    except ValueError:
        host = ""
    return (host or "")[:100] or "Unnamed application"


def _said(members: Members) -> dict[str, Any]:
    """What is only ever answered again. Every ID token states auth_time, so require_auth_time asks for nothing more."""
    return {
        "client_uri": members.address("client_uri"),
        "contacts": members.texts("contacts", most=MOST_CONTACTS, longest=254),
        "software_id": members.text("software_id"),
        "software_version": members.text("software_version"),
        "require_auth_time": members.flag("require_auth_time"),
    }


def _present(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value not in ("", None, []) and value is not False}
