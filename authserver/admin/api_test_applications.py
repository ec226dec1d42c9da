"""The applications that the Test tab of an API offers: those that may call it first, any other by search."""

from dataclasses import dataclass
from typing import cast

from django.db.models import BooleanField, Case, Exists, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from apis.models import API, Application, ClientGrant, SubjectType
from authserver.admin import proving

# As many are listed; the others are searched for.
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Offered:
    """Applications to choose from. Each has `switched_on`, whether a client grant lets it call the API for itself."""

    rows: list[Application]
    more: bool


def offered(api: API, search: str) -> Offered:
    """The applications with a client grant for `api`, those first that could ask now; with `search`, any that it finds."""
    rows = _all(api)
    if search:
        found = rows.filter(Q(name__icontains=search) | Q(client_id__istartswith=search)).order_by("name", "id")
    else:
        found = rows.filter(_granted(api)).order_by("-ready", "name", "id")
    listed = list(found[: SHOWN + 1])
    return Offered(listed[:SHOWN], len(listed) > SHOWN)


def with_client_id(api: API, client_id: str) -> Application | None:
    """The application of the API's tenant that is called `client_id`."""
    return Application.objects.of(api.tenant).filter(client_id=client_id).first()


def _all(api: API) -> QuerySet[Application]:
    ready = Q(enabled=True) & proving.may_use("grant_names", ["client_credentials"]) & proving.proves_itself()
    rows = Application.objects.of(api.tenant).alias(grant_names=Cast("grant_types", TextField()))
    return cast("QuerySet[Application]", rows.annotate(ready=_whether(ready), switched_on=_whether(_granted(api))))


def _granted(api: API) -> Q:
    """By a grant of its own, or for a third party by the API's default."""
    grants = ClientGrant.objects.filter(api=api, subject_type=SubjectType.CLIENT)
    by_default = grants.filter(application=None)
    return Q(pk__in=grants.exclude(application=None).values("application")) | (
        Q(is_first_party=False) & Q(Exists(by_default))
    )


def _whether(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())
