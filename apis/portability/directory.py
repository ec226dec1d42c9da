"""The directory: `tenant.yaml`, and beside it `secrets.yaml` when secrets were asked for. Reading and writing, no meaning.

The only door to the yaml library.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

DOCUMENT, SECRETS = "tenant.yaml", "secrets.yaml"
MAX_BYTES = 50_000_000
# The deploy tool's own marks: ##NAME## is text, @@NAME@@ is JSON.
_MARK = re.compile(r"##(\w+)##|@@(\w+)@@")


class UnreadableDocumentError(Exception):
    """The directory or a file of it cannot be read. The message is for the operator."""


def write(directory: Path, document: Mapping[str, Any], secrets: Mapping[str, Any] | None) -> None:
    """Puts `document`, and `secrets` if there are any, into `directory`. Secrets are for their owner's eyes only."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / DOCUMENT).write_text(_dumped(document))
    if secrets is not None:
        file = directory / SECRETS
        # Made with these permissions, not given them afterwards.
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
            os.fchmod(stream.fileno(), 0o600)
            stream.write(_dumped(secrets))


def read(path: Path, replacements: Mapping[str, str]) -> dict[str, Any]:
    """The document at `path` (a directory, or the file itself), its marks replaced. Raises UnreadableDocumentError."""
    return _loaded(path / DOCUMENT if path.is_dir() else path, replacements)


def read_secrets(path: Path) -> dict[str, Any]:
    """The secrets beside the document at `path`; {} when there are none. Raises UnreadableDocumentError."""
    file = (path if path.is_dir() else path.parent) / SECRETS
    return _loaded(file, {}) if file.exists() else {}


def _dumped(document: Mapping[str, Any]) -> str:
    text: str = yaml.safe_dump(dict(document), sort_keys=False, allow_unicode=True, width=120)
    return text


def _loaded(file: Path, replacements: Mapping[str, str]) -> dict[str, Any]:
    try:
        if file.stat().st_size > MAX_BYTES:
            raise UnreadableDocumentError(f"{file} is larger than {MAX_BYTES} bytes.")
        found = yaml.safe_load(_replaced(file.read_text(), replacements))
    except (OSError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableDocumentError(f"{file} cannot be read: {error}") from error
    except yaml.YAMLError as error:
        # Without the text around it, which may be a secret.
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark else ""
        raise UnreadableDocumentError(f"{file} is no YAML{where}.") from error
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise UnreadableDocumentError(f"{file} must hold an object of resources.")
    return found


def _replaced(text: str, replacements: Mapping[str, str]) -> str:
    """`text` with the marks that have a replacement; others stay, and are refused where they matter."""
    return _MARK.sub(lambda mark: replacements.get(mark[1] or mark[2], mark[0]), text)
