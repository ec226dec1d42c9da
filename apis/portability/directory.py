"""The directory: `tenant.yaml`, and beside it `secrets.yaml` when secrets were asked for. Reading and writing, no meaning.

The only door to the yaml library.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from apis.portability import plain

DOCUMENT, SECRETS = "tenant.yaml", "secrets.yaml"
MAX_BYTES = 50_000_000
MAX_MEMBERS = 2_000_000
# The deploy tool's own marks: ##NAME## is text, @@NAME@@ is JSON.
_MARK = re.compile(r"##(\w+)##|@@(\w+)@@")


class UnreadableDocumentError(Exception):
    """The directory or a file of it cannot be read. The message is for the operator."""


def write(directory: Path, document: Mapping[str, Any], secrets: Mapping[str, Any] | None) -> None:
    """Puts `document`, and `secrets` if there are any, into `directory`. Secrets are for their owner's eyes only."""
    directory.mkdir(parents=True, exist_ok=True)
    _replace(directory / DOCUMENT, _dumped(document), 0o666)
    if secrets is not None:
        _replace(directory / SECRETS, _dumped(secrets), 0o600)


def read(path: Path, replacements: Mapping[str, str]) -> dict[str, Any]:
    """The document at `path` (a directory, or the file itself), its marks replaced. Raises UnreadableDocumentError."""
    return _loaded(path / DOCUMENT if path.is_dir() else path, replacements)


def read_secrets(path: Path) -> dict[str, Any]:
    """The secrets beside the document at `path`; {} when there are none. Raises UnreadableDocumentError."""
    file = (path if path.is_dir() else path.parent) / SECRETS
    return _loaded(file, {}) if file.exists() else {}


def _replace(file: Path, text: str, mode: int) -> None:
    """Puts a new file with `text` where `file` is. Nothing is written through a link, or for who has the old one open.

    `mode` as far as the umask lets it. Raises OSError.
    """
    fresh = file.with_name(f".{file.name}.{os.urandom(8).hex()}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as stream:
            stream.write(text)
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)


def _dumped(document: Mapping[str, Any]) -> str:
    text: str = yaml.safe_dump(dict(document), sort_keys=False, allow_unicode=True, width=120)
    return text


def _loaded(file: Path, replacements: Mapping[str, str]) -> dict[str, Any]:
    try:
        # The loader makes plain values only, as the safe one does that it is made from.
        found = yaml.load(_replaced(_text(file), replacements), _Loader)  # noqa: S506
    except (OSError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableDocumentError(f"{file} cannot be read: {error}") from error
    except yaml.YAMLError as error:
        # Without the text around it, which may be a secret.
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark else ""
        what = str(error.problem) if isinstance(error, _RefusedError) else "is no YAML"
        raise UnreadableDocumentError(f"{file}: this {what}{where}.") from error
    except (ValueError, OverflowError) as error:
        raise UnreadableDocumentError(f"{file} cannot be read: a date or a number in it is none.") from error
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise UnreadableDocumentError(f"{file} must hold an object of resources.")
    if why := plain.problem(found):
        raise UnreadableDocumentError(f"{file} {why}.")
    return found


def _text(file: Path) -> str:
    """What `file` says. Raises OSError, UnreadableDocumentError, UnicodeDecodeError."""
    # A pipe or a device may never end, and says that it is empty.
    if file.exists() and not file.is_file():
        raise UnreadableDocumentError(f"{file} is no file.")
    with file.open("rb") as stream:
        content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise UnreadableDocumentError(f"{file} is larger than {MAX_BYTES} bytes.")
    return content.decode()


class _RefusedError(yaml.MarkedYAMLError):
    """YAML that is right and not wanted; `problem` says why."""


class _Loader(yaml.SafeLoader):
    """Reads a document of which every name has one meaning."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._merged: set[int] = set()
        self._members = 0

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Takes in what `<<` refers to. Raises _RefusedError: a name stands twice, or merging does not come to an end."""
        if id(node) in self._merged:
            return
        self._merged.add(id(node))
        names = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        if len(set(names)) < len(names):
            twice = next(key for key, _ in node.value[::-1] if names.count(key.value) > 1)
            raise _RefusedError(problem="has a name that stands twice", problem_mark=twice.start_mark)
        super().flatten_mapping(node)
        self._members += len(node.value)
        if self._members > MAX_MEMBERS:
            raise _RefusedError(problem=f"has more than {MAX_MEMBERS} members", problem_mark=node.start_mark)


def _replaced(text: str, replacements: Mapping[str, str]) -> str:
    """`text` with the marks that have a replacement; others stay, and are refused where they matter."""
    return _MARK.sub(lambda mark: replacements.get(mark[1] or mark[2], mark[0]), text)
