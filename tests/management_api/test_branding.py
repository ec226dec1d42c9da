"""/api/v2/branding: what Auth0's tools read and write of how pages look, and what would be a lie."""

import pytest

from tenants.models import Tenant
from tests.management_api.caller import Caller, error

PATH = "branding"
CHOSEN = {
    "colors": {"primary": "#0059d6", "page_background": "#000000"},
    "logo_url": "https://cdn.acme.example/logo.png",
    "favicon_url": "https://cdn.acme.example/favicon.ico",
}


def test_a_tenant_that_chose_nothing_answers_an_empty_object(api2):
    response = api2.get(PATH)
    assert (response.status_code, response.json()) == (200, {})


def test_what_is_chosen_is_answered_stored_and_may_be_sent_back(api2, acme):
    response = api2.patch(PATH, CHOSEN)
    assert (response.status_code, response.json()) == (200, CHOSEN)
    assert api2.get(PATH).json() == api2.patch(PATH, CHOSEN).json() == CHOSEN
    tenant = Tenant.objects.get(pk=acme.tenant.pk)
    assert (tenant.primary_color, tenant.page_background_color) == ("#0059d6", "#000000")


def test_the_logo_is_the_picture_of_the_tenants_settings(api2):
    api2.patch(PATH, {"logo_url": "https://cdn.acme.example/logo.png"})
    assert api2.get("tenants/settings").json()["picture_url"] == "https://cdn.acme.example/logo.png"
    api2.patch("tenants/settings", {"picture_url": "https://cdn.acme.example/other.png"})
    assert api2.get(PATH).json() == {"logo_url": "https://cdn.acme.example/other.png"}


def test_what_is_not_named_stays_colours_are_replaced_as_a_whole_and_null_clears(api2):
    api2.patch(PATH, CHOSEN)
    assert api2.patch(PATH, {"colors": {"primary": "#112233"}}).json()["colors"] == {"primary": "#112233"}
    assert api2.patch(PATH, {}).json() == CHOSEN | {"colors": {"primary": "#112233"}}
    assert api2.patch(PATH, {"colors": None, "logo_url": None, "favicon_url": None}).json() == {}


def test_a_font_that_asks_for_nothing_is_let_pass(api2):
    assert api2.patch(PATH, {"font": {"url": ""}, "logo_url": ""}).json() == {}


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ({"colors": {"primary": "#eb5424"}}, "contrast of 3.6:1"),
        ({"colors": {"primary": "red"}}, "six digits"),
        ({"colors": {"page_background": "#fff"}}, "six digits"),
        (
            {"colors": {"page_background": {"type": "linear-gradient", "start": "#000000", "end": "#ffffff"}}},
            "gradients are not supported",
        ),
        ({"colors": {"secondary": "#000000"}}, "Additional properties"),
        ({"colors": "#000000"}, "Expected type object"),
        ({"font": {"url": "https://fonts.example/a.woff2"}}, "fonts of the system"),
        ({"logo_url": "javascript:alert(1)"}, "valid URL"),
        ({"favicon_url": 7}, "Expected type string"),
        ({"templates": []}, "Additional properties"),
    ],
    ids=str,
)
def test_what_cannot_be_read_or_would_be_a_lie_is_refused_and_changes_nothing(api2, sent, reason):
    api2.patch(PATH, CHOSEN)
    status, code, message = error(api2.patch(PATH, {"logo_url": "https://cdn.acme.example/new.png"} | sent))
    assert (status, code) == (400, "invalid_body")
    assert reason in message
    assert api2.get(PATH).json() == CHOSEN


def test_reading_and_writing_need_their_own_scopes(acme):
    reader, writer = Caller(acme, ("read:branding",)), Caller(acme, ("update:branding",))
    assert reader.get(PATH).status_code == writer.patch(PATH, {}).status_code == 200
    assert error(reader.patch(PATH, {}))[0] == error(writer.get(PATH))[0] == 403
    assert error(Caller(acme, ("update:tenant_settings",)).patch(PATH, {}))[0] == 403


def test_T139_branding_is_that_of_the_tenant_that_is_called(api2, other2):
    api2.patch(PATH, CHOSEN)
    assert other2.get(PATH).json() == {}


def test_a_change_is_an_event_with_its_author(api2, acme):
    api2.patch(PATH, {"colors": {"primary": "#112233"}})
    event = acme.events("sapi")[0]
    assert event.description == "Update tenant settings"
    assert event.details["changes"]["primary_color"] == "#112233"
    assert event.details["actor"]["type"] == "client"
