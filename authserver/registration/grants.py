"""By which right an application that registers itself may get tokens: grant types, response types, authentication."""

from authserver import errors
from authserver.registration.members import Members

CODE, REFRESH, MACHINE = "authorization_code", "refresh_token", "client_credentials"
# No implicit and no password for strangers (RFC 9700 §2.1.2, §2.4). Without a client grant client_credentials opens nothing;
# a grant by default for third-party applications is one for these, too.
GRANT_TYPES = (CODE, REFRESH, MACHINE)
AUTH_METHODS = ("client_secret_basic", "client_secret_post", "none")
_MOST = 10


def grant_types(members: Members, auth_method: str) -> list[str]:
    """The grant types in `members`, judged with each other. Raises InvalidClientMetadata."""
    wanted = members.texts("grant_types", most=_MOST) or [CODE]
    if unknown := [name for name in wanted if name not in GRANT_TYPES]:
        raise errors.InvalidClientMetadata(
            reason=f"grant_types: {unknown[0][:100]} cannot be registered; choose among {', '.join(GRANT_TYPES)}"
        )
    if auth_method == "none" and MACHINE in wanted:
        raise errors.InvalidClientMetadata(reason=f"grant_types: {MACHINE} needs a client that has a secret")
    if REFRESH in wanted and CODE not in wanted:
        raise errors.InvalidClientMetadata(reason=f"grant_types: {REFRESH} comes with {CODE}")
    _check_response_types(members, by_code=CODE in wanted)
    return wanted


def response_types(granted: list[str]) -> list[str]:
    """The response types that go with grant types (RFC 7591 §2.1)."""
    return ["code"] if CODE in granted else []


def _check_response_types(members: Members, *, by_code: bool) -> None:
    expected = ["code"] if by_code else []
    if members.texts("response_types", most=_MOST) not in ([], expected):
        raise errors.InvalidClientMetadata(
            reason=f"response_types must be {expected}: it goes with grant_types, and only code can be registered"
        )
