"""`python -m tests.both_databases`: the test-suite on SQLite and on PostgreSQL, several parts at once on a few cores.

PostgreSQL is what production has, so everything runs there, in parts with a server each. On SQLite runs what could go
another way there: not the console, the browser and other programs, and of the long tables of what requests may look like,
which read the same rows case by case, a few cases each. Coverage is measured on SQLite, and of the console where that runs.
"""

import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PYTEST = ["-m", "pytest", "--quiet"]
POSTGRES = ["-m", "tests.postgres", sys.executable]
# Lines and branches of ours that nobody runs. Before Python 3.12 tracing, which SlipCover does without, doubles the time.
COVERED = ["-m", "slipcover", "--branch", "--source=apis,authserver,tenants", "--omit=*/migrations/*"]
# Looks at what its own process has seen, so each part runs it.
VERDICT = "tests/security/test_T141_canaries.py"
BROWSER = "tests/browser"
WITH_PROGRAMS = ("tests/clients", "tests/operations", "tests/races")
CONSOLE = "tests/console"
# Long walks through all of the console, on which nothing is measured.
WALKS = tuple(
    f"{CONSOLE}/test_{name}.py" for name in ("hostile_input", "hostile_names", "links", "log_plans", "looks", "scale")
)
ALIKE = (BROWSER, CONSOLE, "tests/clients", "tests/operations")


def covered(name: str) -> list[str]:
    """pytest, which leaves .coverage.NAME.json behind."""
    return [*COVERED, "--json", f"--out=.coverage.{name}.json", *PYTEST]


# The longest stand first, so that the last ones to end are short.
RUNS = {
    "PostgreSQL": [*POSTGRES, *PYTEST, *(f"--ignore={folder}" for folder in (BROWSER, CONSOLE, *WITH_PROGRAMS))],
    "SQLite": [*covered("sqlite"), "-p", "tests.sampling", *(f"--ignore={path}" for path in ALIKE)],
    "programs": [*POSTGRES, *PYTEST, *WITH_PROGRAMS, VERDICT],
    "console": [*POSTGRES, *covered("console"), CONSOLE, *(f"--ignore={path}" for path in WALKS), VERDICT],
    "walks": [*POSTGRES, *PYTEST, *WALKS, VERDICT],
    "browser": [*POSTGRES, *PYTEST, BROWSER, VERDICT],
}
# One more than cores, as a part sometimes waits for its database. With all at once, everybody's patience would end.
AT_ONCE = (os.cpu_count() or 2) + 1
# What pytest says of a failure: where it was, and what was expected of what.
REASON = re.compile(r"(FAILED|ERROR|E  ) |\S+\.py:\d+: ")


def run(name: str, arguments: list[str], failed: dict[str, list[str]]) -> None:
    """Runs one part, its lines as they come and marked with its name; if it fails, leaves its reasons in `failed`."""
    command = [sys.executable, *arguments]
    reasons, started = [], time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        for line in process.stdout or ():
            print(f"{name:>10} | {line}", end="", flush=True)
            if REASON.match(line):
                reasons.append(line.rstrip()[:300])
    print(f"{name:>10} | ended after {time.monotonic() - started:.0f} s")
    if process.returncode:
        failed[name] = reasons


def main() -> int:
    """All parts; 1 when one failed, or when a path that is named here is gone."""
    if gone := [path for path in (*ALIKE, *WALKS, VERDICT) if not Path(path).exists()]:
        print(f"Correct tests/both_databases.py: {', '.join(gone)} is not there.")
        return 1
    failed: dict[str, list[str]] = {}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda item: run(*item, failed), RUNS.items()))
    # At the very end, because of a long log often only that is kept.
    for name, reasons in failed.items():
        print(f"Failed: {name}", *reasons[-20:], sep="\n")
    print("Some parts failed" if failed else "All parts passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
