"""Which client libraries the tests run: what is installed, by the libraries' own metadata, and what the locks name."""

import json
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
PYTHON_LIBRARIES = ("Authlib", "auth0-python")
NPM_LIBRARIES = ("openid-client", "oauth4webapi", "jose")


def of_python() -> dict[str, str]:
    return {name: version(name) for name in PYTHON_LIBRARIES}


def of_npm() -> dict[str, str]:
    """From each installed package's own package.json; empty when nothing is installed."""
    files = {name: HERE / "node_modules" / name / "package.json" for name in NPM_LIBRARIES}
    return {name: json.loads(file.read_text())["version"] for name, file in files.items() if file.exists()}


def locked_by_npm() -> dict[str, dict[str, str]]:
    """Package → what package-lock.json says of it."""
    packages = json.loads((HERE / "package-lock.json").read_text())["packages"]
    return {path.removeprefix("node_modules/"): said for path, said in packages.items() if path}


def of_node() -> dict[str, str]:
    """What runs the packages from npm; empty when nothing does."""
    node = shutil.which("node")
    if node is None:
        return {}
    return {"Node": subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()}


def told() -> str:
    return ", ".join(f"{name} {number}" for name, number in (of_python() | of_npm() | of_node()).items())
