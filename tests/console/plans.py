"""What a page asks of the database, and how PostgreSQL answers it, as far as the log is concerned."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

# Of the log table a page may read so many rows at once.
MOST_ROWS = 20_000
LOG = "tenants_logevent"


@dataclass(frozen=True, slots=True)
class Statement:
    sql: str
    values: Any


@dataclass(slots=True)
class Asked:
    """What one page asked of the database."""

    statements: list[Statement] = field(default_factory=list)

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.statements.append(Statement(sql, params))
        return execute(sql, params, many, context)

    def of_log(self) -> list[Statement]:
        """Those that look into the log."""
        return [
            one for one in self.statements if LOG in one.sql and one.sql.lstrip("( ").upper().startswith(("SELECT", "WITH"))
        ]


@contextmanager
def listening() -> Iterator[Asked]:
    """Hears every statement of this thread."""
    asked = Asked()
    with connection.execute_wrapper(asked):
        yield asked


def faults(statement: Statement) -> Iterator[str]:
    """What is wrong with how PostgreSQL answers `statement`, as far as the log is concerned. Answers it once more."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement.sql}", statement.values)
        plan = cursor.fetchone()[0][0]["Plan"]
    for node in _nodes(plan):
        if node.get("Relation Name") != LOG and LOG not in node.get("Index Name", ""):
            continue
        read = (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
        if node["Node Type"] in ("Seq Scan", "Parallel Seq Scan"):
            yield f"scans the log: {statement.sql[:300]}"
        elif read > MOST_ROWS:
            yield f"reads {read:,.0f} rows of the log by {node['Node Type']}: {statement.sql[:300]}"


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)
