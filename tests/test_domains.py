"""Domains: which text names a host, which scheme it is served over, and that a host belongs to one tenant only."""

import pytest
from django.core.exceptions import ValidationError

from tenants.models.domain import parse_domain

ACCEPTED = {
    "auth.example.com": ("https", "auth.example.com"),
    "Auth.Example.COM": ("https", "auth.example.com"),
    "HTTPS://auth.example.com": ("https", "auth.example.com"),
    "https://auth.example.com/": ("https", "auth.example.com"),
    "  auth.example.com  ": ("https", "auth.example.com"),
    "auth.example.com:443": ("https", "auth.example.com"),
    "auth.example.com:8443": ("https", "auth.example.com:8443"),
    "https://auth.example.com:80": ("https", "auth.example.com:80"),
    "intranet": ("https", "intranet"),
    "xn--bcher-kva.example": ("https", "xn--bcher-kva.example"),
    "203.0.113.7": ("https", "203.0.113.7"),
    "[2001:DB8::7]:8443": ("https", "[2001:db8::7]:8443"),
    "[2001:db8:0:0:0:0:0:7]": ("https", "[2001:db8::7]"),
    "localhost": ("http", "localhost"),
    "localhost:8000": ("http", "localhost:8000"),
    "http://localhost:80": ("http", "localhost"),
    "http://localhost:443": ("http", "localhost:443"),
    "https://localhost:8443": ("https", "localhost:8443"),
    "acme.localhost:8443": ("http", "acme.localhost:8443"),
    "http://127.0.0.1:8000": ("http", "127.0.0.1:8000"),
    "[::1]:8000": ("http", "[::1]:8000"),
    "[0:0:0:0:0:0:0:1]:8000": ("http", "[::1]:8000"),
}


@pytest.mark.parametrize(("text", "expected"), ACCEPTED.items(), ids=ACCEPTED)
def test_a_host_is_stored_as_browsers_send_it(text, expected):
    assert parse_domain(text) == expected


NO_HOST = [
    "",
    "   ",
    "/",
    "https://",
    "https://https://auth.example.com",
    "http:",
    ":8000",
    "auth example.com",
    "auth.exa\nmple.com",
    "auth.example.com\x00",
    "auth.example.com/tenant",
    "https://auth.example.com//",
    "auth.example.com?x=1",
    "auth.example.com?",
    "auth.example.com#top",
    "auth.example.com#",
    "me@auth.example.com",
    "me:secret@auth.example.com",
    "@auth.example.com",
    "auth.example.com\\evil.example",
    "auth.example.com.",
    ".example.com",
    "auth..example.com",
    "-auth.example.com",
    "auth-.example.com",
    "my_tenant.example.com",
    "*.example.com",
    "auth.example.com:",
    "auth.example.com:0",
    "auth.example.com:65536",
    "auth.example.com:-1",
    "auth.example.com:eighty",
    "auth.example.com:\uff18443",
    "127.1",
    "2130706433",
    "0x7f.1",
    "256.256.256.256",
    "::1",
    "[::1",
    "[::g]",
    "[:::1]",
    "[127.0.0.1]",
    "[fe80::1%25eth0]",
    "[fe80::1%eth0]",
    "bücher.example",
    "g\u043e\u043egle.example",
    "\u212aey.example",
    "a" * 64 + ".example",
    ".".join(["a" * 62] * 5),
]


@pytest.mark.parametrize("text", NO_HOST)
def test_what_is_no_plain_host_is_refused(text):
    with pytest.raises(ValidationError, match="is not a host with an optional port"):
        parse_domain(text)


def test_an_international_name_is_asked_for_in_punycode():
    with pytest.raises(ValidationError, match="punycode"):
        parse_domain("bücher.example")


@pytest.mark.parametrize("text", ["ftp://auth.example.com", "javascript://auth.example.com", "ws://localhost"])
def test_only_http_and_https_are_schemes_of_a_domain(text):
    with pytest.raises(ValidationError, match="neither http nor https"):
        parse_domain(text)


@pytest.mark.parametrize(
    "text",
    [
        "http://auth.example.com",
        "http://10.0.0.5",
        "http://192.168.1.1:8000",
        "http://0.0.0.0:8000",
        "http://[fe80::1]",
        "http://localhost.example.com",
        "http://notlocalhost",
        "http://127.0.0.1.example.com",
    ],
)
def test_plain_http_stays_on_loopback(text):
    with pytest.raises(ValidationError, match="loopback only"):
        parse_domain(text)
