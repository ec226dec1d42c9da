"""A tenant cannot stop publishing keys while something still signs with them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.dispatch import receiver

from apis.models import API, Application
from tenants import signals
from tenants.changes import wait_for_turn
from tenants.keys.algorithms import FLAG_FOR, published
from tenants.models import Tenant

# So many are named; a list of hundreds helps nobody.
NAMED = 5


@receiver(signals.settings_changing)
def refuse_to_hide_keys_in_use(tenant: Tenant, values: dict[str, Any], **_: Any) -> None:
    """Raises ValidationError when `values` leave off a flag that the algorithm of an API or application needs."""
    if "flags" not in values or tenant.pk is None:
        return
    # Whoever gives an API such an algorithm holds the same lock (`rotation.ensure_alg`).
    wait_for_turn(tenant.pk)
    shown = published(values["flags"])
    hidden = {alg: _users(tenant, alg) for alg in FLAG_FOR if alg not in shown}
    if problems := [_problem(alg, users) for alg, users in hidden.items() if users]:
        raise ValidationError({"flags": problems})


def _users(tenant: Tenant, alg: str) -> list[str]:
    apis = API.objects.of(tenant).filter(signing_alg=alg).order_by("name", "identifier")
    applications = Application.objects.of(tenant).filter(id_token_alg=alg).order_by("name")
    return [f"API {api}" for api in apis] + [f"application {application.name}" for application in applications]


def _problem(alg: str, users: list[str]) -> str:
    more = f" and {len(users) - NAMED} more" if len(users) > NAMED else ""
    named = ", ".join(users[:NAMED])
    return (
        f"{FLAG_FOR[alg]} must stay on while something signs with {alg}: {named}{more}. Give them another algorithm first."
    )
