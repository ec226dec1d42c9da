"""A section of the README, pasted as it stands, block by block, while `make run` serves."""

import json
import re
import socket
import subprocess
from pathlib import Path
from typing import Any

from tests.operations.newcomer import ROOT, bare_environment, copy_checkout, make_run, running

MARK = "@@@ next block @@@"


def blocks(heading: str) -> dict[str, str]:
    """The section's blocks by the bold words in front of them, in their order."""
    section = (ROOT / "README.md").read_text().partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    found = re.findall(r"\*\*(.+?)\*\*(?:(?!```).)*```bash\n(.+?)```", section, flags=re.DOTALL)
    assert len(found) == section.count("```bash"), "a block stands without bold words in front of it"
    return {title.rstrip(".:"): block for title, block in found}


def paste(heading: str, directory: Path) -> dict[str, Any]:
    """What each block printed, with the server's `issuer` and published `keys`."""
    port = _free_port()
    checkout, written = copy_checkout(directory / "checkout"), blocks(heading)
    script = f"\necho; echo '{MARK}'\n".join(["set -eu -o pipefail", *written.values()])
    with (
        bare_environment(directory / "home") as environment,
        running(make_run(f"PORT={port}"), checkout, environment),
    ):
        pasted = subprocess.run(
            ["bash", "-c", script], cwd=checkout, env=environment, capture_output=True, text=True, timeout=600, check=False
        )
        keys = _fetch(f"http://localhost:{port}/.well-known/jwks.json")
    assert pasted.returncode == 0, pasted.stdout + pasted.stderr
    outputs = [output.strip() for output in pasted.stdout.split(MARK)[1:]]
    return dict(zip(written, outputs, strict=True)) | {"issuer": f"http://localhost:{port}/", "keys": keys}


def documents(text: str) -> list[Any]:
    """The JSON documents among the lines of `text`."""
    return [json.loads(line) for line in text.splitlines() if line.startswith(("{", "["))]


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def _fetch(url: str) -> Any:
    return json.loads(subprocess.run(["curl", "-sS", url], capture_output=True, text=True, check=True).stdout)
