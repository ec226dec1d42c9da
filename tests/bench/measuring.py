"""Measures one target: start, warm up, load, check every answer, stop."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.bench import load, machine, servers
from tests.bench.load import Load
from tests.bench.targets import Target

WARM_UP_SECONDS = 3


@dataclass(frozen=True, slots=True)
class Measured:
    """`cpu_ms`: CPU of the workers per request, None if unknown. `others`: share of all processors that was not ours."""

    name: str
    load: Load
    cpu_ms: float | None
    others: float


def measure(target: Target, seconds: int) -> Measured:
    """Raises WrongAnswer, LoadError, ServerError."""
    with tempfile.TemporaryDirectory(prefix="latchkey-bench-") as directory:
        home = Path(directory)
        with servers.serving(target.application, _port(target), target.environment, home / "log") as server:
            load.run(target.url, target.form, WARM_UP_SECONDS, home / "warm-up")
            server.wait_until_idle()
            before, start = server.cpu_seconds(), machine.read()
            result = load.run(target.url, target.form, seconds, home / "answers")
            after, end = server.cpu_seconds(), machine.read()
            target.check(result)
        if target.check_after:
            target.check_after(result)
    used = None if before is None or after is None else (after - before) / result.answers * 1000
    return Measured(target.name, result, used, end.others_since(start))


def _port(target: Target) -> int:
    return int(target.url.split(":")[2].partition("/")[0])
