"""`python -m tests.bench`: measures, checks, prints a table and ratios. Exit code 1 for a missed bar or a wrong answer."""

import argparse
import signal
import subprocess
import sys

import psycopg

from tests.bench import hotspots, limit, machine, report, targets
from tests.bench.answers import WrongAnswer
from tests.bench.load import LoadError
from tests.bench.measuring import Measured, measure
from tests.bench.servers import ServerError, free_port
from tests.postgres import PostgresUnavailableError, temporary_postgres


def main() -> int:
    options = _options()
    # So that the servers and the database are stopped when this run is.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        # Durable, as in production: what is written counts only when it is on disk.
        with temporary_postgres(durable=True) as database_url:
            if options.profile:
                return hotspots.show(database_url)
            return _compare(database_url, options.duration, judge=options.bars)
    except (
        WrongAnswer,
        LoadError,
        ServerError,
        PostgresUnavailableError,
        subprocess.CalledProcessError,
    ) as problem:
        print(f"The bench failed: {problem}", file=sys.stderr)
        return 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--duration", type=int, default=15, metavar="SECONDS", help="of each load (default: 15)")
    parser.add_argument("--bars", action=argparse.BooleanOptionalAction, default=True, help="fail when a bar is missed")
    parser.add_argument("--profile", action="store_true", help="show where a token request spends its time instead")
    return parser.parse_args()


def _compare(database_url: str, seconds: int, *, judge: bool) -> int:
    """Everything one after the other. The limit first and last, because a machine's speed drifts."""
    before = limit.measure()
    measured = _servers(database_url, seconds)
    mean = before.mean(limit.measure())
    print(report.table(measured, mean), end="\n\n")
    bars = report.bars(*measured, mean)
    print(*bars, sep="\n")
    if max(mean.others, *(row.others for row in measured)) > machine.TOLERATED:
        print("\nOther work took part of the processors, which lowers what the servers reach: repeat on a quiet machine.")
    return 1 if judge and not all(bar.met for bar in bars) else 0


def _servers(database_url: str, seconds: int) -> list[Measured]:
    measured = [measure(targets.latchkey(_database(database_url, "bench_latchkey"), free_port()), seconds)]
    stock = targets.stock(_database(database_url, "bench_stock"), free_port())
    return measured + [measure(target, seconds) for target in stock]


def _database(database_url: str, name: str) -> str:
    """The URL of a new, empty database on the same server."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return database_url.rpartition("/")[0] + "/" + name


if __name__ == "__main__":
    sys.exit(main())
