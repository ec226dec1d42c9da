"""Tokens that the server would not issue, signed with its own keys: what it signs and what it issues are two things.

`python -m tests.clients.minted`, in the server's checkout and environment, reads a JSON list of [host, claims] and prints
the list of tokens, each signed as the tenant at `host` signs.
"""

import json
import os
import sys
from typing import Any

import django


def mint(asked: list[tuple[str, dict[str, Any]]]) -> list[str]:
    from tenants.config_cache import at_domain
    from tenants.keys.keyring import keyring
    from tenants.models import Domain

    domains = {domain.host: domain for domain in Domain.objects.select_related("tenant")}
    return [keyring(at_domain(domains[host])).sign(claims) for host, claims in asked]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print(json.dumps(mint(json.load(sys.stdin))))
