"""What may be registered to send people back to: T-002 to T-008 of the security checklist, at registration."""

import pytest
from django.core.exceptions import ValidationError

from apis import redirect_uris
from apis.models import Application
from apis.services.applications import create_application, update_application
from authserver import callbacks
from tests import factories

BY = factories.BY

EVERYBODY = [
    "https://app.example.com",
    "https://app.example.com/callback",
    "https://app.example.com/callback?tenant=acme&next=%2Fhome",
    "https://app.example.com:8443/a.b/c_d~e",
    "https://203.0.113.7/callback",
    "https://xn--bcher-kva.example/callback",
    "https://intranet/callback",
    "http://localhost:3000/callback",
    "http://app.localhost/callback",
    "http://127.0.0.1/callback",
    "http://[::1]:8000/callback",
]
NATIVE_ONLY = [
    "com.example.app:/callback",
    "com.example.app://tenant.example.com/ios/callback",
    "com.example.app-2:/cb?x=1",
    # Not RFC 8252's form, but what Auth0's users have registered.
    "myapp://callback",
    "myapp://callback/path?x=1",
    "myapp:///callback",
    "my-app.v2+dev://callback",
    "com.Example.App://tenant.example.com/ios/com.Example.App/callback",
]
NOBODY = {
    "T002 user name": "https://good.example@evil.example/cb",
    "T002 user and password": "https://good.example:443@evil.example/cb",
    "T002 empty user": "https://@evil.example/cb",
    "T002 encoded at sign": "https://good.example%40evil.example/cb",
    "T002 backslash before at sign": "https://good.example\\@evil.example/cb",
    "T003 dots": "https://app.example/a/../cb",
    "T003 dots at the end": "https://app.example/a/..",
    "T003 one dot": "https://app.example/./cb",
    "T003 encoded dots": "https://app.example/a/%2e%2E/cb",
    "T003 half encoded dots": "https://app.example/a/.%2e/cb",
    "T003 encoded slashes around dots": "https://app.example/a%2f..%2fcb",
    "T003 twice encoded dots": "https://app.example/a/%252e%252e/cb",
    "T003 three times encoded dots": "https://app.example/a/%25252e%25252e/cb",
    "T003 dots with a parameter": "https://app.example/a/..;/cb",
    "T003 backslash": "https://app.example\\cb",
    "T003 encoded backslash": "https://app.example/a%5c..%5ccb",
    "T004 wildcard host": "https://*.example.com/cb",
    "T004 wildcard in the host": "https://app-*.example.com/cb",
    "T004 wildcard path": "https://app.example/*",
    "T004 wildcard port": "https://app.example:*/cb",
    "T006 look-alike host": "https://g\u043e\u043ed.example/cb",
    "T006 international host": "https://bücher.example/cb",
    "T006 international path": "https://app.example/café",
    "T006 full-width dot": "https://good。example/cb",
    "T007 plain http": "http://app.example.com/cb",
    "T007 plain http in a private network": "http://192.168.0.10/cb",
    "T007 host that begins like loopback": "http://localhost.evil.example/cb",
    "T007 address that begins like loopback": "http://127.0.0.1.evil.example/cb",
    "T007 any address": "http://0.0.0.0/cb",
    "T007 loopback as a user name": "http://localhost@evil.example/cb",
    "T008 javascript": "javascript:alert(1)",
    "T008 javascript in capitals": "JavaScript://app.example/%0aalert(1)",
    "T008 data": "data:text/html,<script>",
    "T008 vbscript": "vbscript:msgbox",
    "T008 file": "file:///etc/passwd",
    "T008 blob": "blob:https://app.example/1",
    "T008 ftp": "ftp://app.example/cb",
    "fragment": "https://app.example/cb#top",
    "empty fragment": "https://app.example/cb#",
    "no scheme": "app.example.com/cb",
    "a name alone": "com.example.app",
    "scheme alone": "com.example.app:",
    "no slash after the scheme": "com.example.app:callback",
    "relative": "/callback",
    "scheme-relative": "//app.example/cb",
    "no host": "https:///cb",
    "no slashes": "https:app.example/cb",
    "port out of range": "https://app.example:65536/cb",
    "port zero": "https://app.example:00/cb",
    "port no number": "https://app.example:eighty/cb",
    "bad address": "https://[::g]/cb",
    "markup": "https://app.example/<script>",
    "quote": 'https://app.example/"onload=',
    "NUL": "https://app.example/\x00",
    "control character": "https://app.example/\x7f",
    "bad escape": "https://app.example/%zz",
    "too long": "https://app.example/" + "x" * 2_048,
    "private scheme with a fragment": "com.example.app:/cb#top",
    "private scheme with a wildcard": "com.example.app://*/cb",
    "private scheme with a user name": "com.example.app://good@evil/cb",
    "private scheme with dots": "com.example.app:/a/../cb",
    "private scheme without slashes": "myapp:callback",
    "short private scheme with one slash": "myapp:/callback",
    "private scheme with nothing behind": "myapp://",
    "private scheme with slashes alone": "com.example.app:///",
    "private scheme with a user name but no dot": "myapp://good@evil",
    "private scheme with a fragment but no dot": "myapp://callback#top",
    "private scheme that climbs": "myapp://callback/../other",
    "private scheme with a backslash": "myapp://callback\\other",
    "private scheme with markup": 'myapp://"onclick=alert(1)',
    "private scheme with a blank": "myapp://call\tback",
    "private scheme with a wildcard and no dot": "myapp://*",
    "scheme of one letter, a drive": "c://callback",
    "scheme that begins with a digit": "1app://callback",
    "scheme with an underscore": "my_app://callback",
    "foreign letters in the scheme": "m\u0443app://callback",
    "host and port without a scheme": "localhost:3000/callback",
}
# The system or the browser itself takes these, not an application.
NOBODY |= {
    f"T008 {scheme}": f"{scheme}://callback"
    for scheme in (
        *("javascript", "JAVASCRIPT", "livescript", "mocha", "vbscript", "data", "file", "filesystem", "blob", "about"),
        *("view-source", "jar", "resource", "chrome", "chrome-extension", "moz-extension", "safari-web-extension"),
        *("devtools", "edge", "brave", "opera", "content", "cid", "mid", "mhtml", "intent", "android-app", "market"),
        *("itms-services", "shell", "search", "search-ms", "ms-msdt", "ms-officecmd", "MS-settings", "microsoft-edge"),
        *("ldap", "smb", "nfs", "ssh", "telnet", "ftp", "sftp", "ws", "wss", "mailto", "tel", "sms", "sip"),
    )
}


@pytest.mark.parametrize("uri", EVERYBODY)
def test_an_exact_https_or_loopback_uri_is_registered_as_typed(acme, uri):
    application = create_application(acme.tenant, "Shop", by=BY, redirect_uris=uri, post_logout_redirect_uris=uri)
    stored = Application.objects.get(pk=application.pk)
    assert (stored.redirect_uris, stored.post_logout_redirect_uris) == (uri, uri)


@pytest.mark.parametrize("uri", NOBODY.values(), ids=NOBODY)
@pytest.mark.parametrize("native", [False, True], ids=["web", "native"])
def test_what_could_lead_people_elsewhere_is_refused(uri, native):
    assert redirect_uris.problems(uri, native=native)


@pytest.mark.parametrize("uri", NATIVE_ONLY)
def test_a_private_scheme_is_for_native_applications(acme, uri):
    assert redirect_uris.problems(uri, native=True) == []
    assert "native" in redirect_uris.problems(uri, native=False)[0]
    application = create_application(acme.tenant, "App", by=BY, app_type="native", redirect_uris=uri)
    assert Application.objects.get(pk=application.pk).redirect_uris == uri
    with pytest.raises(ValidationError):
        create_application(acme.tenant, "Shop", by=BY, redirect_uris=uri)


@pytest.mark.parametrize("uri", NATIVE_ONLY)
def test_what_any_app_on_a_device_may_claim_is_never_a_verifiable_callback(uri):
    assert not callbacks.is_verifiable(uri)
    assert callbacks.origin(uri) == "", "and no web origin is told by message"
    assert callbacks.is_verifiable("https://app.example.com/callback")
    assert not callbacks.is_verifiable("http://127.0.0.1/callback")


def test_one_bad_line_refuses_the_change_and_is_named_and_the_good_ones_are_not(acme):
    good, bad = "https://app.example/cb", "https://*.example/cb"
    for field in ("redirect_uris", "post_logout_redirect_uris"):
        with pytest.raises(ValidationError) as refusal:
            update_application(acme.application, by=BY, **{field: f"{good}\n{bad}\r\n{good}"})
        assert [message.partition(": ")[0] for message in refusal.value.message_dict[field]] == [bad]
    assert Application.objects.get(pk=acme.application.pk).redirect_uris == ""
