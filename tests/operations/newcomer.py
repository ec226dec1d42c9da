"""A newcomer's machine for tests of `make run`: a copy of the checkout, an empty home, eyes for processes and output."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS, STOP_SECONDS = 240, 60


def copy_checkout(target: Path) -> Path:
    """Puts what git would give to somebody else into `target`."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    return target


@contextmanager
def bare_environment(home: Path) -> Iterator[dict[str, str]]:
    """Nothing set but PATH and an empty `home`, and on the PostgreSQL run a database of one's own.

    Events would wait for a minute, so that those found after a stop were written by the stop.
    """
    home.mkdir()
    clean = {"PATH": os.environ["PATH"], "HOME": str(home), "AUDIT_FLUSH_SECONDS": "60"}
    if connection.vendor != "postgresql":
        yield clean
        return
    server, name = os.environ["DATABASE_URL"].rsplit("/", 1)[0], f"run_{uuid4().hex}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        yield clean | {"DATABASE_URL": f"{server}/{name}"}
        admin.execute(f"DROP DATABASE {name}")


def make_run(*variables: str) -> list[str]:
    """`make run` with the environment that these tests run in taken for installed (-o)."""
    return ["make", "run", f"VENV={sys.prefix}", "-o", f"{sys.prefix}/.runtime", *variables]


@contextmanager
def running(
    command: list[str], checkout: Path, environment: dict[str, str]
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The running `command` and what it printed until it told where the console is. Killed if the test fails."""
    output = checkout.parent / "output"
    with output.open("wb") as file:
        process = subprocess.Popen(command, cwd=checkout, env=environment, stdout=file, stderr=file, start_new_session=True)
    try:
        until = time.monotonic() + START_SECONDS
        while "  password " not in output.read_text():
            assert process.poll() is None, output.read_text()
            assert time.monotonic() < until, output.read_text()
            time.sleep(0.1)
        yield process, output.read_text()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(STOP_SECONDS)


def alive() -> dict[int, int]:
    """Every process that runs (a finished one that nobody has asked about does not): its id → its parent's id."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,stat="], capture_output=True, text=True, check=True)
    rows = [line.split() for line in listed.stdout.splitlines()]
    return {int(pid): int(parent) for pid, parent, state in rows if not state.startswith("Z")}


def family(pid: int) -> set[int]:
    """`pid` and all running processes that stem from it."""
    found, processes = [pid], alive()
    for one in found:
        found += [child for child, parent in processes.items() if parent == one]
    return set(found)


def pasted(output: str) -> str:
    """The curl that was printed, with its continued lines."""
    lines = output.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("  curl "))
    end = next(number for number in range(start, len(lines)) if not lines[number].endswith("\\"))
    return "\n".join(lines[start : end + 1])
