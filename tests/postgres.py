"""A throw-away PostgreSQL for tests and benchmarks: `python -m tests.postgres COMMAND…` or `temporary_postgres()`.

Owns one server on a free loopback port with its data in a temporary directory, and nothing else: it never looks for a
server that runs already, and stops only the process that it started. Not durable unless asked for (fsync is off).
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

ROLE = "latchkey"
DEBIAN_BINARIES = Path("/usr/lib/postgresql")
START_SECONDS = 120
OPTIONS = {
    "listen_addresses": "127.0.0.1",
    # TCP only: a socket file would need a path shorter than many a temporary directory has.
    "unix_socket_directories": "",
    "max_connections": "200",
}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
LOCALE = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"


class PostgresUnavailableError(RuntimeError):
    """PostgreSQL cannot be started here; the message says what to install or do."""


def binaries() -> Path:
    """The directory that holds `initdb` and `postgres`: from PATH, else Debian's newest version.

    Raises PostgresUnavailableError when there is none.
    """
    if (found := shutil.which("initdb")) and (directory := Path(found).resolve().parent).joinpath("postgres").exists():
        return directory
    versions = [path.parent for path in DEBIAN_BINARIES.glob("*/bin/postgres") if path.with_name("initdb").exists()]
    if not versions:
        raise PostgresUnavailableError(
            "The PostgreSQL server is missing (initdb and postgres are neither on PATH nor in "
            f"{DEBIAN_BINARIES}/*/bin). Install it: on Debian and Ubuntu `apt-get install postgresql`, "
            "elsewhere the package that holds initdb."
        )
    return max(versions, key=lambda path: [int(part) for part in path.parent.name.split(".") if part.isdigit()])


@contextmanager
def temporary_postgres(*, durable: bool = False) -> Iterator[str]:
    """Starts a server, yields its DATABASE_URL `postgres://latchkey@127.0.0.1:PORT/latchkey`, deletes everything after.

    `durable` has it write commits to disk before it confirms them, as production does. The role is a superuser, so Django
    can create its test databases. Raises PostgresUnavailableError.
    """
    directory, identity = binaries(), _identity()
    with tempfile.TemporaryDirectory(prefix="latchkey-postgres-") as home:
        if identity:
            os.chown(home, identity["user"], identity["group"])
        options = identity | {"cwd": home, "env": {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}}
        _initialise(directory, options)
        port, log = free_port(), Path(home, "log")
        settings = OPTIONS if durable else OPTIONS | NOT_DURABLE
        command = [directory / "postgres", "-D", "data", "-p", str(port), *(f"--{k}={v}" for k, v in settings.items())]
        with log.open("wb") as output:
            # A session of its own: Ctrl-C is for the tests, the server goes when they are done.
            server = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True, **options)
        try:
            _create_database(server, port, log)
            yield f"postgres://{ROLE}@127.0.0.1:{port}/{ROLE}"
        finally:
            _stop(server)


def _identity() -> dict[str, Any]:
    """The arguments that make subprocess leave root, under which PostgreSQL refuses to run."""
    if os.geteuid() != 0:
        return {}
    try:
        account = pwd.getpwnam("postgres")
    except KeyError as error:
        raise PostgresUnavailableError(
            "PostgreSQL does not run as root and there is no user 'postgres': `apt-get install postgresql` makes it."
        ) from error
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _initialise(directory: Path, options: dict[str, Any]) -> None:
    command = [directory / "initdb", "-D", "data", "-U", ROLE, "-A", "trust", "-E", "UTF8", f"--locale={LOCALE}", "-N"]
    made = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if made.returncode:
        raise PostgresUnavailableError(f"initdb failed:\n{made.stdout}{made.stderr}")


def free_port() -> int:
    """A port of 127.0.0.1 at which nothing listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _create_database(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Waits until the server answers, then makes the database of the URL."""
    until = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < until:
        try:
            with psycopg.connect(f"postgres://{ROLE}@127.0.0.1:{port}/postgres", autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {ROLE}")
                return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise PostgresUnavailableError(f"PostgreSQL did not start within {START_SECONDS} s:\n{log.read_text()[-2000:]}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)
    try:
        server.wait(60)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        server.wait(60)


def main(command: list[str]) -> int:
    """Runs `command` with DATABASE_URL set to a fresh server and returns its exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with temporary_postgres() as url, subprocess.Popen(command, env=os.environ | {"DATABASE_URL": url}) as child:
        try:
            return child.wait()
        finally:
            if child.poll() is None:
                child.terminate()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("Usage: python -m tests.postgres COMMAND [ARGUMENT…]")
    try:
        sys.exit(main(sys.argv[1:]))
    except (PostgresUnavailableError, FileNotFoundError) as problem:
        sys.exit(str(problem))
