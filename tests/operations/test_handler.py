"""The WSGI handler of the real server answers as Django's own does."""

import io
import os
import subprocess
import sys
from wsgiref.util import FileWrapper

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections, connection

from config import handler


def answer(application, path, **environ):
    """(status, headers, body) of a GET."""
    started = []
    body = application(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "SERVER_NAME": "acme.example.com",
            "SERVER_PORT": "443",
            "HTTP_HOST": "acme.example.com",
            "wsgi.url_scheme": "https",
            "wsgi.input": io.BytesIO(),
            "REMOTE_ADDR": "127.0.0.1",
        }
        | environ,
        lambda status, headers, exc_info=None: started.append((status, dict(headers))),
    )
    parts = list(body)
    if hasattr(body, "close"):  # as PEP 3333 asks of a server
        body.close()
    headers = started[0][1]
    headers.pop("X-Auth0-RequestId", None)
    return started[0][0], headers, b"".join(parts)


@pytest.mark.parametrize("path", ["/.well-known/jwks.json", "/livez", "/nothing", "/static/latchkey/pages.css"])
def test_it_answers_as_djangos_handler_does(acme, path):
    ours, djangos = handler.Handler(), WSGIHandler()
    assert answer(ours, path) == answer(djangos, path) == answer(ours, path)


def test_a_file_is_left_to_a_server_that_sends_files_itself(acme):
    path, sends_files = "/static/latchkey/pages.css", {"wsgi.file_wrapper": FileWrapper}
    assert answer(handler.Handler(), path, **sends_files) == answer(WSGIHandler(), path)


def test_a_finished_answer_is_one_piece(db):
    assert isinstance(
        handler.Handler()(
            {"REQUEST_METHOD": "GET", "PATH_INFO": "/livez", "wsgi.input": io.BytesIO(), "wsgi.url_scheme": "http"},
            lambda *_: None,
        ),
        list,
    )


def test_T141_no_secret_of_the_environment_reaches_a_request():
    """granian copies os.environ into each WSGI environ, after it has loaded the application."""
    secrets = {
        "SECRET_KEY": "s" * 60,
        "KEY_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "DATABASE_URL": "sqlite://:memory:",
    }
    check = (
        "import os, config.wsgi; print([name for name in os.environ if 'SECRET' in name or 'KEY' in name or 'URL' in name])"
    )
    environment = {"PATH": os.environ["PATH"], **secrets}
    result = subprocess.run(
        [sys.executable, "-c", check], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )
    assert result.stdout.strip() == "[]", result.stderr


def test_an_address_that_is_unknown_is_not_remembered(acme):
    handler._resolve.cache_clear()
    answer(handler.Handler(), "/nothing")
    assert handler._resolve.cache_info().currsize == 0


def test_a_connection_is_looked_after_once_a_request(monkeypatch):
    before = {signal: list(signal.receivers) for signal in (signals.request_started, signals.request_finished)}
    looked = []
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: looked.append(True))
    try:
        handler.keep_house_once()
        for signal in (signals.request_started, signals.request_finished):
            live = [receiver() for (_, receiver, *_rest) in signal.receivers]
            assert close_old_connections not in live
        handler._look_after_connection()
        assert looked == [True]
    finally:
        for signal, receivers in before.items():
            signal.receivers = receivers
            signal.sender_receivers_cache.clear()
