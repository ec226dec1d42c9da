"""Processes of `make run`: the port is free, the server runs, and everything is gone after a stop.

Knows nothing of what the server does.
"""

import errno
import os
import signal
import socket
import subprocess
import sys
from typing import Any

from django.core.management.base import CommandError

# How long requests that are being answered may take to finish; nothing new is accepted meanwhile.
STOP_SECONDS = 30
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# A token is signing, and signing is computing: more threads than this only queue for the interpreter, each with a
# database connection of its own.
BLOCKING_THREADS = "2"


def refuse_taken_port(port: int, name: str) -> None:
    """Raises CommandError when something listens at `port` already; `name` is the variable that chooses another.

    granian would not notice: it shares its port with whoever listens there (SO_REUSEPORT).
    """
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((address, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise CommandError(
                    f"Port {port} is in use, perhaps by another `make run`. "
                    f"Stop that one, or choose another port: make run {name}={port + 1}"
                ) from error
            if family == socket.AF_INET:
                raise CommandError(f"Port {port} cannot be used: {error.strerror}.") from error


def supervise(server: list[str], visitor: list[str]) -> None:
    """Runs `server` until it ends or this process is told to stop, and `visitor` beside it.

    Both get a session of their own, so that Ctrl-C reaches them once and in order. Raises CommandError when the server
    ends by itself.
    """
    for number in SIGNALS:
        signal.signal(number, _stop)
    children: list[subprocess.Popen[bytes]] = []
    environment = {"GRANIAN_BLOCKING_THREADS": BLOCKING_THREADS, **os.environ}
    try:
        for command in (server, visitor):
            child = subprocess.Popen(command, env=environment, start_new_session=True)  # noqa: S603  our own commands
            children.append(child)
        code = children[0].wait()
        raise CommandError(f"The server stopped by itself (exit code {code}); its own messages are above.")
    finally:
        for child in children:
            child.terminate()
        for child in children:
            try:
                child.wait(STOP_SECONDS + 5)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _stop(*_: Any) -> None:
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    sys.exit(0)
