"""May this application call this API, with these scopes, and why not? The policy asked, and what stands before it.

Decides nothing: `authserver.policy` does. What the token endpoint looks at before it asks the policy (enabled, able to prove
who it is, the grant type) is looked at here in the same order, and all of it, so that one visit mends everything.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from apis.models import API, Application, ClientGrant, SubjectType
from apis.registry import APIValue, ApplicationValue, bulk
from apis.registry.bulk import GrantKey
from authserver import errors, policy
from authserver.admin import refusal_sentences as sentences
from authserver.admin.proving import can_prove_itself, serves_people
from authserver.admin.refusal_sentences import Obstacle
from authserver.admin.remedy_parties import Refusal
from tenants.config_cache import CurrentTenant, at_domain
from tenants.console.sections import Link
from tenants.models import Domain, Tenant

NAMED = 6


@dataclass(frozen=True, slots=True)
class Answer:
    """The scopes that it would get, or the obstacles, first the one that the application would hear of.

    `not_granted` is scope → why not, of scopes that are left out without a refusal, as it is on behalf of users.
    """

    scopes: tuple[str, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    not_granted: Mapping[str, str] = field(default_factory=dict)

    @property
    def allowed(self) -> bool:
        return not self.obstacles

    @property
    def sentence(self) -> str:
        """The answer in plain words."""
        if self.obstacles:
            return self.obstacles[0].sentence
        return f"May get {self.got}."

    @property
    def got(self) -> str:
        """What it would get, in a few words."""
        return named(self.scopes) if self.scopes else "a token without any permission"

    @property
    def link(self) -> Link | None:
        """Where the first obstacle is cleared away, or None."""
        return self.obstacles[0].link if self.obstacles else None


def named(scopes: Sequence[str]) -> str:
    """`read:orders, create:orders and 3 more`."""
    more = f" and {len(scopes) - NAMED} more" if len(scopes) > NAMED else ""
    return ", ".join(scopes[:NAMED]) + more


def effective_answer(
    tenant: Tenant,
    application: Application,
    api: API,
    scopes: Sequence[str] = (),
    *,
    subject_type: str = SubjectType.CLIENT,
) -> Answer:
    """What a request of `application` for `scopes` of `api` would get; without scopes, all that it may have."""
    return EffectiveAnswers.read(tenant, [application], [api]).of(application, api, scopes, subject_type=subject_type)


@dataclass(frozen=True, slots=True)
class EffectiveAnswers:
    """The answers for some applications and APIs of one tenant."""

    known: bulk.Known

    @property
    def grants(self) -> Mapping[GrantKey, ClientGrant]:
        """The client grants between them, and those for every third-party application."""
        return self.known.grants

    @classmethod
    def read(cls, tenant: Tenant, applications: Sequence[Application], apis: Sequence[API]) -> Self:
        """Reads what they depend on: as many statements for a page of them as for one."""
        domain = Domain.objects.of(tenant).order_by("id").first() or Domain(tenant=tenant, host="")
        domain.tenant = tenant
        return cls(bulk.read(at_domain(domain), applications, apis))

    def permissions(self, api: API) -> Mapping[str, str]:
        """Scope → description, in the order of `api`."""
        return self.known.apis[api.pk].permissions

    def supposing(self, held: Mapping[GrantKey, tuple[str, ...] | None]) -> Self:
        """The answers as they would be with the client grants of `held` (None: without)."""
        return type(self)(self.known.supposing(held))

    def of(
        self, application: Application, api: API, scopes: Sequence[str] = (), *, subject_type: str = SubjectType.CLIENT
    ) -> Answer:
        """The answer to `application` asking for `scopes` of `api`; without scopes, for all that it may have."""
        client, target = self.known.applications[application.pk], self.known.apis[api.pk]
        refusal = sentences.between(application, api, target.audience)
        if not self.known.tenant.host:
            return Answer(obstacles=(sentences.no_domain(refusal),))
        ask, before = (_for_itself, _before_itself)
        if subject_type == SubjectType.USER:
            ask, before = (_for_users, _before_users)
        obstacles = list(before(refusal, client))
        try:
            answer = ask(self.known.tenant, client, target, scopes)
        except errors.OAuthError as error:
            obstacles.append(sentences.refused(refusal, client, error))
            answer = Answer()
        return Answer(obstacles=tuple(obstacles)) if obstacles else answer


def _for_itself(tenant: CurrentTenant, client: ApplicationValue, target: APIValue, scopes: Sequence[str]) -> Answer:
    return Answer(policy.for_client(tenant, client, target.audience, (), " ".join(scopes)).scopes)


def _for_users(tenant: CurrentTenant, client: ApplicationValue, target: APIValue, scopes: Sequence[str]) -> Answer:
    """What a person may have narrows it further, person by person; so does what the person allows."""
    api = policy.api_for_user(tenant, client, target.audience, ())
    asked = " ".join(scopes or target.permissions)
    left, not_granted = policy.requestable(tenant, client, api, asked)
    return Answer(left, not_granted=not_granted if scopes else {})


def _before_itself(refusal: Refusal, client: ApplicationValue) -> Iterator[Obstacle]:
    if client.is_public:
        yield sentences.public(refusal, client)
    elif not can_prove_itself(client):
        yield sentences.unproven(refusal)
    if not client.enabled:
        yield sentences.disabled(refusal)
    # A public client may not even have this grant type switched on.
    if "client_credentials" not in client.grant_types and not client.is_public:
        yield sentences.grant_type(refusal, "client_credentials")


def _before_users(refusal: Refusal, client: ApplicationValue) -> Iterator[Obstacle]:
    if not client.enabled:
        yield sentences.disabled(refusal)
    if not serves_people(client):
        yield sentences.no_sign_in(refusal)
