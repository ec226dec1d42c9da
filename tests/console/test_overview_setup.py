"""The overview of a new tenant leads through the first steps, and later names what somebody began and left."""

import pytest
from django.urls import reverse

from apis.models import API
from apis.services import apis, connections
from apis.services.apis import Scope
from tenants import audit
from tenants.services import create_connection, create_user
from tests import factories
from tests.console.browser import Console
from tests.console.test_overview import overview


@pytest.fixture
def empty(db):
    """A tenant in which nobody has done anything yet."""
    return factories.make_tenant("empty", friendly_name="Empty Ltd")


@pytest.fixture
def eve(empty):
    """An admin of it."""
    return Console(factories.make_operator(empty, username="eve"))


def setup(console):
    return overview(console)[1]["setup"]


def done(console):
    return [step.done for step in setup(console)["steps"]]


def gaps(console):
    return [str(gap.text).replace("<strong>", "").replace("</strong>", "") for gap in setup(console)["gaps"]]


def test_an_empty_tenant_is_welcomed_and_begins_with_an_api(eve):
    page, panels = overview(eve)
    assert "Welcome to Empty Ltd" in page
    assert "0 of 5 done" in page
    assert panels["setup"]["next"].link.url == reverse("admin:apis_api_add")
    assert next(iter(panels)) == "setup"


def test_each_step_leads_to_the_next_until_all_are_done_and_folded_away(eve, empty):
    assert done(eve) == [False] * 5
    api = apis.create_api(empty, "urn:first", by=factories.BY)
    assert done(eve) == [True, False, False, False, False]
    assert f"/{api.pk}/" in setup(eve)["next"].link.url
    apis.set_permissions(api, [Scope("read:x", "Read x")], by=factories.BY)
    assert setup(eve)["next"].link.url == reverse("admin:apis_application_add")
    application, _ = factories.make_application(empty)
    assert done(eve) == [True, True, True, False, False]
    assert f"/{api.pk}/" in setup(eve)["next"].link.url
    factories.grant(application, api, ("read:x",))
    assert done(eve) == [True, True, True, True, False]
    assert eve.get(setup(eve)["next"].link.url).status_code == 200
    audit.record(audit.Event(type="seccft", tenant_id=empty.pk, audience="urn:first"))
    audit.flush()
    page, panels = overview(eve)
    assert panels["setup"]["complete"]
    assert "Set-up is complete" in page
    assert list(panels)[-1] == "setup"


def test_every_link_of_a_step_opens(eve, empty):
    api = apis.create_api(empty, "urn:first", by=factories.BY)
    application, _ = factories.make_application(empty)
    factories.grant(application, api, ())
    for step in setup(eve)["steps"]:
        if step.link:
            assert eve.get(step.link.url).status_code == 200, step


def test_the_application_that_every_tenant_begins_with_is_no_step(eve, empty):
    assert empty.applications.count() == 1
    assert not setup(eve)["steps"][2].done


def test_an_application_for_people_needs_no_grant_where_the_api_is_open_to_all(eve, empty):
    factories.make_api(empty)
    factories.make_application(empty, "Shop", app_type="spa")
    assert done(eve) == [True, True, True, True, False]


def test_a_viewer_sees_the_steps_and_no_way_to_take_them(empty):
    viewer = Console(factories.make_operator(empty, username="viv", role="viewer"))
    page, panels = overview(viewer)
    assert [step.link for step in panels["setup"]["steps"]] == [None] * 5
    assert reverse("admin:apis_api_add") not in page
    assert "An admin of it can take these steps" in page


@pytest.fixture
def ready(acme):
    """acme, of which a token was issued: its first steps are done."""
    acme.ask()
    audit.flush()
    return acme


def test_a_tenant_in_which_all_is_set_up_has_no_gaps(ada, ready):
    assert gaps(ada) == []


def test_an_api_without_permissions_is_named_with_where_to_add_them(ada, ready):
    api = factories.make_api(ready.tenant, "urn:bare", name="Bare", permissions=[])
    factories.grant(ready.application, api, ())
    assert gaps(ada) == ["The API Bare has no permissions."]
    assert ada.get(setup(ada)["gaps"][0].link.url).status_code == 200


def test_an_api_that_nobody_may_call_is_named_with_where_to_let_somebody(ada, ready):
    factories.make_api(ready.tenant, "urn:lonely", name="Lonely")
    assert gaps(ada) == ["No application may call the API Lonely."]
    assert ada.get(setup(ada)["gaps"][0].link.url).status_code == 200


def test_an_api_that_is_closed_on_purpose_is_no_gap(ada, ready):
    factories.make_api(ready.tenant, "urn:closed", client_policy="deny_all", user_policy="deny_all")
    assert gaps(ada) == []


def test_an_application_without_a_callback_and_a_tenant_without_people_are_named(ada, ready):
    factories.make_application(ready.tenant, "Shop", app_type="spa")
    assert gaps(ada) == [
        "The application Shop has no callback address to come back to.",
        "Nobody can sign in: no application has a connection with users or open sign-up.",
    ]
    for gap in setup(ada)["gaps"]:
        assert ada.get(gap.link.url).status_code == 200


def test_an_application_that_redirects_nobody_needs_no_callback(ada, ready):
    factories.make_application(ready.tenant, "Batch", app_type="regular_web", grant_types=["client_credentials"])
    assert not [gap for gap in gaps(ada) if "callback" in gap]


@pytest.mark.parametrize(
    ("disable_signup", "has_user", "is_gap"), [(False, False, False), (True, True, False), (True, False, True)]
)
def test_people_can_sign_in_where_there_are_some_or_sign_up_is_open(ada, ready, disable_signup, has_user, is_gap):
    people = create_connection(ready.tenant, "people", by=factories.BY, disable_signup=disable_signup)
    shop, _ = factories.make_application(ready.tenant, "Shop", app_type="spa", redirect_uris="https://shop.example.com/cb")
    connections.set_connections(shop, [people], by=factories.BY)
    if has_user:
        create_user(people, email="ada@example.com", password="a long password", by=factories.BY)
    assert bool(gaps(ada)) is is_gap


def test_of_many_gaps_a_few_are_named(ada, ready):
    for number in range(5):
        factories.make_api(ready.tenant, f"urn:bare:{number}", permissions=[])
    assert API.objects.of(ready.tenant).count() == 7
    assert len(gaps(ada)) == 6


def test_gaps_of_another_tenant_are_not_shown(ada, ready, globex):
    factories.make_api(globex.tenant, "urn:bare", permissions=[])
    assert gaps(ada) == []


def test_a_viewer_reads_what_is_unfinished_without_the_way_to_change_it(vera, ready):
    factories.make_api(ready.tenant, "urn:lonely", name="Lonely")
    page, _ = overview(vera)
    assert "Lonely" in page
    assert "Choose applications" not in page
