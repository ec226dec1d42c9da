"""What an application still needs before its code can work, each with the way there."""

from collections.abc import Iterator
from dataclasses import dataclass

from apis.admin.application_fieldsets import WITHOUT_PEOPLE
from apis.models import Application, AppType
from apis.services import applications as services
from authserver import callbacks
from authserver.admin.quick_start.chosen_api import Choice
from authserver.admin.quick_start.facts import Facts
from tenants.console.pages import object_url
from tenants.console.sections import Link


@dataclass(frozen=True, slots=True)
class Step:
    """Something that is `done` or not; `link` leads to where it is done."""

    done: bool
    text: str
    link: Link


def steps(application: Application, choice: Choice, found: Facts) -> list[Step]:
    """The steps in the order in which they are done."""
    return list(_steps(application, choice, found))


def _steps(application: Application, choice: Choice, found: Facts) -> Iterator[Step]:
    if not application.enabled:
        yield Step(False, "It is disabled: every request of it is refused.", _to(application, "danger", "Enable it"))
    if not application.is_public:
        yield _proof(application)
    if application.app_type not in WITHOUT_PEOPLE:
        yield from _addresses(application, found)
    if application.app_type == AppType.RESOURCE_SERVER:
        yield _backend(application)
    elif application.enabled:
        yield _call(application, choice)


def _proof(application: Application) -> Step:
    link = _to(application, "credentials", "Credentials")
    if application.authenticates_by_secret:
        live = services.live_secrets(application).exists()
        return Step(live, "It has a secret." if live else "It has no secret that works.", link)
    has_key = application.credentials.exists()
    return Step(has_key, "It has a key." if has_key else "It has no key to verify its assertions with.", link)


def _addresses(application: Application, found: Facts) -> Iterator[Step]:
    known = found.callback_is_registered
    text = "Its callback URL is registered." if known else f"It has no callback URL yet; {found.callback} stands for it."
    yield Step(known, text, _to(application, "change", "Callback URLs", "#id_redirect_uris"))
    origin = callbacks.origin(found.callback)
    if application.app_type == AppType.SPA and known and origin:
        allowed = origin in application.allowed_origins.split()
        text = f"Scripts of {origin} may {'' if allowed else 'not '}call the token endpoint."
        yield Step(allowed, text, _to(application, "change", "Allowed origins", "#id_allowed_origins"))


def _backend(application: Application) -> Step:
    api = application.resource_server
    text = f"It may ask about tokens for {api}." if api else "It belongs to no API, so it is told nothing about any token."
    return Step(api is not None, text, _to(application, "change", "Choose its API", "#id_resource_server"))


def _call(application: Application, choice: Choice) -> Step:
    link = Link("APIs", object_url(application, "apis"))
    if choice.api is None or choice.answer is None:
        return Step(False, "It may not call any API yet.", link)
    if choice.answer.allowed:
        return Step(True, f"It may call {choice.api}. {choice.answer.sentence}", link)
    return Step(False, f"It may not call {choice.api}: {choice.answer.sentence}", choice.answer.link or link)


def _to(application: Application, page: str, text: str, fragment: str = "") -> Link:
    return Link(text, object_url(application, page) + fragment)
