"""`--profile`: one process, no server, no sockets: the WSGI application called in a loop, first timed, then under cProfile.

cProfile charges Python calls more than C calls, so its table says where to look and the timed loop says what was gained.
"""

import cProfile
import io
import json
import os
import pstats
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from tests.bench.servers import ROOT
from tests.bench.targets import create_tenant, latchkey_environment, token_form

HOST = "127.0.0.1:8000"
WARM_UP = 500
REQUESTS = 3_000
ROUNDS = 5
FUNCTIONS = 40


def show(database_url: str) -> int:
    """Runs this module in a process that is configured like a worker; logs go nowhere, the table to stderr."""
    environment = latchkey_environment(database_url)
    tenant = create_tenant(environment, f"http://{HOST}")
    form = token_form(tenant["applications"]["m2m"])
    command = [sys.executable, "-m", "tests.bench.hotspots"]
    finished = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | environment,
        input=json.dumps(form),
        text=True,
        stdout=subprocess.DEVNULL,
        check=False,
    )
    return finished.returncode


def main() -> None:
    body = urlencode(json.load(sys.stdin)).encode()
    from config.wsgi import application

    def request() -> None:
        _answer(application, body)

    _repeat(request, WARM_UP)
    rounds = [_microseconds(request) for _ in range(ROUNDS)]
    print(
        f"CPU of one request in this thread: best {min(rounds):.0f} us, all {[round(value) for value in rounds]}",
        file=sys.stderr,
    )
    profiler = cProfile.Profile()
    profiler.runcall(_repeat, request, REQUESTS)
    pstats.Stats(profiler, stream=sys.stderr).sort_stats("tottime").print_stats(FUNCTIONS)


def _answer(application: Any, body: bytes) -> None:
    """One token request. Raises RuntimeError when it is not answered with 200."""
    told: list[str] = []
    response = application(_environ(body), lambda status, *_: told.append(status))
    content = b"".join(response)
    if hasattr(response, "close"):
        response.close()
    if told != ["200 OK"]:
        raise RuntimeError(f"{told} {content!r}")


def _environ(body: bytes) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/oauth/token",
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": HOST,
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
    }


def _microseconds(request: Callable[[], None]) -> float:
    """Of this thread only: the audit writer works beside it."""
    start = time.thread_time()
    _repeat(request, REQUESTS)
    return (time.thread_time() - start) / REQUESTS * 1e6


def _repeat(request: Callable[[], None], times: int) -> None:
    for _ in range(times):
        request()


if __name__ == "__main__":
    main()
