"""`manage.py check --deploy`: red for each unsafe setting, with an id and the mend. Ids are never reused."""

import ipaddress
from collections.abc import Callable, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from tenants.keys import encryption

_RULES: list[tuple[str, Callable[[], bool], str, str]] = [
    (
        "latchkey.E001",
        lambda: bool(settings.DEVELOPMENT),
        "DEVELOPMENT is on: published secrets are accepted and cookies travel over plain http.",
        "Remove DEVELOPMENT from the environment.",
    ),
    (
        "latchkey.E002",
        lambda: bool(settings.DEBUG),
        "DEBUG is on: error pages show settings and source code.",
        "Remove DEBUG from the environment.",
    ),
    (
        "latchkey.E003",
        lambda: len(settings.SECRET_KEY) < 50 or len(set(settings.SECRET_KEY)) < 10,
        "SECRET_KEY is too short to resist guessing.",
        'Make one with: python -c "import secrets; print(secrets.token_urlsafe(48))"',
    ),
    (
        "latchkey.E004",
        lambda: not all(encryption.is_key(key) for key in settings.KEY_ENCRYPTION_KEYS),
        "KEY_ENCRYPTION_KEYS holds something that is not 32 bytes in URL-safe base64.",
        'Make one with: python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"',
    ),
    (
        "latchkey.E005",
        lambda: not settings.CONSOLE_HOSTS,
        "The console answers on every host name, those of the tenants included.",
        "Set CONSOLE_HOSTS to the host (with port) on which operators work, such as console.example.com.",
    ),
    (
        "latchkey.E006",
        lambda: settings.SECURE_HSTS_SECONDS < 86_400 * 30,
        "HSTS is off or short: a browser may be led to plain http.",
        "Set HSTS_SECONDS to 31536000, or leave it unset.",
    ),
    (
        "latchkey.E007",
        lambda: bool(_wrong_networks(settings.TRUSTED_PROXIES)),
        "TRUSTED_PROXIES holds something that is not an address or a network, or it trusts everybody.",
        "List the addresses of your own proxies, such as 10.0.0.5 or 10.0.0.0/24, separated by commas.",
    ),
    (
        "latchkey.E008",
        lambda: settings.LOG_LEVEL == "DEBUG",
        "LOG_LEVEL is DEBUG: libraries write whole requests and queries, with what is in them.",
        "Set LOG_LEVEL to INFO or above.",
    ),
    (
        "latchkey.E009",
        lambda: settings.AUDIT_FLUSH_SECONDS <= 0,
        "AUDIT_FLUSH_SECONDS is 0: token events are never written.",
        "Leave AUDIT_FLUSH_SECONDS unset, or set it to 1.",
    ),
    (
        "latchkey.E010",
        lambda: any(str(key) in {"", settings.DEVELOPMENT_SECRET_KEY} for key in settings.SECRET_KEY_FALLBACKS),
        "SECRET_KEY_FALLBACKS holds an empty or a published key: console sessions can be forged with it.",
        "Remove it; only former secret keys of your own belong there.",
    ),
]


@register(Tags.security, deploy=True)
def unsafe_settings(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """One Error for each setting that must not reach production."""
    return [Error(message, hint=mend, id=code) for code, is_unsafe, message, mend in _RULES if is_unsafe()]


def _wrong_networks(networks: Sequence[str]) -> list[str]:
    wrong = []
    for text in networks:
        try:
            network = ipaddress.ip_network(text.strip(), strict=False)
        except ValueError:
            wrong.append(text)
            continue
        if network.prefixlen == 0:
            wrong.append(text)
    return wrong
