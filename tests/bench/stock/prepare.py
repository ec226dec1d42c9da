"""`python -m tests.bench.stock.prepare`: tables, and two applications, one with a hashed secret; prints them as JSON."""

import json
import os
from typing import Any

import django


def main() -> dict[str, Any]:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.stock.settings"
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return {"unhashed": _application(hash_client_secret=False), "hashed": _application(hash_client_secret=True)}


def _application(*, hash_client_secret: bool) -> dict[str, str]:
    from oauth2_provider.models import Application

    application = Application(
        name="bench",
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
        hash_client_secret=hash_client_secret,
    )
    # Saving replaces the secret by its hash, so it is read first.
    credentials = {"client_id": str(application.client_id), "client_secret": str(application.client_secret)}
    application.save()
    return credentials


if __name__ == "__main__":
    print(json.dumps(main()))
