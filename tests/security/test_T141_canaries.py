"""T-141, over the whole run: no client secret, token or private key in a log, event or page. Runs last."""

import pytest
from django.http import HttpRequest, HttpResponse

from tenants.keys import generation
from tests.canary import SECRET, Watch, marked, watch


def test_T141_the_watch_finds_every_kind_of_secret(acme):
    pem = generation.generate("x").private_pem.decode()
    for secret in (marked(), acme.secret, acme.ask().json()["access_token"], pem, "".join(pem.splitlines()[1:5])):
        assert SECRET.search(f"something {secret} something")


@pytest.mark.parametrize(
    ("method", "cache_control", "times", "leaks"),
    [("POST", "no-store", 1, 0), ("POST", "no-store", 2, 1), ("POST", "public", 1, 1), ("GET", "no-store", 1, 1)],
)
def test_T141_a_secret_may_stand_in_one_uncacheable_answer_and_no_more(method, cache_control, times, leaks):
    own, request, secret = Watch(), HttpRequest(), marked()
    request.method, request.path = method, "/somewhere"
    for _ in range(times):
        own.answer(request, HttpResponse(f"<p>{secret}</p>", headers={"Cache-Control": cache_control}))
    assert len(own.leaks) == leaks
    own.text("log", "nothing here")
    assert len(own.leaks) == leaks


def test_T141_no_secret_was_in_any_log_event_or_page_of_this_run(request):
    assert watch.leaks == []
    if len(request.session.items) > 1000:  # not a few tests, nor those whose servers are other processes
        assert watch.seen["answer"] > 200
        assert watch.seen["event"] > 200
        assert watch.seen["log"] > 50
