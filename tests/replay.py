"""The rows that most tests begin with, made once by the product's services and from then on inserted as they came out.

A tenant with its keys, permissions and applications takes some sixty statements and their checks; inserting its rows takes a
dozen. Owns only that short cut: what the rows are is the builder's business.
"""

import pickle
from collections.abc import Callable, Iterator
from typing import Any, TypeVar, cast

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model
from django.db.models.sql import InsertQuery

T = TypeVar("T")
Statement = tuple[str, Any]

FLOORS = ("tenants", "apis", "authserver")
ROWS_AT_ONCE = 50
# A rolled back test gives its numbers back on SQLite, so each recording counts from a start of its own.
APART = 100_000

_recorded: dict[str, tuple[list[Statement], bytes]] = {}


def replayed(name: str, build: Callable[[], T]) -> T:
    """What `build` returns, with the rows that it inserts. The second time under the same `name`, both come from a record.

    `build` must insert rows only, the same ones every time; what it returns must be picklable.
    """
    if name in _recorded:
        statements, returned = _recorded[name]
        with transaction.atomic(), connection.cursor() as cursor:
            for statement, values in statements:
                cursor.execute(statement, values)
        return cast("T", pickle.loads(returned))
    _count_apart()
    before = {model: set(model._default_manager.values_list("pk", flat=True)) for model in _models()}
    built = build()
    _recorded[name] = [statement for model in _models() for statement in _inserts(model, before[model])], pickle.dumps(built)
    return built


def _models() -> list[type[Model]]:
    return [
        model
        for floor in FLOORS
        for model in apps.get_app_config(floor).get_models(include_auto_created=True)
        if model._meta.managed
    ]


def _inserts(model: type[Model], before: set[Any]) -> Iterator[Statement]:
    """The statements that insert the rows of `model` that are not among `before`."""
    rows = [row for row in model._default_manager.order_by("pk") if row.pk not in before]
    for start in range(0, len(rows), ROWS_AT_ONCE):
        query = InsertQuery(model)
        query.insert_values(model._meta.local_concrete_fields, rows[start : start + ROWS_AT_ONCE], raw=True)
        yield from query.get_compiler(connection=connection).as_sql()


def _count_apart() -> None:
    """Has the rows that follow numbered where no test's own rows are."""
    if connection.vendor != "sqlite":
        return
    start = (len(_recorded) + 1) * APART
    with connection.cursor() as cursor:
        for table in (model._meta.db_table for model in _models()):
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, start])
