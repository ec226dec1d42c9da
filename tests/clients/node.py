"""Runs one story of openid_client.mjs in a Node process of its own, and is the browser that the story sends away.

One JSON object a line: the story's settings go in, `{"visit": URL}` comes out and is answered with where the person ended,
`{"told": …}` comes last. Secrets travel by the pipe, never on a command line.
"""

import json
import re
import shutil
import subprocess
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.clients.browser import Browser
from tests.clients.server import RealServer

HERE = Path(__file__).resolve().parent
SECONDS = 90
# openid-client names Node 20 as its baseline. Debian 12's 18.20 runs it with the same Web Crypto switched on by hand.
OLDEST, WITHOUT_CRYPTO = 18, 19


class NodeUnavailableError(RuntimeError):
    """Node or its packages are missing; the message says what to install."""


def command() -> list[str]:
    """How Node is started. Raises NodeUnavailableError."""
    node = shutil.which("node")
    if node is None:
        raise NodeUnavailableError("Node is missing. Install it: on Debian and Ubuntu `apt-get install nodejs npm`.")
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.match(r"v(\d+)\.", told)
    major = int(found[1]) if found else 0
    if major < OLDEST:
        raise NodeUnavailableError(f"{node} is {told.strip()}; openid-client needs Node {OLDEST}.20 or newer.")
    if not (HERE / "node_modules" / "openid-client").exists():
        raise NodeUnavailableError("openid-client is missing: `make test` installs it, or `npm ci` in tests/clients.")
    # A loopback name may mean ::1 first, where nothing listens.
    options = ["--dns-result-order=ipv4first"]
    return [node, *options, *(["--experimental-global-webcrypto"] if major < WITHOUT_CRYPTO else [])]


def play(story: str, server: RealServer, browser: Browser, log: Path, **settings: Any) -> dict[str, Any]:
    """What `story` tells in the end. Fails with Node's own words when it ends otherwise; `log` takes its stderr."""
    environment = {"PATH": "", "NODE_EXTRA_CA_CERTS": str(server.authority)}
    with log.open("w") as errors:
        process = subprocess.Popen(
            [*command(), str(HERE / "openid_client.mjs"), story],
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


def _converse(process: subprocess.Popen[str], browser: Browser, settings: dict[str, Any]) -> dict[str, Any] | None:
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
