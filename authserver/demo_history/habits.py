"""Who does what in the demo, and how often on a working day. Most of it works; what does not, the console can explain."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from apis.services.demo.content import API_IDENTIFIER as ORDERS
from apis.services.demo.content import BILLING, REPORTS
from authserver.demo_history.people import allowed, changed, logged_out, mistyped, sent_astray, signed_in, turned_away
from authserver.demo_history.stage import Stage
from authserver.demo_history.tokens import asked, exchanged
from tenants.audit import Event

ADA, BRUNO, CHIYO, DALIA = (f"{name}@example.com" for name in ("ada", "bruno", "chiyo", "dalia"))
PROFILE = "openid profile email"


@dataclass(frozen=True, slots=True)
class Habit:
    """Happens `per_day` times. `event` is what becomes of it as things stand now."""

    per_day: float
    event: Event


_Plan = tuple[tuple[float, Callable[[Stage], Event]], ...]

_MACHINES: _Plan = (
    (330, partial(asked, key="m2m", audience=ORDERS)),
    (120, partial(asked, key="m2m", audience=ORDERS, scope="read:orders")),
    (55, partial(asked, key="m2m", audience=REPORTS)),
    (190, partial(asked, key="web", audience=BILLING)),
    (35, partial(asked, key="partner", audience=REPORTS, scope="read:reports")),
)
# What nobody issued, and what was replaced.
_UNKNOWN, _LAST_YEARS = "lost on a telephone", "that of last year"
_MACHINES_REFUSED: _Plan = (
    (24, partial(asked, key="native", grant_type="refresh_token", refresh_token=_UNKNOWN)),
    (14, partial(asked, key="m2m", audience=ORDERS, scope="delete:orders")),
    (10, partial(asked, key="web", audience=REPORTS)),
    (6, partial(asked, key="partner", audience=REPORTS, scope="read:reports export:reports")),
    (4, partial(asked, key="web", audience=f"{BILLING}/")),
    (3, partial(asked, key="m2m", audience=ORDERS, client_secret=_LAST_YEARS)),
    (3, partial(asked, key="spa", grant_type="refresh_token", refresh_token=_UNKNOWN)),
    (2, partial(asked, key="legacy", audience=ORDERS)),
    (1, partial(asked, key="partner")),
)
_PEOPLE: _Plan = (
    (8, partial(signed_in, key="spa", who=ADA, audience=ORDERS, scope=f"{PROFILE} read:orders")),
    (9, partial(signed_in, key="web", who=CHIYO, audience=ORDERS, scope=f"{PROFILE} read:orders create:orders")),
    (4, partial(signed_in, key="web", who=BRUNO, audience=BILLING, scope=f"{PROFILE} read:invoices")),
    (2, partial(signed_in, key="partner", who=BRUNO, audience=BILLING, scope="openid read:invoices")),
    (0.3, partial(allowed, key="partner", who=BRUNO, audience=BILLING, scope="read:invoices")),
    (3, partial(logged_out, key="spa", who=ADA)),
    (5, partial(logged_out, key="web", who=CHIYO)),
    (0.8, partial(mistyped, key="spa", who=ADA)),
    (0.6, partial(mistyped, key="web", who=CHIYO)),
    (1.5, partial(turned_away, who=DALIA)),
    (0.8, partial(sent_astray, key="legacy", who=ADA, redirect_uri="http://till.example.com/back")),
)
_CODES, _REFRESH = "authorization_code", "refresh_token"
_BUYING = "openid read:orders create:orders"
_TOKENS_OF_PEOPLE: _Plan = (
    (8, partial(exchanged, key="spa", who=ADA, grant_type=_CODES, audience=ORDERS, scope="openid read:orders")),
    (60, partial(exchanged, key="spa", who=ADA, grant_type=_REFRESH, audience=ORDERS, scope="openid read:orders")),
    (
        9,
        partial(exchanged, key="web", who=CHIYO, grant_type=_CODES, audience=ORDERS, scope=_BUYING),
    ),
    (40, partial(exchanged, key="web", who=CHIYO, grant_type=_REFRESH, audience=ORDERS, scope="openid read:orders")),
    (4, partial(exchanged, key="web", who=BRUNO, grant_type=_CODES, audience=BILLING, scope="openid read:invoices")),
    (2, partial(exchanged, key="partner", who=BRUNO, grant_type=_CODES, audience=BILLING, scope="openid read:invoices")),
    # Chiyo's role has nothing of it: the token comes without, and the event says why.
    (1, partial(exchanged, key="web", who=CHIYO, grant_type=_CODES, audience=BILLING, scope="openid read:invoices")),
)
_OPERATORS: _Plan = (
    (0.4, partial(changed, what="Update an API", target=REPORTS, token_lifetime=7_200)),
    (0.4, partial(changed, what="Update an API", target=BILLING, enforce_policies=True)),
    (0.3, partial(changed, what="Update a client", key="native", enabled=False)),
    (0.3, partial(changed, what="Add a client secret", key="web")),
)


def habits(stage: Stage) -> Iterator[Habit]:
    """What goes on, as far as those are there who do it."""
    for per_day, act in (*_MACHINES, *_MACHINES_REFUSED, *_PEOPLE, *_TOKENS_OF_PEOPLE, *_OPERATORS):
        try:
            event = act(stage)
        except KeyError:
            # An application or a person was deleted.
            continue
        yield Habit(per_day, event)
