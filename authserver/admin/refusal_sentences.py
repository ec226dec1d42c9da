"""Why an application would not get a token, as an operator reads it before anybody has asked.

Owns the sentences of the effective answer. Which page clears an obstacle away is `remedy_links`' to say.
"""

from collections.abc import Callable
from dataclasses import dataclass

from apis.models import API, Application
from apis.registry import ApplicationValue
from authserver import errors
from authserver.admin import remedy_places as places
from authserver.admin.remedy_links import PLACES
from authserver.admin.remedy_parties import Refusal
from tenants.console.sections import Link

_FAILED = errors.ClientAuthenticationFailed.__name__
_settings = places.application_setting("See how it authenticates", "token_endpoint_auth_method")
_domains = places.tenant_setting("See the tenant's domains", "domains-0-host")


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What stands in the way: the class in `authserver.errors` that a request would end with, and where it is mended."""

    reason: str
    sentence: str
    link: Link | None


def between(application: Application, api: API, audience: str) -> Refusal:
    """A refusal of `application` at `api`, as `remedy_places` wants it: with the rows at hand, so that it looks up none."""
    refusal = Refusal(application.tenant_id, application.client_id, audience, "")
    vars(refusal).update(application=application, api=api, user=None)
    return refusal


def public(refusal: Refusal, client: ApplicationValue) -> Obstacle:
    text = "It is a public client: it keeps no secret, so it cannot call an API for itself."
    reason = _FAILED if "client_credentials" in client.grant_types else errors.GrantTypeNotAllowed.__name__
    return Obstacle(reason, text, _settings(refusal))


def unproven(refusal: Refusal) -> Obstacle:
    by_secret = refusal.application is None or refusal.application.authenticates_by_secret
    kind = "secret" if by_secret else "key"
    return Obstacle(_FAILED, f"It has no {kind} that works: add one.", places.credentials(refusal))


def disabled(refusal: Refusal) -> Obstacle:
    return Obstacle(_FAILED, "The application is disabled.", places.known_application(refusal))


def grant_type(refusal: Refusal, name: str) -> Obstacle:
    return _obstacle(refusal, errors.GrantTypeNotAllowed.__name__, f"It may not use the grant type {name}: switch it on.")


def no_sign_in(refusal: Refusal) -> Obstacle:
    text = "It signs nobody in: none of its grant types does."
    return _obstacle(refusal, errors.GrantTypeNotAllowed.__name__, text)


def no_domain(refusal: Refusal) -> Obstacle:
    text = "The tenant has no domain at which anybody could ask."
    return Obstacle(errors.UnknownAudience.__name__, text, _domains(refusal))


def refused(refusal: Refusal, client: ApplicationValue, error: errors.OAuthError) -> Obstacle:
    """What the policy's `error` means here."""
    reason = type(error).__name__
    say = _SENTENCES.get(reason)
    return _obstacle(refusal, reason, say(client, error) if say else error.private)


def _obstacle(refusal: Refusal, reason: str, sentence: str) -> Obstacle:
    place = PLACES.get(reason)
    return Obstacle(reason, sentence, place(refusal) if place else None)


def _not_granted(client: ApplicationValue, error: errors.OAuthError) -> str:
    return "Not switched on." if client.is_first_party else "A third party, and not switched on."


def _scope(client: ApplicationValue, error: errors.OAuthError) -> str:
    return f"Not granted: {error.particulars['scope']}."


def _section(client: ApplicationValue, error: errors.OAuthError) -> str:
    return "API authorization is off for the whole tenant."


def _closed(client: ApplicationValue, error: errors.OAuthError) -> str:
    to_machines = error.particulars.get("setting") == "machine to machine"
    return "The API is closed to machines." if to_machines else "The API is closed on behalf of users."


_SENTENCES: dict[str, Callable[[ApplicationValue, errors.OAuthError], str]] = {
    errors.NotGranted.__name__: _not_granted,
    errors.NotGrantedForUsers.__name__: _not_granted,
    errors.ClosedToAll.__name__: _closed,
    errors.ScopeNotGranted.__name__: _scope,
    errors.APIsSectionDisabled.__name__: _section,
}
