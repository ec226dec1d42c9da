"""The two sides of the switches, which share everything else: what one row of the page is, and which switches it has."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Exists, Q, QuerySet
from django.http import HttpRequest

from apis.models import API, Application, ClientGrant, DefaultFor, SubjectType, UserPolicy
from authserver.admin.effective_answer import EffectiveAnswers
from tenants.console.pages import object_url
from tenants.models import Tenant

LABELS = {SubjectType.CLIENT.value: "For itself", SubjectType.USER.value: "For users"}
NEVER = Q(pk__in=[])
ALWAYS = Q()


@dataclass(frozen=True, slots=True)
class Note:
    """Something that holds for the whole page, and the link to where it is decided."""

    text: str
    url: str = ""
    link: str = ""
    kind: str = "plain"


def kinds_for(api: API) -> tuple[str, ...]:
    """The switches between `api` and an application: for users only where the API asks for a client grant."""
    asks_for_users = api.user_policy == UserPolicy.REQUIRE_CLIENT_GRANT and not api.is_system
    return (SubjectType.CLIENT.value, SubjectType.USER.value) if asks_for_users else (SubjectType.CLIENT.value,)


class Side(ABC):
    """The tab of `fixed`; its rows stand on the other side. Conditions are on those rows."""

    tab: ClassVar[str]
    noun: ClassVar[str]
    nouns: ClassVar[str]
    lead: ClassVar[str]
    search_hint: ClassVar[str]
    ask_label: ClassVar[str]
    ask_hint: ClassVar[str]

    def __init__(self, request: HttpRequest, fixed: API | Application) -> None:
        self.request = request
        self.fixed = fixed

    @property
    def tenant(self) -> Tenant:
        return self.fixed.tenant

    @property
    def url(self) -> str:
        return object_url(self.fixed, self.tab)

    @abstractmethod
    def everything(self) -> QuerySet[Any]:
        """All rows of the other side, of this tenant."""

    @abstractmethod
    def pair(self, row: Any) -> tuple[Application, API]: ...

    @abstractmethod
    def searched(self, text: str) -> Q:
        """The rows whose name has `text` in it, or which are known by it."""

    @abstractmethod
    def asked(self, text: str) -> Q:
        """The one row that `text` names exactly."""

    @abstractmethod
    def with_keys(self, keys: Sequence[str]) -> QuerySet[Any]:
        """The rows with these primary keys, as a form sent them."""

    @abstractmethod
    def code(self, row: Any) -> str:
        """The value that programs know `row` by."""

    @abstractmethod
    def badges(self, row: Any) -> list[dict[str, str]]: ...

    @abstractmethod
    def notes(self) -> list[Note]: ...

    def footnote(self) -> Note | None:
        """What is said in small letters below the rows."""
        return None

    @abstractmethod
    def offered(self, subject_type: str) -> Q:
        """The rows that have a switch of this kind."""

    @abstractmethod
    def open_to(self, subject_type: str) -> Q:
        """The rows for which the API is open."""

    @abstractmethod
    def ready(self, subject_type: str) -> Q:
        """The rows for which the application could ask."""

    @abstractmethod
    def granted(self, subject_type: str) -> Q:
        """The rows for which there is a client grant that counts."""

    def answers(self, rows: Sequence[Any]) -> EffectiveAnswers:
        """The effective answers between `rows` and the other side."""
        pairs = [self.pair(row) for row in rows]
        applications = {application.pk: application for application, _ in pairs}
        apis = {api.pk: api for _, api in pairs}
        return EffectiveAnswers.read(self.tenant, list(applications.values()), list(apis.values()))

    def url_of(self, row: Any) -> str:
        """The same page, seen from `row`."""
        other = "apis" if isinstance(row, Application) else "applications"
        return object_url(row, other)

    def _grants(self, **which: Any) -> QuerySet[ClientGrant]:
        return ClientGrant.objects.of(self.tenant).filter(**which)

    def _by_default(self, **which: Any) -> Q:
        third_party = DefaultFor.THIRD_PARTY_CLIENTS
        return Q(Exists(self._grants(application=None, default_for=third_party, **which)))

    @property
    def flag(self) -> bool:
        """Whether the tenant lets applications have tokens for its APIs at all."""
        return self.tenant.all_flags["enable_apis_section"]
