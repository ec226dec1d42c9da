"""Which libraries run here, and what is said where they cannot."""

import re
import sys
from pathlib import Path

import pytest
from packaging.version import Version

from tests.clients import node, versions

LOCK = Path(__file__).resolve().parents[2] / "requirements-dev.lock"


def test_the_libraries_from_pypi_are_the_ones_that_the_lock_names() -> None:
    locked = dict(re.findall(r"^([A-Za-z0-9-]+)==(\S+)", LOCK.read_text(), re.MULTILINE))
    assert {name.lower(): number for name, number in versions.of_python().items()} == {
        name.lower(): locked[name.lower()] for name in versions.PYTHON_LIBRARIES
    }


def test_the_libraries_from_npm_are_the_ones_that_the_lock_names() -> None:
    installed = versions.of_npm()
    locked = versions.locked_by_npm()
    assert installed == {name: locked[name]["version"] for name in versions.NPM_LIBRARIES}
    assert Version(installed["openid-client"]) >= Version("6")


def test_every_npm_package_is_hashed_and_no_registry_is_named() -> None:
    locked = versions.locked_by_npm()
    assert set(locked) >= set(versions.NPM_LIBRARIES)
    assert all(said["integrity"].startswith("sha512-") and "resolved" not in said for said in locked.values())


def test_a_missing_node_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(node.NodeUnavailableError, match="make test"):
        node.command()


def test_missing_packages_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(node, "HERE", tmp_path)
    with pytest.raises(node.NodeUnavailableError, match="npm ci"):
        node.command()
