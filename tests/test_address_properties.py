"""Whatever text is tried: an address that is accepted is safe, for domains and for redirect URIs alike."""

from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from apis import redirect_uris
from tenants.models.domain import is_loopback, parse_domain

_hosts = st.one_of(
    st.text(max_size=40),
    st.builds(
        "{}{}{}{}".format,
        st.sampled_from(["", "http://", "https://", "HTTPS://", "//", "x://"]),
        st.text("abcABC019.-_@[]:%\\\u212aé", max_size=20),
        st.sampled_from(["", ":80", ":443", ":8000", ":0", ":"]),
        st.sampled_from(["", "/", "/x", "?", "#"]),
    ),
)


@settings(deadline=None)
@given(_hosts)
def test_whatever_is_accepted_is_a_canonical_origin(text):
    try:
        scheme, host = parse_domain(text)
    except ValidationError:
        return
    assert parse_domain(f"{scheme}://{host}") == (scheme, host)
    parts = urlsplit(f"{scheme}://{host}/")
    assert (parts.scheme, parts.netloc, parts.path) == (scheme, host, "/")
    assert host == host.lower()
    assert host.isascii()
    assert "@" not in host
    assert scheme == "https" or is_loopback(parts.hostname)


_uris = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["https://", "http://", "HTTPS://", "com.example.app:/", "https:", "javascript:", ""]),
    st.one_of(st.sampled_from(["app.example", "localhost", "127.0.0.1", "[::1]"]), st.text("ab.@:\\*%2e-é[]1", max_size=15)),
    st.sampled_from(["", ":80", ":0", ":99999"]),
    st.text("/ab.%25eE2cC5;?#*\\é\x00@", max_size=20),
)


@settings(deadline=None)
@given(_uris, st.booleans())
def test_whatever_is_accepted_is_safe_to_follow(uri, native):
    if redirect_uris.problems(uri, native=native) or not uri.split():
        return
    parts = urlsplit(uri)
    assert uri.isascii()
    assert not set(uri) & set("*\\#<> \x00")
    assert "@" not in parts.netloc
    assert ".." not in unquote(unquote(unquote(parts.path))).split("/")
    assert (
        parts.scheme == "https"
        or (parts.scheme == "http" and is_loopback(parts.hostname))
        or (native and "." in parts.scheme)
    )
