"""A superuser manages operators and their memberships."""

import re

import pytest

from tenants.models import Membership, Operator
from tests import factories
from tests.console.browser import Console, errors
from tests.console.conftest import address

PASSWORD = "a Password of 25 letters!"


@pytest.fixture
def bob(acme):
    return factories.make_operator(acme.tenant, username="bob")


def test_a_new_operator_can_enter_the_console_and_the_tenant_hears_of_it(root, acme):
    answer = root.submit(
        address(Operator, "add"),
        username="zoe",
        password1=PASSWORD,
        password2=PASSWORD,
        memberships__0__tenant=acme.tenant.pk,
        memberships__0__role="viewer",
    )
    assert answer.status_code == 302
    zoe = Operator.objects.get(username="zoe")
    assert (zoe.is_staff, zoe.is_superuser) == (True, False)
    assert zoe.check_password(PASSWORD)
    assert zoe.memberships.get().role == "viewer"
    event = acme.events("sapi")[0]
    assert (event.description, event.user_name, event.details["target"]) == ("Set the role of an operator", "root", "zoe")
    assert Console(zoe).get("/admin/").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"username": "bob"}, "already exists"),
        ({"password2": "another"}, "match"),
        ({"password1": "short", "password2": "short"}, "too short"),
    ],
)
def test_a_broken_rule_is_said_on_the_form(wrong, said, root, bob):
    sent = {"username": "zoe", "password1": PASSWORD, "password2": PASSWORD} | wrong
    assert said in errors(root.submit(address(Operator, "add"), **sent))
    assert not Operator.objects.filter(username="zoe").exists()


def test_a_role_is_changed_and_a_membership_ended(root, acme, globex, bob):
    url = address(bob, "change", bob.pk)
    root.submit(url, memberships__0__role="viewer", memberships__1__tenant=globex.tenant.pk)
    assert dict(bob.memberships.values_list("tenant__name", "role")) == {"acme": "viewer", "globex": "admin"}
    root.submit(url, memberships__0__DELETE="on")
    assert list(bob.memberships.values_list("tenant__name", flat=True)) == ["globex"]
    assert acme.events("sapi")[0].description == "Remove an operator"


def test_a_membership_keeps_its_tenant(root, acme, globex, bob):
    root.submit(address(bob, "change", bob.pk), memberships__0__tenant=globex.tenant.pk, memberships__0__role="viewer")
    assert dict(bob.memberships.values_list("tenant__name", "role")) == {"acme": "viewer"}


def test_two_memberships_in_one_tenant_are_refused(root, acme, bob):
    answer = root.submit(address(bob, "change", bob.pk), memberships__1__tenant=acme.tenant.pk)
    assert answer.status_code == 200
    assert bob.memberships.count() == 1


def test_an_operator_is_switched_off_before_deleted(root, acme, bob):
    url = address(bob, "change", bob.pk)
    assert root.get(url).context["show_delete"] is False
    root.submit(url, is_active=None)
    assert Console(bob).get("/admin/").status_code == 302
    assert "show_delete" not in root.get(url).context
    root.submit(address(bob, "delete", bob.pk))
    assert not Operator.objects.filter(username="bob").exists()
    assert not Membership.objects.filter(tenant=acme.tenant).exists()
    assert acme.events("sapi")[0].description == "Remove an operator"


def test_a_password_is_reset(root, bob):
    url = f"/admin/tenants/operator/{bob.pk}/password/"
    assert root.submit(url, password1=PASSWORD, password2=PASSWORD, usable_password="true").status_code == 302
    bob.refresh_from_db()
    assert bob.check_password(PASSWORD)


def test_an_operator_of_a_tenant_cannot_make_himself_a_superuser(ada, acme):
    own = Operator.objects.get(username="ada")
    assert ada.get(address(own, "change", own.pk)).status_code == 404
    assert ada.post(address(own, "change", own.pk), {"is_superuser": "on"}).status_code == 404
    own.refresh_from_db()
    assert not own.is_superuser


@pytest.mark.parametrize("page", ["add", "change"])
def test_the_form_speaks_of_operators_and_not_of_users(page, root, bob):
    shown = root.get(address(Operator, page, *([bob.pk] if page == "change" else []))).content.decode()
    assert "Sees and changes every tenant and every operator." in shown
    assert "Designates" not in shown
    assert "created a user" not in shown
    assert re.search(r'<label for="id_memberships-0-role">Access</label>', shown)
