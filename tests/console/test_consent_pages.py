"""An operator sees what people allowed applications, and takes it back for them."""

import pytest

from apis.models import API
from apis.services.applications import update_application
from authserver import services
from authserver.models import Consent, TokenFamily
from tenants.models import User
from tenants.services import update_tenant
from tests import factories
from tests.console.browser import Console
from tests.console.conftest import address
from tests.console.sign_ins import make_consent, make_family

LIST = "changelist"


@pytest.fixture
def tokens(people):
    return people.tokens()


@pytest.fixture
def consent(tokens):
    return Consent.objects.get()


def listed(console, **query):
    return set(console.get(address(Consent, LIST, **query)).context["cl"].result_list)


def chosen(*rows, **fields):
    return {"action": "withdraw_selected", "_selected_action": [row.pk for row in rows], **fields}


def test_T058_a_consent_that_an_operator_takes_back_ends_its_refresh_tokens_and_the_person_is_asked_again(
    ada, people, tokens, consent
):
    url = address(Consent, "withdraw", consent.pk)
    assert url in ada.get(address(consent, "change", consent.pk)).content.decode()
    asked = ada.get(url).content.decode()
    assert "ada@example.com allowed Shop" in asked
    assert "Its refresh tokens end, too; the person is asked again." in asked
    assert people.refresh(tokens["refresh_token"]).status_code == 200
    assert ada.submit(url).url == address(User, "sign_ins", people.user.pk)
    assert not Consent.objects.exists()
    assert people.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    browser = people.browser()
    assert people.log_in(browser, people.authorize(browser)).headers["Location"].startswith("/u/consent")


def test_taking_a_consent_back_is_told_with_the_operators_name(ada, people, consent):
    ada.submit(address(Consent, "withdraw", consent.pk))
    by_operator, of_person = people.world.events("sapi")[0], people.world.events("consent")[0]
    assert (by_operator.description, by_operator.user_name) == ("Take back a consent", "ada")
    assert by_operator.details["actor"] == {"type": "operator", "name": "ada"}
    assert by_operator.details["target"] == consent.pk
    assert by_operator.details["user"]["user_id"] == people.user.user_id
    assert (of_person.user_id, of_person.user_name) == (people.user.user_id, people.user.email)
    assert (of_person.details["by"], of_person.ip) == ("ada", "127.0.0.1")
    for event in (by_operator, of_person):
        assert (event.client_id, event.audience) == (people.web.client_id, people.world.api.identifier)


def test_other_consents_of_the_same_person_and_of_others_keep_their_refresh_tokens(ada, people, consent):
    eve = another(people)
    for user, application, api in (
        (people.user, people.spa, people.world.api),
        (people.user, people.web, None),
        (eve, people.web, people.world.api),
    ):
        make_consent(user, application, api)
        make_family(user, application, api)
    ada.submit(address(Consent, "withdraw", consent.pk))
    assert Consent.objects.count() == 3
    assert TokenFamily.objects.filter(revoked_at=None).count() == 3


def test_taking_back_what_is_gone_is_not_found(ada, people, consent):
    url = address(Consent, "withdraw", consent.pk)
    sent = ada.fields(url)
    ada.post(url, sent)
    told = len(people.world.events("sapi", "consent"))
    assert ada.post(url, sent).status_code == 404
    assert len(people.world.events("sapi", "consent")) == told


def test_what_was_taken_back_meanwhile_is_no_second_event(people, consent):
    seen_by_both = Consent.objects.get()
    assert services.withdraw_consent(consent, by=factories.BY)
    told = len(people.world.events("sapi", "consent"))
    assert not services.withdraw_consent(seen_by_both, by=factories.BY)
    assert len(people.world.events("sapi", "consent")) == told


def test_the_page_says_what_was_allowed_as_the_person_reads_it(ada, people, consent):
    url = address(consent, "change", consent.pk)
    page = ada.get(url).content.decode()
    sentences = ("See your e-mail address", "Keep access when", "May read:orders <code>read:orders</code>")
    for shown in ("ada@example.com", "Shop", f"{consent.created_at:%Y-%m-%d %H:%M:%S}", *sentences):
        assert shown in page
    for linked in (people.user, people.web, people.world.api):
        assert address(linked, "change", linked.pk) in page
    assert "orders: read" not in page
    flags = {"use_scope_descriptions_for_consent": False}
    update_tenant(people.world.tenant, by=factories.BY, flags=flags)
    assert "orders: read" in ada.get(url).content.decode()


def test_a_consent_without_an_api_and_one_without_scopes_can_be_read(ada, people):
    bare = Consent.objects.create(tenant=people.world.tenant, user=people.user, application=people.web, scopes=[])
    page = ada.get(address(bare, "change", bare.pk)).content.decode()
    assert "Who they are, and nothing else" in page
    assert listed(ada) == {bare}


def test_the_list_names_five_scopes_and_counts_the_others(ada, people):
    scopes = [f"read:{number}" for number in range(7)]
    Consent.objects.create(tenant=people.world.tenant, user=people.user, application=people.web, scopes=scopes)
    page = ada.get(address(Consent, LIST)).content.decode()
    assert "read:4 and 2 more" in page
    assert "read:5" not in page


def test_it_is_found_by_email_and_application_and_filtered_by_user_application_and_api(ada, people):
    ours, hers = make_consent(people.user, people.web, None), make_consent(another(people), people.spa, people.world.api)
    for query in ({"q": "ada@example.com"}, {"q": "sho"}, {"user__id__exact": people.user.pk}):
        assert listed(ada, **query) == {ours}
    for query in ({"q": people.spa.client_id}, {"application__id__exact": people.spa.pk}):
        assert listed(ada, **query) == {hers}
    assert listed(ada, api__id__exact=API.objects.get(pk=people.world.api.pk).pk) == {hers}
    assert not listed(ada, q="ada@")


def test_several_are_taken_back_after_one_question(ada, people):
    gone = [make_consent(people.user, people.web, None), make_consent(people.user, people.web, people.world.api)]
    stays = make_consent(people.user, people.spa, None)
    asked = ada.post(address(Consent, LIST), chosen(*gone, index="0")).content.decode()
    assert "Take back consents: 2" in asked
    assert "the person is asked again" in asked
    assert Consent.objects.count() == 3
    done = ada.post(address(Consent, LIST), chosen(*gone, confirmed="yes"), follow=True).content.decode()
    assert "Consents taken back: 2." in done
    assert Consent.objects.get() == stays
    told = [event for event in people.world.events("sapi") if event.description == "Take back a consent"]
    assert {event.details["target"] for event in told} == {row.pk for row in gone}


def test_a_persons_page_shows_the_applications_they_approved(ada, people, consent):
    make_consent(another(people), people.spa, None)
    page = ada.get(address(User, "sign_ins", people.user.pk))
    section = next(found for found in page.context["sections"] if found.title == "Approved applications")
    assert len(section.rows) == 1
    assert address(people.web, "change", people.web.pk) in section.rows[0][0]
    assert address(consent, "change", consent.pk) in section.rows[0][-1]
    assert address(consent, "withdraw", consent.pk) in section.rows[0][-1]
    assert set(ada.get(section.links[0].url).context["cl"].result_list) == {consent}


def test_a_third_party_application_asks_again_after_its_consent_was_taken_back(ada, people):
    update_application(people.web, by=factories.BY, is_first_party=False)
    people.connection.is_domain_connection = True
    people.connection.save()
    browser = people.browser()
    people.through(browser)
    ada.submit(address(Consent, "withdraw", Consent.objects.get().pk))
    assert people.authorize(browser).headers["Location"].startswith("/u/consent")


def test_T139_another_tenants_operator_takes_nothing_back(grace, people, strangers, tokens, consent):
    theirs = make_consent(strangers.user, strangers.web, None)
    url = address(Consent, "withdraw", consent.pk)
    assert grace.get(url).status_code == grace.post(url).status_code == 404
    grace.post(address(Consent, LIST), chosen(consent, theirs, confirmed="yes"))
    assert Consent.objects.get() == consent
    assert people.refresh(tokens["refresh_token"]).status_code == 200


def test_a_viewer_looks_and_takes_nothing_back(vera, people, tokens, consent):
    assert listed(vera) == {consent}
    url = address(Consent, "withdraw", consent.pk)
    assert url not in vera.get(address(consent, "change", consent.pk)).content.decode()
    assert url not in vera.get(address(User, "sign_ins", people.user.pk)).content.decode()
    assert vera.get(url).status_code == vera.post(url).status_code == 403
    vera.post(address(Consent, LIST), chosen(consent, confirmed="yes"))
    assert Consent.objects.get() == consent


def test_who_is_viewer_in_one_tenant_takes_nothing_back_there_from_a_mixed_choice(people, strangers):
    operator = factories.make_operator(strangers.world.tenant)
    operator.memberships.create(tenant=people.world.tenant, role="viewer")
    rows = make_consent(people.user, people.web, None), make_consent(strangers.user, strangers.web, None)
    assert Console(operator).post(address(Consent, LIST), chosen(*rows, confirmed="yes")).status_code == 403
    assert Consent.objects.count() == 2


def another(people):
    user = User(tenant=people.world.tenant, connection=people.connection, email="eve@example.com")
    user.set_password("a long password")
    user.save()
    return user
