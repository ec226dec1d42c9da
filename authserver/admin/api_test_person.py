"""What an application would get of an API on a chosen person's behalf: the policy asked, and the claims as they would stand.

No token of a person is made here: the one that the claims are read from is signed with a key that nobody has.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.utils import timezone

from apis.models import API
from authserver import access_tokens, errors, families, policy
from authserver.admin.api_test_choice import Chosen
from authserver.admin.claim_sentences import About
from authserver.admin.proving import serves_people
from authserver.admin.remedy_links import remedy_link
from authserver.admin.token_reading import Said, read_claims
from authserver.authorization import Authorization, Person
from authserver.models import TokenFamily
from authserver.scopes import OFFLINE_ACCESS, OPENID
from tenants import ids
from tenants.console.pages import change_url
from tenants.console.sections import Link
from tenants.keys import jws
from tenants.models import User

# The same e-mail may stand in several connections; of so many one is chosen.
NAMESAKES = 10
_OF_OPENID = (OPENID, "profile", "email", OFFLINE_ACCESS)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What `user` could give: `scopes`, or why not (`not_granted`: scope → sentence), or nothing at all (`problem`)."""

    user: User
    scopes: tuple[str, ...] = ()
    not_granted: dict[str, str] = field(default_factory=dict)
    unexplained: int = 0
    problem: str = ""
    remedy: Link | None = None
    claims: Sequence[Said] = ()

    @property
    def user_link(self) -> Link:
        return Link(self.user.email, change_url(self.user))


def find(api: API, wanted: str) -> list[User]:
    """The users of the API's tenant whose e-mail or user_id is `wanted`, by the index of each."""
    rows = User.objects.of(api.tenant).select_related("connection")
    by_id = list(rows.filter(user_id=wanted)[:1])
    return by_id or list(rows.with_email(wanted).order_by("connection__name", "pk")[:NAMESAKES])


def evaluate(chosen: Chosen, user: User) -> Evaluation:
    """What the application `chosen` would get if `user` signed in to it and allowed everything."""
    if stopped := _stopped(chosen, user):
        return stopped
    asked = (*_OF_OPENID, *chosen.api.permissions)
    try:
        decision = policy.for_user(chosen.tenant, chosen.client, chosen.api, asked, user.pk)
    except errors.OAuthError as refusal:
        return _refused(chosen, user, refusal)
    unexplained = len(asked) - len(decision.scopes) - len(decision.not_granted)
    claims = _claims(chosen, user, decision)
    return Evaluation(user, decision.scopes, dict(decision.not_granted), unexplained, claims=claims)


def _stopped(chosen: Chosen, user: User) -> Evaluation | None:
    """Nothing, where the sign-in would lead to nothing."""
    settings = Link("Open the application's settings", change_url(chosen.application))
    if not serves_people(chosen.client):
        problem = f"Nobody signs in to {chosen.client.name}: it has no grant type for that, such as authorization_code."
        return Evaluation(user, problem=problem, remedy=settings)
    if problem := families.why_ended(chosen.tenant, chosen.client, TokenFamily(user=user)):
        remedy = Link("Open the user", change_url(user)) if user.blocked else settings
        return Evaluation(user, problem=problem, remedy=remedy)
    return None


def _refused(chosen: Chosen, user: User, refusal: errors.OAuthError) -> Evaluation:
    client_id, audience = chosen.client.client_id, chosen.api.audience
    remedy = remedy_link(
        chosen.tenant.id, type(refusal).__name__, client_id=client_id, audience=audience, user_id=user.user_id
    )
    return Evaluation(user, problem=refusal.private, remedy=remedy)


def _claims(chosen: Chosen, user: User, decision: policy.UserDecision) -> list[Said]:
    """The claims of the access token, as the authorization code grant makes it."""
    nobodys = replace(chosen.api, signer=jws.hmac_signer(secrets.token_bytes(32)))
    authorization = Authorization(
        tenant=chosen.tenant,
        client=chosen.client,
        api=nobodys,
        scopes=decision.scopes,
        subject=user.user_id,
        permissions=decision.permissions or (),
        person=Person(user, timezone.now(), ("pwd",)),
        family_id=ids.family_id(),
    )
    token = access_tokens.issue(authorization).value
    return read_claims(token, About(chosen.tenant, chosen.client, chosen.api))
