"""What must not reach production: start-up refuses published secrets, `check --deploy` is red for each unsafe setting."""

import os
import subprocess
import sys

import pytest
from cryptography.fernet import Fernet
from django.conf import settings as configured

SAFE = {
    "SECRET_KEY": "a-secret-key-of-this-test-that-is-long-enough-0123456789",
    "KEY_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
    "CONSOLE_HOSTS": "console.example.com",
    "DATABASE_URL": "sqlite:///:memory:",
}


def check(**environment):
    """`manage.py check --deploy` in a process of its own, with nothing but `environment` set. None leaves one out."""
    variables = {name: value for name, value in (SAFE | environment).items() if value is not None}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy"],
        cwd=configured.BASE_DIR,
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_safe_settings_are_green():
    result = check()
    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({"DEVELOPMENT": "true"}, "latchkey.E001"),
        ({"DEBUG": "true"}, "latchkey.E002"),
        ({"SECRET_KEY": "short"}, "latchkey.E003"),
        ({"KEY_ENCRYPTION_KEYS": "not-a-key"}, "latchkey.E004"),
        ({"CONSOLE_HOSTS": None}, "latchkey.E005"),
        ({"HSTS_SECONDS": "0"}, "latchkey.E006"),
        ({"TRUSTED_PROXIES": "everybody"}, "latchkey.E007"),
        ({"TRUSTED_PROXIES": "10.0.0.1,0.0.0.0/0"}, "latchkey.E007"),
        ({"LOG_LEVEL": "debug"}, "latchkey.E008"),
        ({"AUDIT_FLUSH_SECONDS": "0"}, "latchkey.E009"),
        ({"SECRET_KEY_FALLBACKS": "development-only-secret-key-published-in-the-repository-never-use-it"}, "latchkey.E010"),
    ],
)
def test_T144_each_unsafe_setting_is_red_with_an_id_and_the_mend(environment, code):
    result = check(**environment)
    assert result.returncode == 1
    assert code in result.stderr
    assert "HINT" in result.stderr


@pytest.mark.parametrize(
    "environment",
    [
        {"SECRET_KEY": None},
        {"SECRET_KEY": "development-only-secret-key-published-in-the-repository-never-use-it"},
        {"KEY_ENCRYPTION_KEYS": None},
        {"KEY_ENCRYPTION_KEYS": "ZGV2ZWxvcG1lbnQtb25seS1rZXktcHVibGlzaGVkISE="},
        {"KEY_ENCRYPTION_KEYS": f"{Fernet.generate_key().decode()},ZGV2ZWxvcG1lbnQtb25seS1rZXktcHVibGlzaGVkISE="},
    ],
)
def test_T098_T144_start_up_refuses_a_missing_or_published_secret(environment):
    result = check(**environment)
    assert result.returncode != 0
    assert "ImproperlyConfigured" in result.stderr
    assert next(iter(environment)) in result.stderr


def test_development_starts_without_secrets_of_its_own():
    result = check(DEVELOPMENT="true", SECRET_KEY=None, KEY_ENCRYPTION_KEYS=None)
    assert "latchkey.E001" in result.stderr
    assert "ImproperlyConfigured" not in result.stderr


def test_cookies_of_the_console_are_host_only_secure_and_closed_to_scripts(client, db, settings):
    response = client.get("/admin/login/", secure=True)
    cookie = response.cookies["__Host-latchkey_csrf"]
    assert cookie["secure"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert not cookie["domain"]
    assert settings.SESSION_COOKIE_NAME == "__Host-latchkey_console"
    assert settings.SESSION_COOKIE_SECURE
    assert settings.SESSION_COOKIE_HTTPONLY


def test_people_have_argon2id_and_nothing_weaker():
    import config.settings

    assert config.settings.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    from django.contrib.auth.hashers import Argon2PasswordHasher

    hasher = Argon2PasswordHasher()
    assert hasher.memory_cost >= 19_456  # KiB; OWASP's floor for Argon2id
