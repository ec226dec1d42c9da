"""Parameters of an authorization request that are judged by themselves, whoever sends them (OIDC Core §3.1.2.1)."""

from authserver import errors
from authserver.scopes import split

_PROMPTS = frozenset({"none", "login", "consent", "select_account"})
_DISPLAYS = frozenset({"page", "popup", "touch", "wap"})
_UNREAD: dict[str, type[errors.OAuthError]] = {
    "request": errors.RequestObjectNotSupported,
    "request_uri": errors.RequestURINotSupported,
    "registration": errors.RegistrationNotSupported,
}
# Characters of what is stored as it came.
MAX_STORED = 8_192
_STORED = ("state", "nonce", "login_hint", "id_token_hint", "acr_values", "screen_hint", "ui_locales")
_ORGANIZATIONS = ("organization", "invitation", "organization_name")


def refuse_unread(values: dict[str, str]) -> None:
    """Parameters that must be processed or refused, never ignored (OIDC Core §6, §7.2.1). Raises what `_UNREAD` says."""
    for name, refusal in _UNREAD.items():
        if name in values:
            raise refusal()


def refuse_organizations(values: dict[str, str]) -> None:
    """Raises OrganizationsNotSupported: whoever asks for one must not be let in without it."""
    if said := next((name for name in _ORGANIZATIONS if name in values), ""):
        raise errors.OrganizationsNotSupported(parameter=said)


def refuse_overlong(values: dict[str, str]) -> None:
    """Raises InvalidRequest: a request that waits for a person is stored, and anybody may send one."""
    if said := next((name for name in _STORED if len(values.get(name, "")) > MAX_STORED), ""):
        raise errors.InvalidRequest(reason=f"{said} must not be longer than {MAX_STORED} characters")


def prompts(text: str) -> tuple[str, ...]:
    """The prompts in `text`, each once. Raises InvalidRequest."""
    asked = split(text)
    if unknown := [name for name in asked if name not in _PROMPTS]:
        raise errors.InvalidRequest(reason=f"Unknown prompt: {unknown[0][:50]}")
    if "none" in asked and len(asked) > 1:
        raise errors.InvalidRequest(reason="prompt=none cannot be combined with another prompt")
    return asked


def max_age(text: str) -> int | None:
    """Seconds, None when it was left out. Raises InvalidRequest."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 10):
        raise errors.InvalidRequest(reason="max_age must be a number of seconds")
    return int(text)


def check_display(display: str) -> None:
    """All that OpenID Connect knows look the same here. Raises InvalidRequest for any other."""
    if display and display not in _DISPLAYS:
        raise errors.InvalidRequest(reason="display must be page, popup, touch or wap")
