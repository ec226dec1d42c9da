"""An operator sees which applications stay signed in, and revokes what should not."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from authserver import families, services
from authserver.models import RefreshToken, Session, TokenFamily
from tenants.models import User
from tests import factories
from tests.console.browser import Console
from tests.console.conftest import address
from tests.console.sign_ins import make_family

LIST = "changelist"


@pytest.fixture
def tokens(people):
    return people.tokens()


@pytest.fixture
def family(tokens):
    return TokenFamily.objects.get()


def listed(console, **query):
    return set(console.get(address(TokenFamily, LIST, **query)).context["cl"].result_list)


def chosen(*rows, **fields):
    return {"action": "revoke_selected", "_selected_action": [row.pk for row in rows], **fields}


def works(people, tokens):
    """Whether a refresh token, which does not rotate, still gets access tokens."""
    answer = people.refresh(tokens["refresh_token"])
    assert answer.status_code == 200 or answer.json()["error"] == "invalid_grant"
    return answer.status_code == 200


def test_T058_a_refresh_token_that_an_operator_revokes_is_dead_at_once_and_the_event_says_who_did_it(
    ada, people, tokens, family
):
    assert works(people, tokens)
    url = address(TokenFamily, "revoke", family.pk)
    assert url in ada.get(address(family, "change", family.pk)).content.decode()
    asked = ada.get(url).content.decode()
    assert "Shop for ada@example.com" in asked
    assert "until they expire" in asked
    assert works(people, tokens)
    assert ada.submit(url).url == address(User, "sign_ins", people.user.pk)
    assert not works(people, tokens)
    event = people.world.events("sapi")[0]
    assert (event.description, event.user_name) == ("Revoke a refresh token", "ada")
    assert (event.client_id, event.audience) == (people.web.client_id, people.world.api.identifier)
    assert event.details["actor"] == {"type": "operator", "name": "ada"}
    assert event.details["target"] == family.pk
    assert event.details["user"]["user_id"] == people.user.user_id


def test_T058_the_access_tokens_of_a_revoked_one_are_refused_here_at_once(ada, people, tokens, family):
    def userinfo():
        return people.world.http(authorization=f"Bearer {tokens['access_token']}").get("/userinfo").status_code

    assert userinfo() == 200
    ada.submit(address(TokenFamily, "revoke", family.pk))
    assert userinfo() == 401


def test_the_list_says_who_for_what_since_when_and_how_long(ada, people, tokens, family):
    page = ada.get(address(TokenFamily, LIST)).content.decode()
    for shown in ("ada@example.com", "Shop", people.world.api.identifier, "offline_access", "read:orders"):
        assert shown in page
    token = RefreshToken.objects.get()
    times = {"signed_in": family.auth_time, "idle_end": token.idle_expires_at, "end_of_all": token.expires_at}
    for column, moment in times.items():
        assert re.search(rf'class="field-{column}[^>]*><time[^>]*>{moment:%Y-%m-%d %H:%M:%S}</time></td>', page)
    assert "field-rotating" not in page, "it has no room in the list"
    assert "Rotating" in ada.get(address(family, "change", family.pk)).content.decode()
    detail = ada.get(address(family, "change", family.pk)).content.decode()
    assert "for ada@example.com</h1>" in detail
    for linked in (people.user, people.web, people.world.api, Session.objects.get()):
        assert address(linked, "change", linked.pk) in detail


def test_the_list_says_when_it_was_last_used_whether_it_rotates_or_not(ada, people):
    stays, rotates = people.tokens(), people.spa_tokens()
    long_ago = timezone.now() - timedelta(days=3)
    RefreshToken.objects.update(created=long_ago)
    said = f"{long_ago:%Y-%m-%d %H:%M:%S}</time>"
    assert ada.get(address(TokenFamily, LIST)).content.decode().count(said) == 2
    people.refresh(stays["refresh_token"])
    assert ada.get(address(TokenFamily, LIST)).content.decode().count(said) == 1
    people.refresh_spa(rotates["refresh_token"])
    assert ada.get(address(TokenFamily, LIST)).content.decode().count(said) == 0


def test_T141_neither_a_token_nor_its_hash_is_on_any_page(ada, people, tokens, family):
    token = RefreshToken.objects.get()
    pages = [
        address(TokenFamily, LIST),
        address(family, "change", family.pk),
        address(TokenFamily, "revoke", family.pk),
        address(User, "change", people.user.pk),
        address(Session, "change", Session.objects.get().pk),
    ]
    text = "".join(ada.get(page).content.decode() for page in pages)
    assert "Shop" in text
    assert token.token_checksum not in text
    assert tokens["refresh_token"] not in text
    assert not re.findall(r"\b[0-9a-f]{64}\b", text)


def test_a_family_that_rotates_is_one_row_and_the_page_opened_before_still_revokes_it(ada, people):
    first = people.spa_tokens()
    family = TokenFamily.objects.get()
    url = address(TokenFamily, "revoke", family.pk)
    sent = ada.fields(url)
    second = people.refresh_spa(first["refresh_token"]).json()
    assert RefreshToken.objects.count() == 2
    assert listed(ada) == {family}
    assert ada.post(url, sent).status_code == 302
    assert people.refresh_spa(second["refresh_token"]).status_code == 403


def test_only_what_works_is_listed(ada, people):
    past = timezone.now() - timedelta(seconds=1)
    good, revoked, idle, over, used, none = (make_family(people.user, people.web, None) for _ in range(6))
    families.revoke_one(revoked.pk)
    idle.refresh_tokens.update(idle_expires_at=past)
    over.refresh_tokens.update(expires_at=past)
    used.refresh_tokens.update(used_at=past)
    none.refresh_tokens.all().delete()
    assert listed(ada) == {good}
    for gone in (revoked, idle, over, used, none):
        assert ada.get(address(gone, "change", gone.pk)).status_code == 404
        assert ada.get(address(TokenFamily, "revoke", gone.pk)).status_code == 404


def test_it_is_found_by_email_client_and_session_and_filtered_by_user_and_application(ada, people):
    eve = another(people)
    ours, hers = make_family(people.user, people.web, None), make_family(eve, people.spa, people.world.api)
    for query in ({"q": "Ada@example.com"}, {"q": people.web.client_id}, {"user__id__exact": people.user.pk}):
        assert listed(ada, **query) == {ours}
    for query in ({"application__id__exact": people.spa.pk}, {"api__id__exact": people.world.api.pk}):
        assert listed(ada, **query) == {hers}
    assert not listed(ada, q="ada@")


def test_several_are_revoked_after_one_question(ada, people):
    gone, stays = [make_family(people.user, people.web, None) for _ in range(3)], make_family(people.user, people.spa, None)
    asked = ada.post(address(TokenFamily, LIST), chosen(*gone, index="0")).content.decode()
    assert "Revoke refresh tokens: 3" in asked
    assert len(listed(ada)) == 4
    done = ada.post(address(TokenFamily, LIST), chosen(*gone, confirmed="yes"), follow=True).content.decode()
    assert "Refresh tokens revoked: 3." in done
    assert listed(ada) == {stays}
    told = [event.details["target"] for event in people.world.events("sapi") if event.description.startswith("Revoke")]
    assert set(told) == {row.pk for row in gone}
    again = ada.post(address(TokenFamily, LIST), chosen(*gone, confirmed="yes"), follow=True)
    assert "nothing left to end" in again.content.decode()


def test_what_was_revoked_meanwhile_is_no_second_event(people, family):
    assert services.revoke_family(family, by=factories.BY)
    told = len(people.world.events("sapi"))
    assert not services.revoke_family(family, by=factories.BY)
    assert len(people.world.events("sapi")) == told


def test_a_persons_page_shows_the_applications_that_stay_signed_in(ada, people, family):
    make_family(another(people), people.spa, None)
    page = ada.get(address(User, "sign_ins", people.user.pk))
    section = next(found for found in page.context["sections"] if found.title == "Applications that stay signed in")
    assert len(section.rows) == 1
    assert address(people.web, "change", people.web.pk) in section.rows[0][0]
    assert address(family, "change", family.pk) in section.rows[0][-1]
    assert listed_at(ada, section.links[0].url) == {family}


def listed_at(console, url):
    return set(console.get(url).context["cl"].result_list)


def test_T139_another_tenants_operator_revokes_nothing(grace, people, strangers, tokens, family):
    theirs = make_family(strangers.user, strangers.web, None)
    url = address(TokenFamily, "revoke", family.pk)
    assert grace.get(url).status_code == grace.post(url).status_code == 404
    grace.post(address(TokenFamily, LIST), chosen(family, theirs, confirmed="yes"))
    assert works(people, tokens)
    theirs.refresh_from_db()
    assert theirs.revoked_at
    assert not listed(grace, q="ada@example.com")


def test_a_viewer_looks_and_revokes_nothing(vera, people, tokens, family):
    assert listed(vera) == {family}
    url = address(TokenFamily, "revoke", family.pk)
    assert url not in vera.get(address(family, "change", family.pk)).content.decode()
    assert vera.get(url).status_code == vera.post(url).status_code == 403
    vera.post(address(TokenFamily, LIST), chosen(family, confirmed="yes"))
    assert works(people, tokens)


def test_who_is_viewer_in_one_tenant_revokes_nothing_there_from_a_mixed_choice(people, strangers):
    operator = factories.make_operator(strangers.world.tenant)
    operator.memberships.create(tenant=people.world.tenant, role="viewer")
    rows = make_family(people.user, people.web, None), make_family(strangers.user, strangers.web, None)
    assert Console(operator).post(address(TokenFamily, LIST), chosen(*rows, confirmed="yes")).status_code == 403
    assert not TokenFamily.objects.exclude(revoked_at=None).exists()


def another(people):
    user = User(tenant=people.world.tenant, connection=people.connection, email="eve@example.com")
    user.set_password("a long password")
    user.save()
    return user
