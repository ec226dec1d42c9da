"""A throw-away Redis for tests: `temporary_redis()`.

Owns one server on a free loopback port with nothing on disk, and nothing else: it never looks for a server that runs
already, and stops only the process that it started.
"""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

import redis

from tests.postgres import free_port

START_SECONDS = 60


@contextmanager
def temporary_redis() -> Iterator[str]:
    """Starts a server, yields its REDIS_URL `redis://127.0.0.1:PORT/0`, stops it after.

    Raises FileNotFoundError without a `redis-server` on PATH (Debian, Ubuntu: apt-get install redis-server).
    """
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="latchkey-redis-") as home:
        options = {"port": str(port), "bind": "127.0.0.1", "save": "", "appendonly": "no", "dir": home}
        command = ["redis-server", *(word for name, value in options.items() for word in (f"--{name}", value))]
        # A session of its own: Ctrl-C is for the tests, the server goes when they are done.
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, start_new_session=True)
        url = f"redis://127.0.0.1:{port}/0"
        try:
            _await(server, url)
            yield url
        finally:
            server.terminate()
            server.wait(START_SECONDS)


def _await(server: subprocess.Popen[bytes], url: str) -> None:
    until = time.monotonic() + START_SECONDS
    with redis.Redis.from_url(url) as client:
        while server.poll() is None and time.monotonic() < until:
            try:
                client.ping()
                return
            except redis.ConnectionError:
                time.sleep(0.02)
    raise RuntimeError(f"redis-server did not start within {START_SECONDS} s")
