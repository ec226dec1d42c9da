"""How a meaning is said: status, code, sentence. Once as Auth0 says it, once as the RFCs do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wording:
    """HTTP status, `error` code and the sentence of `error_description`."""

    status: int
    code: str
    text: str


# First as Auth0 says it, then as the RFCs do.
Wordings = tuple[Wording, Wording]


def same(status: int, code: str, text: str) -> Wordings:
    """The same in both dialects."""
    wording = Wording(status, code, text)
    return wording, wording
