"""Where an application may be answered: redirect_uri against what it registered, and how far that proves who it is.

What may be registered at all is `apis.redirect_uris`.
"""

from urllib.parse import urlsplit

from apis.models import AppType
from apis.registry import ApplicationValue
from authserver import errors
from authserver.profiles import profile
from tenants.config_cache import CurrentTenant
from tenants.models.domain import is_loopback

# Only addresses: what `localhost` is, a resolver decides (RFC 8252 §8.3).
_LOOPBACK_ADDRESSES = frozenset({"127.0.0.1", "::1"})


def redirect_uri(tenant: CurrentTenant, client: ApplicationValue, sent: str) -> str:
    """The address to answer at: `sent`, if it is registered. Raises MissingParameter, CallbackMismatch.

    Compared character by character, nothing decoded, nothing normalised (RFC 9700 §2.1). Left out, it is the one that is
    registered, if there is one only and the profile allows it.
    """
    if not sent:
        if len(client.redirect_uris) == 1 and profile(tenant.security_profile).redirect_uri_may_be_left_out:
            return client.redirect_uris[0]
        raise errors.MissingParameter(parameter="redirect_uri")
    if sent in client.redirect_uris:
        return sent
    if client.app_type == AppType.NATIVE and any(_same_but_port(sent, registered) for registered in client.redirect_uris):
        return sent
    raise errors.CallbackMismatch(redirect_uri=sent[:500], client_id=client.client_id)


def is_verifiable(uri: str) -> bool:
    """Whether only the application's maker can answer at `uri`: not so on loopback and for private schemes."""
    parts = urlsplit(uri)
    return parts.scheme == "https" and not is_loopback(parts.hostname or "")


def origin(uri: str) -> str:
    """The web origin of `uri`, as browsers write it; "" for a private scheme."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.scheme in ("https", "http") else ""


def _same_but_port(sent: str, registered: str) -> bool:
    """RFC 8252 §7.3: a native application takes whatever port is free on the loopback address."""
    try:
        ours, theirs = urlsplit(registered), urlsplit(sent)
        port = theirs.port
    except ValueError:
        return False
    host = ours.hostname or ""
    if ours.scheme != "http" or host not in _LOOPBACK_ADDRESSES:
        return False
    shown = f"[{host}]" if ":" in host else host
    netloc = f"{shown}:{port}" if port is not None else shown
    # Rebuilt from what is registered: whatever else differs (user name, case, path, query) is a mismatch.
    return sent == ours._replace(netloc=netloc).geturl()
