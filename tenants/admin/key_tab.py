"""The tab Signing keys of a tenant: what signs now, what will, what is still published, and what is gone."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tenants.console.pages import change_url, object_url
from tenants.console.tabs import TabbedAdmin
from tenants.console.values import badge
from tenants.models import SigningKey, Tenant

State = SigningKey.State
# What the state of a key means, in a word and in a sentence.
STATES = {
    State.CURRENT: (badge("Signs now", "good"), "Every token for this algorithm is signed with it."),
    State.NEXT: (
        badge("Next"),
        "Published already and not signing yet, so that every API knows it before the first token that it signs.",
    ),
    State.PREVIOUS: (
        badge("Retired", "plain"),
        "Signs nothing any more. It stays published until its last token has expired; then it goes by itself.",
    ),
    State.REVOKED: (badge("Revoked", "bad"), "No longer published: whatever it signed is refused."),
}
_ORDER = list(STATES)
REVOKED_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Row:
    key: SigningKey
    mark: str
    meaning: str
    url: str
    revoke: str


def keys_tab(page: TabbedAdmin, request: HttpRequest, tenant: Tenant) -> HttpResponse:
    """The tab."""
    keys = SigningKey.objects.of(tenant).defer("private_key")
    published = sorted(keys.exclude(state=State.REVOKED), key=lambda key: (key.alg, _ORDER.index(State(key.state)), -key.pk))
    revoked = keys.filter(state=State.REVOKED).order_by("-revoked_at")[:REVOKED_SHOWN]
    context = {
        "published": [_row(key) for key in published],
        "revoked": [_row(key) for key in revoked],
        "rotate": reverse("admin:tenants_signingkey_rotate", query={"tenant": tenant.pk}),
        "jwks": [f"{domain.issuer}.well-known/jwks.json" for domain in tenant.domains.all()[:5]],
    }
    return page.tab_page(request, tenant, "keys", "admin/tenants/tenant/keys.html", context)


def _row(key: SigningKey) -> Row:
    mark, meaning = STATES[State(key.state)]
    revoke = object_url(key, "revoke") if key.state == State.PREVIOUS else ""
    return Row(key, mark, meaning, change_url(key), revoke)
