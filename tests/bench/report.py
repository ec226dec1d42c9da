"""The table, the ratios and their bars."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.limit import Limit
from tests.bench.measuring import Measured


@dataclass(frozen=True, slots=True)
class Bar:
    """A ratio that must be reached. `form` prints both the ratio and the bar."""

    name: str
    ratio: float
    bar: float
    form: str

    @property
    def met(self) -> bool:
        return self.ratio >= self.bar

    def __str__(self) -> str:
        verdict = "met" if self.met else "not met"
        return f"{self.name:<52} {self.form.format(self.ratio):>9}   bar {self.form.format(self.bar):>6}   {verdict}"


def bars(latchkey: Measured, unhashed: Measured, hashed: Measured, limit: Limit) -> list[Bar]:
    ours = latchkey.load.per_second
    return [
        Bar("Latchkey / django-oauth-toolkit, unhashed secret", ours / unhashed.load.per_second, 4, "{:.1f} x"),
        Bar("Latchkey / django-oauth-toolkit, hashed secret", ours / hashed.load.per_second, 200, "{:.0f} x"),
        Bar("Latchkey / RSA-2048 signatures of two processes", ours / limit.cryptography, 0.45, "{:.1%}"),
    ]


def table(measured: Sequence[Measured], limit: Limit) -> str:
    """One line per server and per limit. Absolute figures, worth something within this run only."""
    lines = [_line("", "requests/s", "p50 ms", "p99 ms", "CPU ms/request", "other work", "answers, all valid")]
    lines += [
        _line(
            row.name,
            f"{row.load.per_second:,.1f}",
            f"{row.load.p50_ms:,.1f}",
            f"{row.load.p99_ms:,.1f}",
            "-" if row.cpu_ms is None else f"{row.cpu_ms:.3f}",
            f"{row.others:.0%}",
            f"{row.load.answers:,}",
        )
        for row in measured
    ]
    signing = (f"{limit.cryptography:,.1f}", "", "", f"{limit.cpu_ms:.3f}", f"{limit.others:.0%}")
    lines.append(_line("limit: cryptography, RSA-2048, 2 processes", *signing))
    if limit.openssl is not None:
        lines.append(_line("limit: openssl speed -multi 2 rsa2048", f"{limit.openssl:,.1f}"))
    return "\n".join(lines)


def _line(name: str, *figures: str) -> str:
    return f"{name:<44}" + "".join(
        f"{figure:>{width}}" for figure, width in zip(figures, (12, 10, 10, 16, 12, 20), strict=False)
    )
