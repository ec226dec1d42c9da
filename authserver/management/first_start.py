"""What the first start of the demo makes: tenant, operator, and the two files that say how to get in.

The files belong to the database that was in use when they were written: they are kept as they are while they fit it, and
set aside, never overwritten, when it is another one. Both are readable by their owner only.
"""

import json
import os
import secrets
from io import StringIO
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command

from apis.services.demo import TENANT

OPERATOR = "admin"


def ensure_demo_tenant(domains: list[str], file: Path) -> str:
    """The demo tenant answers at all `domains`; its credentials are in `file`. Returns the first domain's issuer.

    Secrets are made anew only when the file does not know them: they cannot be read from the database again.
    """
    answer = _create_tenant(domains[0])
    if not _fits(file, answer):
        if _lacks_secrets(answer):
            answer = _create_tenant(domains[0], "--rotate")
        if file.exists():
            file.replace(file.with_name(f"{file.name}.old"))
        _write_private(file, json.dumps(answer, indent=2) + "\n")
    for domain in domains[1:]:
        _create_tenant(domain)
    issuer: str = answer["issuer"]
    return issuer


def ensure_operator(file: Path) -> bool:
    """The console has an operator. Returns whether `file` says how they log in.

    An operator who exists is left alone: False means that their password was chosen elsewhere.
    """
    operators = get_user_model()._default_manager
    operator = operators.filter(username=OPERATOR).first()
    if operator is None:
        if not file.exists():
            _write_private(file, f"username {OPERATOR}\npassword {secrets.token_urlsafe(15)}\n")
        operator = operators.create_superuser(OPERATOR, password=_password(file))
    return file.exists() and operator.check_password(_password(file))


def _create_tenant(domain: str, *options: str) -> dict[str, Any]:
    output = StringIO()
    call_command("create_tenant", TENANT, "--domain", domain, "--demo", "--json", *options, stdout=output)
    answer: dict[str, Any] = json.loads(output.getvalue())
    return answer


def _fits(file: Path, answer: dict[str, Any]) -> bool:
    """True when `file` speaks of the same clients as `answer`, so of the same database."""
    try:
        return _client_ids(json.loads(file.read_text())) == _client_ids(answer)
    except (OSError, ValueError, KeyError):
        return False


def _client_ids(document: dict[str, Any]) -> list[str]:
    return [document["management"]["client_id"], *(app["client_id"] for app in document["applications"].values())]


def _lacks_secrets(answer: dict[str, Any]) -> bool:
    shown = [answer["management"], *answer["applications"].values()]
    return any(application.get("client_secret", "public") is None for application in shown)


def _password(file: Path) -> str:
    return dict(line.split(None, 1) for line in file.read_text().splitlines())["password"]


def _write_private(file: Path, text: str) -> None:
    """Writes `text` in one step to a file that only its owner can read."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as output:
        output.write(text)
    draft.replace(file)
