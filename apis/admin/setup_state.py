"""What is set up in a tenant at all: answered in one statement, in which each question stops at the first row."""

from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import NoReverseMatch

from apis.models import API, Application, AppType, ClientGrant, Permission, UserPolicy
from tenants.audit.counts import ISSUED
from tenants.console.pages import change_url, object_url
from tenants.models import Connection, LogEvent, Tenant, User

OF_PEOPLE = (AppType.REGULAR_WEB, AppType.SPA, AppType.NATIVE)
_OWN = {"tenant": OuterRef("pk")}


def state_of(tenant: Tenant) -> Any:
    """`tenant` with `first_api` (an id, or None) and the answers to what has_…, is_… and lets_… ask."""
    apis, applications = API.objects.filter(is_system=False, **_OWN), Application.objects.filter(**_OWN)
    # Every tenant begins with an application for the Management API, so that one says nothing.
    managing = ClientGrant.objects.filter(application=OuterRef("pk"), api__is_system=True)
    answers = {
        "first_api": Subquery(apis.order_by("created_at", "id").values("pk")[:1]),
        "has_permissions": Exists(Permission.objects.filter(api__tenant=OuterRef("pk"), api__is_system=False)),
        "has_application": Exists(applications.filter(~Exists(managing))),
        "has_grant": Exists(ClientGrant.objects.filter(api__is_system=False, **_OWN)),
        "has_open_api": Exists(apis.filter(user_policy=UserPolicy.ALLOW_ALL)),
        "has_connection": Exists(Connection.objects.filter(**_OWN)),
        "has_token": Coalesce(*(_newest(event_type) for event_type in sorted(ISSUED))),
        "is_for_people": Exists(applications.filter(app_type__in=OF_PEOPLE)),
        "lets_people_in": Exists(_ways_in()),
    }
    return Tenant.objects.filter(pk=tenant.pk).only("pk").annotate(**answers).get()


def _newest(event_type: str) -> Subquery:
    """The newest event of a type, by index. What merely asks whether there is one lets PostgreSQL walk through the log."""
    return Subquery(LogEvent.objects.filter(type=event_type, **_OWN).order_by("-id").values("pk")[:1])


def _ways_in() -> Any:
    """Connections of an application for people, in which there is somebody or anybody may sign up."""
    somebody = Exists(User.objects.filter(connection=OuterRef("pk"), blocked=False))
    connections = Connection.objects.filter(applications__app_type__in=OF_PEOPLE, **_OWN)
    return connections.filter(Q(disable_signup=False) | somebody)


def tab_url(obj: Model, name: str) -> str:
    """The address of a tab, which may be a floor's above; without that floor, of the settings."""
    try:
        return object_url(obj, name)
    except NoReverseMatch:
        return change_url(obj)
