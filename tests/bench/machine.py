"""Was the machine ours? CPU time of this process and all that it started, beside that of the whole machine."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
# More than this share of the processors taken by other work, and a figure says more about that work than about the server.
TOLERATED = 0.05
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Reading:
    """Seconds: of the clock, of CPU that we used, of CPU that everybody used (a hypervisor's other guests included)."""

    clock: float
    ours: float
    everybodys: float

    def others_since(self, earlier: "Reading") -> float:
        """The share of all processors that other work took since `earlier`. 0.0 where there is no /proc."""
        others = (self.everybodys - earlier.everybodys) - (self.ours - earlier.ours)
        return max(0.0, others / ((self.clock - earlier.clock) * (os.cpu_count() or 1)))


def read() -> Reading:
    if not PROC.joinpath("stat").exists():
        return Reading(time.monotonic(), 0.0, 0.0)
    user, nice, system, _idle, _wait, _irq, _softirq, stolen = map(int, PROC.joinpath("stat").read_text().split()[1:9])
    return Reading(time.monotonic(), _ours(), (user + nice + system + stolen) / _TICKS)


def _ours() -> float:
    """CPU of this process and its descendants, those that have ended included (their parents keep the sum)."""
    parents, cpu = {}, {}
    for path in PROC.glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:  # ended while we looked
            continue
        pid = int(path.parent.name)
        parents[pid], cpu[pid] = int(fields[1]), sum(map(int, fields[11:15])) / _TICKS
    return sum(seconds for pid, seconds in cpu.items() if _descends(pid, os.getpid(), parents))


def _descends(pid: int, ancestor: int, parents: dict[int, int]) -> bool:
    while pid != ancestor and pid in parents:
        pid = parents[pid]
    return pid == ancestor
