"""One load generator for every server: wrk, 2 threads, 16 connections, the same client_credentials form. Judges nothing."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

SCRIPT = Path(__file__).with_name("record.lua")
THREADS = 2
CONNECTIONS = 16
# Longer than the slowest server takes for the 16 requests that wait at a time.
TIMEOUT_SECONDS = 60


class LoadError(RuntimeError):
    """wrk is missing or did not do its work; the message says which."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk counted, and the directory with every answer it got."""

    answers: int
    seconds: float
    failures: int
    p50_ms: float
    p99_ms: float
    directory: Path

    @property
    def per_second(self) -> float:
        return self.answers / self.seconds


def run(url: str, form: dict[str, str], seconds: int, directory: Path) -> Load:
    """Sends `form` to `url` for `seconds`; the answers go to files in `directory`. Raises LoadError."""
    if shutil.which("wrk") is None:
        raise LoadError("wrk is missing: install it (Debian and Ubuntu: apt-get install wrk).")
    directory.mkdir(parents=True)
    finished = subprocess.run(
        ["wrk", f"-t{THREADS}", f"-c{CONNECTIONS}", f"-d{seconds}s", f"--timeout={TIMEOUT_SECONDS}s", "-s", SCRIPT, url],
        env=os.environ | {"BENCH_BODY": urlencode(form), "BENCH_ANSWERS": str(directory)},
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise LoadError(f"wrk failed: {finished.stderr or finished.stdout}")
    return Load(**json.loads(finished.stdout.splitlines()[-1]), directory=directory)


def recorded(directory: Path) -> Iterator[Answer]:
    """Every answer that `run` wrote to `directory`."""
    for path in sorted(directory.iterdir()):
        with path.open("rb") as file:
            while head := file.readline():
                status, length = head.split()
                yield Answer(int(status), file.read(int(length)))
                file.read(1)
