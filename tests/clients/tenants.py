"""The tenants that are not the demo: two between which the deploy tool moves a configuration, one for each management SDK.

They are made before the server starts: its certificate names them.

`python -m tests.clients.tenants PORT`, in the server's checkout and environment, prints one JSON object: name → what
`create_tenant --json` says.
"""

import json
import os
import sys
from io import StringIO
from typing import Any

import django

# Staging has what the demo has, an API with the same identifier among it; production has what every tenant has.
# Each management SDK has one to itself, where it rotates keys and counts what it made.
TENANTS = {"staging": ["--demo"], "production": [], "python": [], "node": []}


def create(port: int) -> dict[str, Any]:
    from django.conf import settings
    from django.core.management import call_command

    settings.VAR_DIR.mkdir(mode=0o700, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0)
    made = {}
    for name, options in TENANTS.items():
        printed = StringIO()
        domain = f"https://{name}.localhost:{port}"
        call_command("create_tenant", name, "--domain", domain, "--json", *options, stdout=printed)
        made[name] = json.loads(printed.getvalue())
    return made


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print(json.dumps(create(int(sys.argv[1]))))
