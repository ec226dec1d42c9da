"""The console pages that a refusal may lead to: addresses and what to call them. `remedy_links` says which leads where."""

from typing import Any

from django.db.models import Model
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from authserver.admin.remedy_parties import Refusal
from tenants.console.pages import change_url, object_url
from tenants.console.sections import Link
from tenants.models import Tenant

# Where a setting stands that is not on the tab Settings: the tab, and the part of it.
_ELSEWHERE = {"token_endpoint_auth_method": ("credentials", "method"), "flags": ("advanced", "id_flags")}


def api_applications(refusal: Refusal) -> Link | None:
    """The switch between the two: on the API's page or, where no such API is known, on the application's."""
    if refusal.api:
        text = "Open the API's applications"
        return Link(text, _tab(refusal.api, "applications") + _query(q=refusal.client_id if refusal.application else ""))
    if refusal.application:
        return Link("Open the application's APIs", _tab(refusal.application, "apis"))
    return api_list(refusal)


def api_setting(text: str, field: str) -> Any:
    """The place of a setting of the API."""
    return lambda refusal: Link(text, _field(refusal.api, field)) if refusal.api else None


def application_setting(text: str, field: str) -> Any:
    """The place of a setting of the application; the way to all of them where it is not known."""

    def place(refusal: Refusal) -> Link | None:
        return Link(text, _field(refusal.application, field)) if refusal.application else application_list(refusal)

    return place


def logout_urls(refusal: Refusal) -> Link:
    """Where an application's people may go after logging out; the tenant's list where no application said where from."""
    if refusal.application:
        return Link("Open the logout URLs", _field(refusal.application, "post_logout_redirect_uris"))
    return Link("Open the tenant's logout URLs", _field(Tenant(pk=refusal.tenant_id), "allowed_logout_urls"))


def tenant_setting(text: str, field: str) -> Any:
    """The place of a setting of the tenant."""
    return lambda refusal: Link(text, _field(Tenant(pk=refusal.tenant_id), field))


def credentials(refusal: Refusal) -> Link | None:
    """The application's secrets and keys; where it is disabled no secret helps, and where it is unknown it has none."""
    if refusal.application and refusal.application.enabled:
        return Link("Open the application's credentials", _tab(refusal.application, "credentials"))
    return known_application(refusal)


def known_application(refusal: Refusal) -> Link | None:
    """The switch of an application that is disabled; for one that nobody made, the list of those that there are."""
    return disabled_application(refusal) or application_list(refusal)


def disabled_application(refusal: Refusal) -> Link | None:
    """The switch of the application, if that is what stands in the way."""
    if refusal.application is None or refusal.application.enabled:
        return None
    # Who may not enable it has no such tab.
    tab = "danger" if refusal.may_change else "change"
    return Link("Enable the application", _tab(refusal.application, tab))


def offline_access(refusal: Refusal) -> Link | None:
    """The API's switch for refresh tokens, if that is what stands in the way."""
    if refusal.api is None or refusal.api.allow_offline_access:
        return None
    return Link("Open the API's access settings", _field(refusal.api, "allow_offline_access"))


def user_page(refusal: Refusal) -> Link | None:
    """The page of the person; the switch that blocks them, if that is what stands in the way and may be changed."""
    if refusal.user and refusal.user.blocked and refusal.may_change:
        return Link("Unblock the user", _tab(refusal.user, "danger"))
    return Link("Open the user", change_url(refusal.user)) if refusal.user else None


def api_list(refusal: Refusal) -> Link:
    """All APIs, where one can be added."""
    return Link("See the APIs", reverse("admin:apis_api_changelist"))


def application_list(refusal: Refusal) -> Link:
    """All applications, where one can be added."""
    return Link("See the applications", reverse("admin:apis_application_changelist"))


def connection_list(refusal: Refusal) -> Link:
    """All connections, by their names."""
    return Link("See the connections", reverse("admin:tenants_connection_changelist"))


def signing_keys(refusal: Refusal) -> Link:
    """The keys of the tenant."""
    return Link("Open the signing keys", _tab(Tenant(pk=refusal.tenant_id), "keys"))


def _tab(obj: Model, name: str) -> str:
    """The address of a tab of `obj`, and of its settings where it has no such tab."""
    try:
        return object_url(obj, name)
    except NoReverseMatch:
        return change_url(obj)


def _field(obj: Model, name: str) -> str:
    tab, part = _ELSEWHERE.get(name, ("change", f"id_{name}"))
    return f"{_tab(obj, tab)}#{part}"


def _query(**values: str) -> str:
    said = {name: value for name, value in values.items() if value}
    return f"?{urlencode(said)}" if said else ""
