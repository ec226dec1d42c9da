"""Which libraries run here, and what is said where they cannot."""

import re
import shutil
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
    assert installed == {name: said["version"] for name, said in versions.locked_by_npm().items()}
    assert Version(installed["openid-client"]) >= Version("6")


def test_every_npm_package_is_hashed_and_no_registry_is_named() -> None:
    locked = versions.locked_by_npm()
    assert set(locked) == set(versions.NPM_LIBRARIES)
    assert all(said["integrity"].startswith("sha512-") and "resolved" not in said for said in locked.values())


def test_a_missing_node_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(node.NodeUnavailableError, match="apt-get install nodejs npm"):
        node.command()


@pytest.mark.parametrize(("told", "works"), [("v16.20.0", False), ("v18.20.4", True), ("v20.20.2", True)])
def test_a_node_that_is_too_old_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, told: str, works: bool) -> None:
    stand_in = tmp_path / "node"
    stand_in.write_text(f"#!{shutil.which('sh')}\necho {told}\n")
    stand_in.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    if works:
        assert ("--experimental-global-webcrypto" in node.command()) == told.startswith("v18")
    else:
        with pytest.raises(node.NodeUnavailableError, match="needs Node 18"):
            node.command()


def test_missing_packages_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(node, "HERE", tmp_path)
    with pytest.raises(node.NodeUnavailableError, match="npm ci"):
        node.command()
