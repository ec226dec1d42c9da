import ipaddress
import re

from django.core.exceptions import ValidationError
from django.db import models

from tenants.models.scoping import TenantQuerySet
from tenants.models.tenant import Tenant

# Stricter than urlsplit, which forgives what browsers and proxies read differently (line breaks, "?", empty ports).
_DOMAIN = re.compile(r"(?:([a-z][a-z0-9+.-]*)://)?(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::([0-9]{1,5}))?/?")
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
# Browsers read such a last label as the end of an IPv4 address: 127.1 and 0x7f.1 are loopback to them.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_DEFAULT_PORT = {"http": 80, "https": 443}


def is_loopback(hostname: str) -> bool:
    """True for localhost, *.localhost (RFC 6761 §6.3) and loopback addresses; `hostname` has no port."""
    if hostname == "localhost" or hostname.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(hostname.strip("[]")).is_loopback
    except ValueError:
        return False


def _canonical_hostname(name: str) -> str:
    """`name` as browsers send it, or "" when it is neither a host name nor an address."""
    if name.startswith("["):
        try:
            return f"[{ipaddress.IPv6Address(name[1:-1])}]"
        except ValueError:
            return ""
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        try:
            return str(ipaddress.IPv4Address(name))
        except ValueError:
            return ""
    return name if len(name) <= 253 and all(_LABEL.fullmatch(label) for label in labels) else ""


def parse_domain(text: str) -> tuple[str, str]:
    """(scheme, host) of `auth.example.com`, `localhost:8000` or `https://localhost:8443`.

    Without a scheme: http on loopback, https elsewhere. The port of the scheme itself is dropped, as browsers do.
    Raises ValidationError when it is no host, carries a path, or is plain http on anything but loopback.
    """
    # Before lower(), which turns some foreign letters (the Kelvin sign) into ASCII ones.
    match = _DOMAIN.fullmatch(text.strip().lower()) if text.isascii() else None
    hostname = _canonical_hostname(match[2]) if match else ""
    port = int(match[3]) if match and match[3] else None
    if match is None or not hostname or (port is not None and not 0 < port < 65_536):
        hint = "" if text.isascii() else " Write an international name in punycode (xn--…)."
        raise ValidationError(f"'{text}' is not a host with an optional port.{hint}")
    scheme = match[1] or ("http" if is_loopback(hostname) else "https")
    if scheme not in _DEFAULT_PORT:
        raise ValidationError(f"'{scheme}' is neither http nor https.")
    if scheme == "http" and not is_loopback(hostname):
        raise ValidationError("Plain http is for loopback only: tokens and secrets travel here (RFC 9700 §2.6).")
    return scheme, hostname if port in (None, _DEFAULT_PORT[scheme]) else f"{hostname}:{port}"


class Domain(models.Model):
    """A host (and port) under which a tenant answers. Each is an issuer of its own: `scheme://host/`."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="domains")
    host = models.CharField(max_length=260, unique=True, help_text="Host, with a port unless it is the usual one.")
    scheme = models.CharField(max_length=5, choices=[("https", "https"), ("http", "http")], default="https")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantQuerySet["Domain"].as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.host

    def clean(self) -> None:
        try:
            self.scheme, self.host = parse_domain(f"{self.scheme}://{self.host}")
        except ValidationError as error:
            raise ValidationError({"host": error.messages}) from error

    @property
    def issuer(self) -> str:
        """The issuer identifier, with the trailing slash that Auth0's clients expect."""
        return f"{self.scheme}://{self.host}/"
