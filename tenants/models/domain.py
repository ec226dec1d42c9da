import ipaddress
import re
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models

from tenants.models.scoping import TenantQuerySet
from tenants.models.tenant import Tenant

_LABEL = re.compile(r"^(?!-)[a-z0-9-]{1,63}(?<!-)$")
_DEFAULT_PORT = {"http": 80, "https": 443}


def is_loopback(hostname: str) -> bool:
    """True for localhost, *.localhost (RFC 6761 §6.3) and loopback addresses; `hostname` has no port."""
    if hostname == "localhost" or hostname.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(hostname.strip("[]")).is_loopback
    except ValueError:
        return False


def _is_hostname(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
        return True
    except ValueError:
        return len(name) <= 253 and all(_LABEL.match(label) for label in name.split("."))


def parse_domain(text: str) -> tuple[str, str]:
    """(scheme, host) of `auth.example.com`, `localhost:8000` or `https://localhost:8443`.

    Without a scheme: http on loopback, https elsewhere. The port of the scheme itself is dropped, as browsers do.
    Raises ValidationError when it is no host, carries a path, or is plain http on anything but loopback.
    """
    scheme, _, rest = text.strip().rstrip("/").rpartition("://")
    try:
        parts = urlsplit(f"//{rest}")
        hostname, port = (parts.hostname or "").lower(), parts.port
    except ValueError as error:
        raise ValidationError(f"'{text}' is not a host with an optional port.") from error
    if parts.path or parts.query or parts.fragment or parts.username is not None or not _is_hostname(hostname):
        raise ValidationError(f"'{text}' is not a host with an optional port.")
    scheme = scheme.lower() or ("http" if is_loopback(hostname) else "https")
    if scheme not in _DEFAULT_PORT:
        raise ValidationError(f"'{scheme}' is neither http nor https.")
    if scheme == "http" and not is_loopback(hostname):
        raise ValidationError("Plain http is for loopback only: tokens and secrets travel to this domain.")
    host = f"[{hostname}]" if ":" in hostname else hostname
    return scheme, host if port in (None, _DEFAULT_PORT[scheme]) else f"{host}:{port}"


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
