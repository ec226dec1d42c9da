"""Processes of `make run`: a port that is taken, a server that ends by itself, a stop that leaves nothing."""

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError

from authserver.management import supervision
from authserver.management.supervision import refuse_taken_port, supervise
from tests.postgres import free_port

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """The test process gets its own signal handlers back."""
    before = {number: signal.getsignal(number) for number in supervision.SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def say_pid(file: Path, *, stubborn: bool = False) -> list[str]:
    """A process that writes its id to `file` and sleeps; a stubborn one does not care about SIGTERM."""
    deaf = "signal.signal(signal.SIGTERM, signal.SIG_IGN);" if stubborn else ""
    program = (
        f"import os, pathlib, signal, time; {deaf} pathlib.Path({str(file)!r}).write_text(str(os.getpid())); time.sleep(60)"
    )
    return [sys.executable, "-c", program]


def stop_when(*files: Path) -> None:
    """Sends SIGTERM to this process as soon as all `files` are written."""

    def wait() -> None:
        until = time.monotonic() + 120
        while time.monotonic() < until and not all(file.exists() and file.read_text() for file in files):
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait).start()


def gone(file: Path) -> bool:
    try:
        os.kill(int(file.read_text()), 0)
    except ProcessLookupError:
        return True
    return False


def test_a_free_port_is_no_obstacle() -> None:
    refuse_taken_port(free_port(), "PORT")


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])
def test_a_taken_port_is_told_with_another_to_choose(address: str) -> None:
    with socket.socket() as listener:
        # As granian does: without our refusal two servers would share the port.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind((address, 0))
        listener.listen()
        port = listener.getsockname()[1]
        with pytest.raises(CommandError, match=rf"Port {port} is in use.*make run TLS_PORT={port + 1}"):
            refuse_taken_port(port, "TLS_PORT")


def test_a_port_that_cannot_be_had_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(CommandError, match="Port 80 cannot be used: Permission denied"):
        refuse_taken_port(80, "PORT")


def test_a_machine_without_ipv6_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def bind(_: socket.socket, address: tuple[str, int]) -> None:
        if ":" in address[0]:
            raise OSError(99, "Cannot assign requested address")

    monkeypatch.setattr(socket.socket, "bind", bind)
    refuse_taken_port(8000, "PORT")


def test_a_server_that_ends_by_itself_is_an_error_and_ends_the_visitor(tmp_path: Path) -> None:
    visitor = tmp_path / "visitor"
    server = (
        f"import pathlib, time\nwhile not pathlib.Path({str(visitor)!r}).exists(): time.sleep(0.02)\nraise SystemExit(3)"
    )
    with pytest.raises(CommandError, match="exit code 3"):
        supervise([sys.executable, "-c", server], say_pid(visitor))
    assert gone(visitor)


def test_a_stop_ends_server_and_visitor(tmp_path: Path) -> None:
    server, visitor = tmp_path / "server", tmp_path / "visitor"
    stop_when(server, visitor)
    with pytest.raises(SystemExit) as stopped:
        supervise(say_pid(server), say_pid(visitor))
    assert stopped.value.code == 0
    assert gone(server)
    assert gone(visitor)


def test_a_server_that_will_not_stop_is_killed_in_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "STOP_SECONDS", -4.5)
    server = tmp_path / "server"
    stop_when(server)
    with pytest.raises(SystemExit):
        supervise(say_pid(server, stubborn=True), SLEEP)
    assert gone(server)
