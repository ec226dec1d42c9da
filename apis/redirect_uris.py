"""What may be registered as a redirect URI, a logout URL or an origin. Judged line by line, each refusal with its reason.

django-oauth-toolkit's validators do the generic part; on top stand the refusals of `security-reliability.md` T-002 to
T-008. Matching a request's redirect_uri is not here: that is plain string equality (RFC 9700 §2.1).
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from oauth2_provider.validators import AllowedURIValidator

from tenants.models.domain import parse_domain

MAX_LENGTH = 2_048
_PRIVATE_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*")
# RFC 3986 §2. The toolkit's pattern is not anchored at the end and lets through what follows a good beginning.
_URI = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+")
# These run script, read files, or reach into the browser or the system in whoever follows them.
_DANGEROUS = frozenset(
    [
        "about",
        "android-app",
        "blob",
        "brave",
        "cid",
        "chrome",
        "chrome-extension",
        "chrome-untrusted",
        "content",
        "data",
        "devtools",
        "edge",
        "file",
        "filesystem",
        "ftp",
        "ftps",
        "gopher",
        "help",
        "hcp",
        "intent",
        "itms-services",
        "jar",
        "javascript",
        "ldap",
        "ldaps",
        "livescript",
        "mailto",
        "market",
        "mhtml",
        "mid",
        "mk",
        "mms",
        "mocha",
        "moz-extension",
        "nfs",
        "opera",
        "res",
        "resource",
        "rlogin",
        "rtsp",
        "safari-web-extension",
        "search",
        "search-ms",
        "sftp",
        "shell",
        "shortcuts",
        "sip",
        "sips",
        "smb",
        "sms",
        "ssh",
        "svn",
        "tel",
        "telnet",
        "vbscript",
        "view-source",
        "wais",
        "ws",
        "wss",
        "wyciwyg",
        "x-apple.systempreferences",
    ]
)
# Windows hands what follows to its own programs (ms-msdt, ms-officecmd, …).
_DANGEROUS_BEGINNINGS = ("ms-", "microsoft")
_web_uri = AllowedURIValidator(["https", "http"], name="redirect URI", allow_path=True, allow_query=True)
_origin = AllowedURIValidator(["https", "http"], name="origin")


@dataclass(frozen=True, slots=True)
class Judged:
    """An address, the line that it stands on, and what is wrong with it ("" when nothing is)."""

    number: int
    address: str
    problem: str


def problems(lines: str, *, native: bool) -> list[str]:
    """What is wrong with the redirect URIs in `lines`. `native` allows private-use schemes (RFC 8252 §7.1)."""
    return [f"{one.address}: {one.problem}" for one in judged(lines, native=native) if one.problem]


def origin_problems(lines: str) -> list[str]:
    """What is wrong with the origins in `lines`: scheme, host and port as browsers write them, nothing behind."""
    return [f"{one.address}: {one.problem}" for one in judged_origins(lines) if one.problem]


def judged(lines: str, *, native: bool) -> list[Judged]:
    """Each redirect URI in `lines` with its verdict. `native` allows private-use schemes (RFC 8252 §7.1)."""
    return [Judged(number, uri, _problem(uri, native)) for number, uri in _numbered(lines)]


def judged_origins(lines: str) -> list[Judged]:
    """Each origin in `lines` with its verdict."""
    return [Judged(number, line, _origin_problem(line)) for number, line in _numbered(lines)]


def _numbered(lines: str) -> list[tuple[int, str]]:
    return [(number, address) for number, line in enumerate(lines.split("\n"), 1) for address in line.split()]


def _problem(uri: str, native: bool) -> str:
    scheme = uri.partition(":")[0].lower()
    if scheme in _DANGEROUS or scheme.startswith(_DANGEROUS_BEGINNINGS) or not _PRIVATE_SCHEME.fullmatch(scheme):
        return "the scheme is not allowed."
    if scheme in ("http", "https"):
        return _unsafe(uri) or _refused_by(_web_uri, uri) or _bad_host(uri)
    if not native:
        return "only native applications may use a scheme of their own."
    return _private_form(scheme, uri[len(scheme) :]) or _unsafe(uri)


def _private_form(scheme: str, rest: str) -> str:
    """`com.example.app:/callback` is what RFC 8252 §7.1 wants; Auth0's users also have `myapp://callback`.

    Any app on a device may claim either, so neither counts as verifiable (`authserver.callbacks`); PKCE protects the code.
    """
    if rest.startswith("://") and rest.strip(":/") and len(scheme) > 1:
        return ""
    if "." in scheme and rest.startswith(":/") and not rest.startswith("://"):
        return ""
    return "write com.example.app:/callback (RFC 8252 §7.1) or myapp://callback."


def _origin_problem(line: str) -> str:
    if problem := _unsafe(line) or _refused_by(_origin, line) or _bad_host(line):
        return problem
    canonical = "{}://{}".format(*parse_domain(line))
    return "" if line == canonical else f"browsers send {canonical}: write it so."


def _unsafe(uri: str) -> str:
    try:
        parts = urlsplit(uri)
    except ValueError:
        return "this is no URI."
    if "*" in uri:
        return "wildcards are not supported."
    if "#" in uri:
        return "fragments are not allowed (RFC 6749 §3.1.2): leave out the # and what stands behind it."
    if "@" in parts.netloc or "\\" in uri:
        return "user names and backslashes are not allowed: write the host alone."
    if not _URI.fullmatch(uri) or len(uri) > MAX_LENGTH:
        return (
            f"a URI has at most {MAX_LENGTH} characters of RFC 3986; write international host names in punycode, "
            "other characters percent-encoded."
        )
    return "the path must not climb with '.' or '..', or hide a backslash." if _climbs(parts.path) else ""


def _climbs(path: str) -> bool:
    """True when some reader could take `path` for another one, however often it decodes (T-003)."""
    while (decoded := unquote(path)) != path:
        path = decoded
    return "\\" in path or any(segment.partition(";")[0] in (".", "..") for segment in path.split("/"))


def _bad_host(uri: str) -> str:
    parts = urlsplit(uri)
    try:
        parse_domain(f"{parts.scheme}://{parts.netloc}")
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def _refused_by(validator: AllowedURIValidator, uri: str) -> str:
    try:
        validator(uri)
    except ValidationError as error:
        return " ".join(str(message) for message in error.messages)
    return ""
