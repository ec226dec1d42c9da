"""What the demo consists of: a small company that sells things, and those who work with it.

Most of it works. The rest does not, each for a reason that the console names: an application is disabled, some may not call
every API or not with every permission, a user is blocked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from apis.models import AppType, SubjectType, UserPolicy
from apis.services.apis import Scope

API_IDENTIFIER = "https://orders.example.com"
BILLING, REPORTS = "https://billing.example.com", "https://reports.example.com"
CONNECTION = "Username-Password-Authentication"
EMAIL = "ada@example.com"
PAGE_APPLICATION = "Order tracker"

# Where applications for people run on the machine of a newcomer.
ORIGIN = "http://localhost:3000"
CALLBACK = f"{ORIGIN}/callback"


@dataclass(frozen=True, slots=True)
class DemoAPI:
    identifier: str
    name: str
    permissions: Sequence[Scope]
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DemoGrant:
    """A client grant of the application called `application` (its key)."""

    application: str
    api: str
    scopes: Sequence[str]
    subject_type: str = SubjectType.CLIENT


@dataclass(frozen=True, slots=True)
class DemoRole:
    name: str
    description: str
    permissions: Mapping[str, Sequence[str]]
    people: Sequence[str]


# The first one is what a newcomer's first token is for.
APIS = (
    DemoAPI(
        API_IDENTIFIER,
        "Orders",
        (
            Scope("read:orders", "Read your orders"),
            Scope("create:orders", "Place orders for you"),
            Scope("delete:orders", "Cancel your orders"),
        ),
        {"allow_offline_access": True},
    ),
    DemoAPI(
        BILLING,
        "Billing",
        (
            Scope("read:invoices", "See your invoices"),
            Scope("send:invoices", "Send invoices in your name"),
            Scope("refund:payments", "Pay money back to customers"),
        ),
        {"token_lifetime": 3_600, "enforce_policies": True, "user_policy": UserPolicy.REQUIRE_CLIENT_GRANT},
    ),
    DemoAPI(
        REPORTS,
        "Reports",
        (
            Scope("read:reports", "Look at sales reports"),
            Scope("export:reports", "Download sales reports"),
            Scope("schedule:reports", "Have sales reports sent to you"),
        ),
        {"token_lifetime": 7_200},
    ),
)

# By the key under which scripts find them in what `create_tenant --json` prints.
APPLICATIONS: Mapping[str, Mapping[str, Any]] = {
    "m2m": {
        "name": "Warehouse",
        "app_type": AppType.NON_INTERACTIVE,
        "description": "Packs what was ordered.",
    },
    "web": {
        "name": "Shop",
        "app_type": AppType.REGULAR_WEB,
        "description": "Where customers order and pay.",
        "redirect_uris": CALLBACK,
    },
    "spa": {
        "name": PAGE_APPLICATION,
        "app_type": AppType.SPA,
        "description": "Shows people what they ordered, in the browser.",
        "redirect_uris": CALLBACK,
        "web_origins": ORIGIN,
        "allowed_origins": ORIGIN,
    },
    # The flows that RFC 9700 advises against, so that no application for today's flows need have them switched on.
    "legacy": {
        "name": "Old till",
        "app_type": AppType.REGULAR_WEB,
        "description": "For the implicit, hybrid and password flows.",
        "redirect_uris": CALLBACK,
        "grant_types": [
            "authorization_code",
            "implicit",
            "password",
            "http://auth0.com/oauth/grant-type/password-realm",
        ],
    },
    "native": {
        "name": "Courier",
        "app_type": AppType.NATIVE,
        "description": "Last year's app for couriers, switched off. Some telephones still ask.",
        "redirect_uris": "com.example.courier://callback",
        "enabled": False,
    },
    "partner": {
        "name": "Spendwise",
        "app_type": AppType.REGULAR_WEB,
        "description": "Bookkeeping by another company.",
        "is_first_party": False,
        "redirect_uris": f"{CALLBACK}\nhttps://spendwise.example.net/callback",
        "policy_uri": "https://spendwise.example.net/privacy",
        "tos_uri": "https://spendwise.example.net/terms",
    },
}

# So that there is a secret about to expire.
SECRET_LASTS: Mapping[str, timedelta] = {"partner": timedelta(days=12)}

# None of them has every permission, and there is none for Shop and the reports: that is what is refused in the log.
GRANTS = (
    DemoGrant("m2m", API_IDENTIFIER, ("read:orders", "create:orders")),
    DemoGrant("m2m", REPORTS, ("read:reports",)),
    DemoGrant("web", BILLING, ("read:invoices", "send:invoices")),
    DemoGrant("web", BILLING, ("read:invoices",), SubjectType.USER),
    DemoGrant("partner", BILLING, ("read:invoices",), SubjectType.USER),
    DemoGrant("partner", REPORTS, ("read:reports",)),
)

# E-mail → profile. The first one is told a password that people can read; nobody signs in as the others.
PEOPLE: Mapping[str, Mapping[str, Any]] = {
    EMAIL: {"name": "Ada Example", "email_verified": True},
    "bruno@example.com": {"name": "Bruno Rossi", "email_verified": True},
    "chiyo@example.com": {"name": "Chiyo Tanaka", "email_verified": True},
    "dalia@example.com": {"name": "Dalia Haddad", "blocked": True},
}

ROLES = (
    DemoRole(
        "Order desk",
        "Takes orders and cancels them.",
        {API_IDENTIFIER: ("read:orders", "create:orders", "delete:orders")},
        (EMAIL, "chiyo@example.com"),
    ),
    DemoRole(
        "Bookkeeper",
        "Looks after invoices and payments.",
        {BILLING: ("read:invoices", "send:invoices", "refund:payments"), REPORTS: ("read:reports",)},
        (EMAIL, "bruno@example.com"),
    ),
)
