"""Https on this machine for tests: the product's own server, and small ones of applications and APIs.

One certificate of a local authority is good for all of them. The product answers at `localhost`, applications at
`shop.localhost`: to a browser two sites, so cookies and frames are judged as they are on the internet.
"""

import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.test.testcases import LiveServerThread

from tenants.keys.local_ca import issue_server_certificate

NAMES = ("localhost", "shop.localhost", "api.localhost", "127.0.0.1")


def certificate(directory: Path) -> ssl.SSLContext:
    """A server's context with a certificate for `NAMES`."""
    issue_server_certificate(directory, NAMES)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(directory / "server.pem", directory / "server.key")
    return context


def secured(server: Any, context: ssl.SSLContext) -> Any:
    """`server`, speaking https. Closing it waits until the last of its connections is closed: stop the browser before."""
    # The handshake waits for the thread of its connection: a browser opens some that stay silent.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.daemon_threads = False
    told = server.handle_error

    def handle_error(*connection: Any) -> None:
        if not isinstance(sys.exc_info()[1], OSError):
            told(*connection)

    server.handle_error = handle_error
    return server


class _SecureServerThread(LiveServerThread):
    context: ssl.SSLContext

    def _create_server(self, connections_override: Any = None) -> Any:
        server = secured(super()._create_server(connections_override), self.context)
        server.base_environ["HTTPS"] = "on"
        return server


@contextmanager
def product(context: ssl.SSLContext) -> Iterator[str]:
    """The product at https://localhost on a free port, with the test's database. Yields its origin."""
    shared = {one.alias: one for one in connections.all() if one.vendor == "sqlite" and one.is_in_memory_db()}
    for one in shared.values():
        one.inc_thread_sharing()
    thread = _SecureServerThread("localhost", lambda _: WSGIHandler(), connections_override=shared)
    thread.context, thread.daemon = context, True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    try:
        yield f"https://localhost:{thread.port}"
    finally:
        thread.terminate()
        for one in shared.values():
            one.dec_thread_sharing()


class Site(BaseHTTPRequestHandler):
    """A request to one of the test's own servers; a subclass answers in `do_GET` and `do_POST`."""

    server: Any
    protocol_version = "HTTP/1.0"

    def log_message(self, *_: Any) -> None:
        """Quiet: an address may hold a code."""

    def answer(self, body: str, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body.encode())

    def redirect(self, address: str) -> None:
        self.answer("", 302, Location=address)

    def do_OPTIONS(self) -> None:
        """A preflight of a script on another origin."""
        self.answer("", 204, Access_Control_Allow_Origin="*", Access_Control_Allow_Headers="authorization")


@contextmanager
def site(handler: type[Site], context: ssl.SSLContext, host: str) -> Iterator[Any]:
    """A server of `handler` at https://`host` on a free port; its `origin` is an attribute, and what a test adds."""
    with secured(ThreadingHTTPServer(("127.0.0.1", 0), handler), context) as server:
        server.origin = f"https://{host}:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
