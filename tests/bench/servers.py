"""Runs a WSGI application under granian, the same way for every server that is measured, and reads its workers' CPU time."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GRANIAN = ["--interface", "wsgi", "--workers", "2", "--blocking-threads", "2", "--no-ws", "--http", "1"]
START_SECONDS = 240
STOP_SECONDS = 60


class ServerError(RuntimeError):
    """The server did not start or stopped by itself; the message carries the end of its log."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server. `log` has what it wrote to stdout and stderr."""

    process: subprocess.Popen[bytes]
    log: Path

    def cpu_seconds(self) -> float | None:
        """CPU time of all workers so far, user and system. None where there is no /proc."""
        tasks = Path(f"/proc/{self.process.pid}/task")
        if not tasks.exists():
            return None
        workers = [pid for task in tasks.iterdir() for pid in task.joinpath("children").read_text().split()]
        ticks = sum(
            sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13])) for pid in workers
        )
        return ticks / os.sysconf("SC_CLK_TCK")

    def wait_until_idle(self) -> None:
        """Until the workers have done what the last load left behind, so that the next one does not pay for it."""
        before = self.cpu_seconds()
        while before is not None:
            time.sleep(1)
            now = self.cpu_seconds()
            if now is None or now - before < 0.05:
                break
            before = now


@contextmanager
def serving(application: str, port: int, environment: Mapping[str, str], log: Path) -> Iterator[Server]:
    """`application` ("module:name") on a loopback `port`, stopped in the end. Raises ServerError."""
    command = [sys.executable, "-m", "granian", *GRANIAN, "--host", "127.0.0.1", "--port", str(port), application]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=output, stderr=output)
        server = Server(process, log)
        try:
            _wait_until_listening(server, port)
            yield server
        finally:
            _stop(process)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_listening(server: Server, port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while server.process.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise ServerError(f"The server did not start:\n{server.log.read_text(errors='replace')[-3000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise ServerError(f"The server did not stop within {STOP_SECONDS} s of SIGTERM.") from None
