"""Every refusal leads to the page of the setting that decided it, or is known to be mended by no page."""

import inspect
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from apis.services import apis, applications
from authserver import errors
from authserver.admin.remedy_links import BEYOND_THE_CONSOLE, PLACES, remedy_link
from tests import factories

ALL = {name for name, kind in vars(errors).items() if inspect.isclass(kind) and kind is not errors.OAuthError}


def known(world, user=None):
    return {
        "client_id": world.application.client_id,
        "audience": world.api.identifier,
        "user_id": user.user_id if user else "",
    }


def link(world, reason, **named):
    return remedy_link(world.tenant.pk, reason, **(known(world) | named))


class Fields(HTMLParser):
    """The ids that stand on a page, and the names of its fields."""

    def __init__(self, html):
        super().__init__()
        self.found = set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found |= {value for name, value in attrs if name == "id"}


def test_every_refusal_is_linked_or_known_to_be_mended_by_no_page():
    assert set(PLACES) | BEYOND_THE_CONSOLE == ALL
    assert set(PLACES) & BEYOND_THE_CONSOLE == set()


def test_no_class_of_refusals_hides_from_the_list():
    def below(kind):
        return {kind, *(deep for child in kind.__subclasses__() for deep in below(child))}

    own = {kind.__name__ for kind in below(errors.OAuthError) if kind.__module__.startswith("authserver.errors")}
    assert own - {"OAuthError"} == ALL


@pytest.mark.parametrize("reason", sorted(PLACES))
def test_every_link_opens_a_page_and_the_field_it_names(reason, ada, vera, people):
    found = remedy_link(people.world.tenant.pk, reason, **known(people.world, people.user))
    if found is None:  # the setting in question stands in nobody's way here
        assert reason in {"InvalidToken", "InvalidRefreshToken"}
        return
    address, _, anchor = found.url.partition("#")
    for console in (ada, vera):
        assert console.get(address).status_code == 200, (reason, address)
    if anchor:
        assert anchor in Fields(ada.get(address).content.decode()).found, (reason, found.url)


@pytest.mark.parametrize("reason", sorted(PLACES))
def test_a_link_costs_two_questions_at_most(reason, people, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        remedy_link(people.world.tenant.pk, reason, **known(people.world, people.user))


@pytest.mark.parametrize("reason", sorted(PLACES))
@pytest.mark.parametrize("value", ["", "nobody", "a\x00b", "x" * 5_000, "https://acme.example.com/api/v2/"])
def test_what_nobody_is_called_leads_to_a_list_or_nowhere(reason, value, ada, acme):
    found = remedy_link(acme.tenant.pk, reason, client_id=value, audience=value, user_id=value)
    assert found is None or ada.get(found.url.partition("#")[0]).status_code == 200


@pytest.mark.parametrize("reason", sorted(PLACES))
def test_rows_of_another_tenant_are_never_linked(reason, acme, people, globex):
    found = remedy_link(globex.tenant.pk, reason, **known(people.world, people.user))
    for row in (f"application/{acme.application.pk}", f"api/{acme.api.pk}", f"user/{people.user.pk}"):
        assert found is None or f"/{row}/" not in found.url


def test_a_missing_client_grant_leads_to_the_switch_between_the_two(acme):
    for reason in ("NotGranted", "NotGrantedForUsers", "ScopeNotGranted"):
        assert acme.api.pk in link(acme, reason).url
        assert acme.application.client_id in link(acme, reason).url
        assert f"/application/{acme.application.pk}/" in link(acme, reason, audience="urn:nothing").url


def test_the_management_api_is_found_under_each_name_it_has(acme):
    system = apis.API.objects.get(tenant=acme.tenant, is_system=True)
    assert system.pk in link(acme, "NotGranted", audience=f"{acme.issuer}api/v2/").url


def test_an_identifier_that_ends_like_the_management_api_is_that_apis_own(acme):
    own = factories.make_api(acme.tenant, "https://orders.example.com/api/v2/")
    assert own.pk in link(acme, "NotGranted", audience=own.identifier).url


def test_a_disabled_application_leads_to_its_switch_whatever_else_was_wrong(acme):
    applications.update_application(acme.application, enabled=False, by=factories.BY)
    for reason in ("UnknownClient", "ClientAuthenticationFailed", "InvalidToken"):
        assert link(acme, reason).text == "Enable the application"
    assert "/danger/" in link(acme, "UnknownClient").url
    assert "/danger/" not in link(acme, "UnknownClient", may_change=False).url
    assert link(acme, "UnknownClient", client_id="nobody").url == reverse("admin:apis_application_changelist")


def test_a_refresh_token_that_the_api_does_not_want_leads_to_the_api(acme):
    assert link(acme, "InvalidRefreshToken").url.endswith("#id_allow_offline_access")
    apis.update_api(acme.api, allow_offline_access=True, by=factories.BY)
    assert link(acme, "InvalidRefreshToken") is None


def test_what_no_page_mends_has_no_link(acme):
    assert {link(acme, reason) for reason in (*BEYOND_THE_CONSOLE, "", "OAuthError", "nonsense")} == {None}
