"""What may be registered as a redirect URI, a logout URL or an origin. Judged line by line, each refusal with its reason.

django-oauth-toolkit's validators do the generic part; on top stand the refusals of `security-reliability.md` T-002 to
T-008. Matching a request's redirect_uri is not here: that is plain string equality (RFC 9700 §2.1).
"""

import re
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from oauth2_provider.validators import AllowedURIValidator

from tenants.models.domain import is_loopback

_PRIVATE_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*$")
# These run script or read files in whoever follows them.
_DANGEROUS = frozenset({"javascript", "data", "vbscript", "file", "about", "blob"})
_web_uri = AllowedURIValidator(["https", "http"], name="redirect URI", allow_path=True, allow_query=True)
_origin = AllowedURIValidator(["https", "http"], name="origin")


def problems(lines: str, *, native: bool) -> list[str]:
    """What is wrong with the redirect URIs in `lines`. `native` allows private-use schemes (RFC 8252 §7.1)."""
    return [problem for uri in lines.split() if (problem := _problem(uri, native))]


def origin_problems(lines: str) -> list[str]:
    """What is wrong with the origins in `lines`: scheme, host and port, nothing behind."""
    return [f"{line}: {why}" for line in lines.split() if (why := _refused_by(_origin, line) or _unsafe(line))]


def _problem(uri: str, native: bool) -> str:
    scheme = uri.partition(":")[0].lower()
    if scheme in _DANGEROUS or not _PRIVATE_SCHEME.match(scheme):
        return f"{uri}: the scheme is not allowed."
    if scheme in ("http", "https"):
        reason = _refused_by(_web_uri, uri) or _unsafe(uri)
    elif not native:
        reason = "only native applications may use a scheme of their own."
    else:
        reason = "" if "." in scheme else "use a scheme in reverse domain form, such as com.example.app (RFC 8252 §7.1)."
    return f"{uri}: {reason}" if reason else ""


def _refused_by(validator: AllowedURIValidator, uri: str) -> str:
    try:
        validator(uri)
    except ValidationError as error:
        return " ".join(str(message) for message in error.messages)
    return ""


def _unsafe(uri: str) -> str:
    parts = urlsplit(uri)
    if "*" in uri:
        return "wildcards are not supported."
    if parts.username is not None or "\\" in uri or "#" in uri:
        return "user names, backslashes and fragments are not allowed."
    if ".." in parts.path.split("/") or "%2e" in parts.path.lower():
        return "the path must not climb up with '..'."
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        return "plain http is for loopback only (RFC 9700 §2.6)."
    return ""
