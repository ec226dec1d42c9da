"""T-000: no dependency below its security floor, none unpinned, none without a hash."""

import re
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.version import Version

ROOT = Path(__file__).parents[2]
# package → the first version without the advisories that the security checklist names
FLOORS = {
    "oauthlib": "4.0.0",
    "django-oauth-toolkit": "3.4.1",
    "pyjwt": "2.15.0",
    "django": "5.2.19",
    "cryptography": "50.0.0",
}
FORBIDDEN = {"python-jose", "django-jose", "jose"}


def pins(name):
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))


@pytest.mark.parametrize("package", FLOORS)
def test_T000_what_runs_and_what_is_pinned_is_above_the_floor(package):
    assert Version(version(package)) >= Version(FLOORS[package])
    for lock in ("requirements.lock", "requirements-dev.lock"):
        assert Version(pins(lock)[package]) >= Version(FLOORS[package])


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_T000_every_pin_has_a_hash_and_no_registry_is_named(lock):
    text = (ROOT / lock).read_text()
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(pins(lock))
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in text
    assert not FORBIDDEN & set(pins(lock))


def test_T000_both_locks_agree_on_what_they_share():
    runtime, development = pins("requirements.lock"), pins("requirements-dev.lock")
    assert runtime.items() <= development.items()
