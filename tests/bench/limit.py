"""The physical limit: how often two processes can sign with RSA-2048, through `cryptography` and through openssl itself.

No code around the signature can make an RS256 token server faster than this.
"""

import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from multiprocessing import get_context

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from tests.bench import machine

PROCESSES = 2
SECONDS = 4
# As long as the signing input of a token with two scopes.
MESSAGE = b"x" * 500


@dataclass(frozen=True, slots=True)
class Limit:
    """Signatures per second of two processes, the CPU of one, and the share of the processors that other work took.

    `openssl` is None where the program is missing.
    """

    cryptography: float
    cpu_ms: float
    others: float
    openssl: float | None

    def mean(self, other: "Limit") -> "Limit":
        return Limit(
            (self.cryptography + other.cryptography) / 2,
            (self.cpu_ms + other.cpu_ms) / 2,
            (self.others + other.others) / 2,
            self.openssl and other.openssl and (self.openssl + other.openssl) / 2,
        )


def measure() -> Limit:
    with get_context("spawn").Pool(PROCESSES) as pool:
        pool.map(_sign_for, [0.2] * PROCESSES, chunksize=1)
        start = machine.read()
        results = pool.map(_sign_for, [SECONDS] * PROCESSES, chunksize=1)
        others = machine.read().others_since(start)
    signatures, cpu = (sum(column) for column in zip(*results, strict=True))
    # Per second of CPU, not of the clock: what other work takes of the machine must not make the limit easier to reach.
    return Limit(PROCESSES * signatures / cpu, cpu / signatures * 1000, others, _openssl())


def _sign_for(seconds: float) -> tuple[int, float]:
    """How many signatures that were, and the CPU seconds they took."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    padding, digest = PKCS1v15(), SHA256()
    count, start, cpu = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - start < seconds:
        for _ in range(20):
            key.sign(MESSAGE, padding, digest)
        count += 20
    return count, time.process_time() - cpu


def _openssl() -> float | None:
    if shutil.which("openssl") is None:
        return None
    command = ["openssl", "speed", "-seconds", str(SECONDS), "-multi", str(PROCESSES), "rsa2048"]
    printed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    # Newer versions print more columns of times (ending in "s") before the first rate, which is signatures per second.
    found = re.search(r"^rsa +2048 bits +(?:[\d.]+s +)+([\d.]+)", printed, re.MULTILINE)
    return float(found[1]) if found else None
