"""For which API an example asks: one that the application may call, unless somebody chose another. Owns no rule."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from apis.models import API, Application, DefaultFor, SubjectType, UserPolicy
from authserver.admin.effective_answer import Answer, EffectiveAnswers

# A tenant may have very many: these are offered, and any other by its address.
OFFERED = 20
# Instead of the id of an API: people sign in, and no API is called.
NONE = "none"


@dataclass(frozen=True, slots=True)
class Choice:
    """The API of the example with the answer that the application would get, and the others to choose from."""

    api: API | None
    answer: Answer | None
    offered: Sequence[API]


def choose(application: Application, wanted: str, *, for_people: bool) -> Choice:
    """The API with the id `wanted`, if the tenant has it; else the first that `application` may call, or else might."""
    offered = list(_offered(application, for_people=for_people)[:OFFERED])
    if wanted == NONE and for_people:
        return Choice(None, None, offered)
    found = next((api for api in offered if api.pk == wanted), None) or _other(application, wanted)
    asked = [found] if found else offered
    if not asked:
        return Choice(None, None, ())
    subject = SubjectType.USER if for_people else SubjectType.CLIENT
    answers = EffectiveAnswers.read(application.tenant, [application], asked)
    given = [(api, answers.of(application, api, subject_type=subject)) for api in asked]
    api, answer = next(((api, answer) for api, answer in given if answer.allowed), given[0])
    return Choice(api, answer, offered)


def _offered(application: Application, *, for_people: bool) -> QuerySet[API]:
    rows = API.objects.of(application.tenant)
    if for_people:
        return rows.filter(is_system=False).exclude(user_policy=UserPolicy.DENY_ALL).order_by("name", "id")
    granted = Q(client_grants__application=application)
    if not application.is_first_party:
        granted |= Q(client_grants__application=None, client_grants__default_for=DefaultFor.THIRD_PARTY_CLIENTS)
    grants = Q(client_grants__subject_type=SubjectType.CLIENT) & granted
    return rows.filter(grants).distinct().order_by("is_system", "name", "id")


def _other(application: Application, wanted: str) -> API | None:
    return API.objects.of(application.tenant).filter(pk=wanted).first() if wanted else None
