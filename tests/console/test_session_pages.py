"""An operator sees who is signed in, and signs them out: one session, several, or all of a person."""

from datetime import timedelta

import pytest
from django.utils import timezone

from authserver import services
from authserver.models import Session, TokenFamily
from tenants.models import Tenant, User
from tests import factories
from tests.console.browser import Console
from tests.console.conftest import address
from tests.console.sign_ins import FIREFOX, HOUR, make_session
from tests.people import answer

LIST = "changelist"


@pytest.fixture
def browser(people):
    return people.signed_in()


@pytest.fixture
def session(browser):
    return Session.objects.get()


def is_signed_in(people, browser):
    """Whether the application gets a code without a page; else it must be told that nobody is signed in."""
    sent = answer(people.authorize(browser, prompt="none"))
    assert ("code" in sent) != (sent.get("error") == "login_required")
    return "code" in sent


def listed(console, **query):
    return set(console.get(address(Session, LIST, **query)).context["cl"].result_list)


def chosen(*rows, **fields):
    return {"action": "end_selected", "_selected_action": [row.pk for row in rows], **fields}


def test_T091_a_session_that_an_operator_ends_is_dead_at_once_and_the_event_says_who_did_it(ada, people, browser, session):
    assert is_signed_in(people, browser)
    page = ada.get(address(session, "change", session.pk)).content.decode()
    url = address(Session, "end", session.pk)
    assert url in page
    asked = ada.get(url).content.decode()
    assert "ada@example.com" in asked
    assert "signed out at once" in asked
    assert is_signed_in(people, browser)
    assert ada.submit(url).url == address(session, "change", session.pk)
    assert not is_signed_in(people, browser)
    event = people.world.events("sapi")[0]
    assert (event.description, event.user_name, event.ip) == ("End a session", "ada", "127.0.0.1")
    assert event.details["actor"] == {"type": "operator", "name": "ada"}
    assert event.details["target"] == session.pk
    assert event.details["user"] == {"user_id": people.user.user_id, "email": "ada@example.com"}


def test_an_ended_session_has_no_button_and_ending_it_again_is_no_event(ada, people, session):
    url = address(Session, "end", session.pk)
    ada.submit(url)
    told = len(people.world.events("sapi"))
    page = ada.get(address(session, "change", session.pk)).content.decode()
    assert url not in page
    assert ">ended<" in page
    assert "nothing left to end" in ada.post(url, follow=True).content.decode()
    assert len(people.world.events("sapi")) == told


def test_refresh_tokens_outlive_the_session_and_its_page_shows_them(ada, people):
    tokens = people.tokens()
    session, family = Session.objects.get(), TokenFamily.objects.get()
    section = ada.get(address(session, "change", session.pk)).context["sections"][0]
    assert [str(family.pk) in row[-1] for row in section.rows] == [True]
    ada.submit(address(Session, "end", session.pk))
    assert people.refresh(tokens["refresh_token"]).status_code == 200


def test_the_list_says_who_signed_in_when_where_and_with_what(ada, people):
    session = make_session(people.user)
    page = ada.get(address(Session, LIST)).content.decode()
    for shown in ("ada@example.com", "Firefox on Linux", "192.0.2.7", "signed in"):
        assert shown in page
    detail = ada.get(address(session, "change", session.pk)).content.decode()
    assert "<h1>ada@example.com, Firefox on Linux</h1>" in detail
    for shown in (session.pk, FIREFOX, "pwd", address(User, "change", people.user.pk)):
        assert shown in detail
    for moment in (session.auth_time, session.last_seen_at, session.expires_at):
        assert f"{moment:%Y-%m-%d %H:%M:%S}" in page
        assert f"{moment:%Y-%m-%d %H:%M:%S}" in detail
    assert session.secret_sha256 not in page + detail


@pytest.mark.parametrize(
    ("user_agent", "said"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1", "Safari on iPhone"),
        ("curl/8.0 (Linux)", "Linux"),
        ("<script>", "Unknown device"),
        ("", "Unknown device"),
    ],
)
def test_a_browser_is_named_as_people_name_it(user_agent, said, ada, people):
    session = make_session(people.user, user_agent=user_agent)
    assert f'class="field-browser">{said}</td>' in ada.get(address(Session, LIST)).content.decode()
    assert "<script>" not in ada.get(address(session, "change", session.pk)).content.decode()


def test_the_filter_tells_living_sessions_from_ended_expired_and_idle_ones(ada, people):
    past = timezone.now() - timedelta(seconds=1)
    live = make_session(people.user)
    over = {
        make_session(people.user, ended_at=past),
        make_session(people.user, expires_at=past),
        make_session(people.user, idle_expires_at=past),
    }
    assert listed(ada, state="live") == {live}
    assert listed(ada, state="ended") == over
    assert listed(ada) == over | {live}
    assert ada.get(address(Session, LIST)).content.decode().count(">expired<") == 2


def test_a_session_is_found_by_the_whole_email_or_its_id_and_not_by_a_part(ada, people):
    session, other = make_session(people.user), make_session(another(people))
    assert listed(ada, q="ADA@example.com") == listed(ada, q=session.pk) == {session}
    assert listed(ada, q=other.pk) == {other}
    assert not listed(ada, q="ada@")
    assert not listed(ada, q=session.pk[:-1])


def test_several_sessions_end_after_one_question_and_each_is_told(ada, people):
    ends, stays = [make_session(people.user) for _ in range(12)], make_session(people.user)
    asked = ada.post(address(Session, LIST), chosen(*ends, index="0"))
    assert "End sessions: 12" in asked.content.decode()
    assert "and 2 more" in asked.content.decode()
    assert not Session.objects.exclude(ended_at=None).exists()
    form = asked.context["adminform"].form
    assert form.fields["_selected_action"].initial == [row.pk for row in listed_in_order(ada) if row in ends]
    done = ada.post(address(Session, LIST), chosen(*ends, confirmed="yes"), follow=True)
    assert "Sessions ended: 12." in done.content.decode()
    assert set(Session.objects.exclude(ended_at=None)) == set(ends)
    assert Session.objects.get(ended_at=None) == stays
    told = [event.details["target"] for event in people.world.events("sapi") if event.description == "End a session"]
    assert set(told) == {row.pk for row in ends}


def listed_in_order(console):
    return list(console.get(address(Session, LIST)).context["cl"].result_list)


def test_the_question_carries_what_was_chosen_so_it_needs_no_script(ada, people):
    session = make_session(people.user)
    make_session(people.user)
    page = ada.post(address(Session, LIST), chosen(session, index="0")).content.decode()
    assert f'<input type="hidden" name="_selected_action" value="{session.pk}"' in page
    assert '<input type="hidden" name="confirmed" value="yes"' in page
    assert '<input type="hidden" name="action" value="end_selected"' in page


def test_more_than_a_list_shows_is_refused_in_one_go(ada, people):
    now = timezone.now()
    Session.objects.bulk_create(
        Session(
            tenant=people.world.tenant,
            user=people.user,
            secret_sha256=str(number),
            auth_time=now,
            last_seen_at=now,
            idle_expires_at=now + HOUR,
            expires_at=now + HOUR,
        )
        for number in range(201)
    )
    first = Session.objects.first()
    said = ada.post(address(Session, LIST), chosen(first, select_across="1", confirmed="yes"), follow=True)
    assert "At most 200 at a time" in said.content.decode()
    assert not Session.objects.exclude(ended_at=None).exists()


def test_all_sessions_of_a_person_end_from_their_page_and_nobody_elses(ada, people, browser):
    second = people.signed_in()
    others = make_session(another(people))
    page = ada.get(address(User, "sign_ins", people.user.pk))
    url = address(User, "sessions_end", people.user.pk)
    assert url in page.content.decode()
    assert "signed out in every browser" in ada.get(url).content.decode()
    assert ada.submit(url).url == address(User, "sign_ins", people.user.pk)
    assert not is_signed_in(people, browser)
    assert not is_signed_in(people, second)
    assert Session.objects.get(ended_at=None) == others
    event = people.world.events("sapi")[0]
    assert (event.description, event.user_name) == ("End all sessions of a user", "ada")
    assert (event.details["target"], event.details["ended"]) == (people.user.user_id, 2)
    assert url not in ada.get(address(User, "sign_ins", people.user.pk)).content.decode()
    told = len(people.world.events("sapi"))
    ada.post(url)
    assert len(people.world.events("sapi")) == told


def test_a_persons_page_shows_their_living_sessions_and_leads_to_each(ada, people):
    make_session(people.user, ended_at=timezone.now())
    make_session(another(people))
    session = make_session(people.user)
    page = ada.get(address(User, "sign_ins", people.user.pk))
    section = next(found for found in page.context["sections"] if found.title == "Sessions")
    assert len(section.rows) == 1
    assert address(session, "change", session.pk) in section.rows[0][0]
    every = address(Session, LIST, user__id__exact=people.user.pk)
    assert [link.url for link in section.links] == [address(User, "sessions_end", people.user.pk), every]
    assert len(ada.get(every).context["cl"].result_list) == 2


def test_T139_another_tenants_operator_ends_nothing(grace, people, strangers, browser, session):
    theirs = make_session(strangers.user)
    for url in (address(Session, "end", session.pk), address(User, "sessions_end", people.user.pk)):
        assert grace.get(url).status_code == grace.post(url).status_code == 404
    grace.post(address(Session, LIST), chosen(session, theirs, confirmed="yes"))
    assert listed(grace) == {theirs}
    assert is_signed_in(people, browser)
    theirs.refresh_from_db()
    assert theirs.ended_at


def test_a_viewer_looks_and_ends_nothing(vera, people, browser, session):
    assert listed(vera) == {session}
    page = vera.get(address(session, "change", session.pk))
    assert address(Session, "end", session.pk) not in page.content.decode()
    assert "End the selected" not in vera.get(address(Session, LIST)).content.decode()
    user_page = vera.get(address(User, "sign_ins", people.user.pk))
    assert address(User, "sessions_end", people.user.pk) not in user_page.content.decode()
    for url in (address(Session, "end", session.pk), address(User, "sessions_end", people.user.pk)):
        assert vera.get(url).status_code == vera.post(url).status_code == 403
    vera.post(address(Session, LIST), chosen(session, confirmed="yes"))
    assert is_signed_in(people, browser)


def test_who_is_viewer_in_one_tenant_ends_no_session_there_from_a_mixed_choice(people, strangers):
    operator = factories.make_operator(strangers.world.tenant)
    operator.memberships.create(tenant=people.world.tenant, role="viewer")
    rows = make_session(people.user), make_session(strangers.user)
    assert Console(operator).post(address(Session, LIST), chosen(*rows, confirmed="yes")).status_code == 403
    assert not Session.objects.exclude(ended_at=None).exists()


def test_ending_a_session_leaves_the_remembered_configuration_alone(people, session):
    version = Tenant.objects.get(pk=people.world.tenant.pk).config_version
    assert services.end_session(session, by=factories.BY)
    assert Tenant.objects.get(pk=people.world.tenant.pk).config_version == version


def another(people):
    user = User(tenant=people.world.tenant, connection=people.connection, email="eve@example.com")
    user.set_password("a long password")
    user.save()
    return user
