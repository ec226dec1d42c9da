"""When a secret was last used: noted with the batched events, never by a write per token."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apis.services.applications import add_secret
from tenants import audit
from tests import factories


def status(world, secret):
    return world.ask(client_secret=secret).status_code


def test_the_last_use_is_noted_with_the_batch_and_for_the_secret_that_was_used(acme):
    second = add_secret(acme.application, by=factories.BY)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert status(acme, second.value) == status(acme, second.value) == 200
    assert not [query for query in queries if "UPDATE" in query["sql"]]
    assert second.row.last_used_at is None
    audit.flush()
    first, second_row = acme.application.secrets.all()
    assert first.last_used_at is None
    assert timezone.now() - second_row.last_used_at < timedelta(minutes=1)


def test_last_uses_are_noted_in_one_order_so_that_two_processes_cannot_block_each_other(acme):
    second = add_secret(acme.application, by=factories.BY)
    status(acme, second.value)
    status(acme, acme.secret)
    with CaptureQueriesContext(connection) as queries:
        audit.flush()
    updates = [query["sql"] for query in queries if query["sql"].startswith("UPDATE")]
    assert [sql.rsplit(" ", 1)[1] for sql in updates] == [
        str(pk) for pk in sorted(acme.application.secrets.values_list("pk", flat=True))
    ]
