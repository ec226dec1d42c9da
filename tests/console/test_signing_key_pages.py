"""An operator looks at the keys, rotates them, and revokes one that is no longer needed."""

import pytest

from apis.services.apis import update_api
from tenants.keys import rotation
from tenants.models import SigningKey
from tests import factories
from tests.console.conftest import address


@pytest.fixture
def previous(acme):
    rotation.rotate(acme.tenant, by=factories.BY)
    return SigningKey.objects.get(tenant=acme.tenant, state="previous")


def keys_of(world):
    return address(world.tenant, "keys", world.tenant.pk)


def states(world):
    return list(SigningKey.objects.of(world.tenant).order_by("id").values_list("state", flat=True))


def test_rotating_asks_first_and_then_has_the_next_key_sign(ada, acme):
    coming = SigningKey.objects.get(tenant=acme.tenant, state="next")
    url = address(SigningKey, "rotate")
    assert url in ada.get(keys_of(acme)).content.decode()
    assert "The next key signs from now on" in ada.get(url).content.decode()
    assert states(acme) == ["current", "next"]
    answer = ada.submit(url, tenant=acme.tenant.pk)
    assert coming.kid in ada.get(answer.url).content.decode()
    assert states(acme) == ["previous", "current", "next"]
    event = acme.events("sapi")[0]
    assert (event.description, event.user_name) == ("Rotate the signing key", "ada")


def test_another_tenants_keys_are_not_rotated(ada, acme, globex):
    answer = ada.submit(address(SigningKey, "rotate"), tenant=globex.tenant.pk)
    assert "Select a valid choice" in answer.content.decode()
    assert states(globex) == ["current", "next"]


def test_revoking_asks_first_and_then_takes_the_key_out_of_the_key_set(ada, acme, previous):
    url = address(SigningKey, "revoke", previous.pk)
    assert url in ada.get(address(previous, "change", previous.pk)).content.decode()
    assert "stops verifying" in ada.get(url).content.decode()
    assert previous.kid in acme.http().get("/.well-known/jwks.json").content.decode()
    answer = ada.submit(url)
    assert answer.url == address(previous, "change", previous.pk)
    assert previous.kid not in acme.http().get("/.well-known/jwks.json").content.decode()
    assert acme.events("sapi")[0].description == "Revoke a signing key"


def test_the_key_that_signs_cannot_be_revoked(ada, acme):
    current = SigningKey.objects.get(tenant=acme.tenant, state="current")
    url = address(SigningKey, "revoke", current.pk)
    assert url not in ada.get(address(current, "change", current.pk)).content.decode()
    said = ada.post(url, follow=True).content.decode()
    assert "Only a previous key can be revoked" in said
    assert states(acme) == ["current", "next"]


def test_the_page_shows_the_public_parts_and_never_the_private_one(ada, acme):
    key = SigningKey.objects.get(tenant=acme.tenant, state="current")
    page = ada.get(address(key, "change", key.pk)).content.decode()
    assert key.jwk["n"] in page
    assert "BEGIN CERTIFICATE" in page
    assert "PRIVATE" not in page
    assert bytes(key.private_key).decode() not in page


def test_the_pages_say_which_algorithm_a_key_is_for(ada, acme, globex):
    update_api(acme.api, by=factories.BY, signing_alg="PS256")
    key = SigningKey.objects.get(tenant=acme.tenant, alg="PS256", state="current")
    everything = ada.get(address(SigningKey, "changelist")).content.decode()
    assert all(kid in everything for kid in acme.tenant.signing_keys.values_list("kid", flat=True))
    some = ada.get(address(SigningKey, "changelist"), {"alg": "PS256"}).content.decode()
    assert key.kid in some
    assert SigningKey.objects.get(tenant=acme.tenant, alg="RS256", state="current").kid not in some
    assert "PS256" in ada.get(address(key, "change", key.pk)).content.decode()
    ada.submit(address(SigningKey, "rotate"), tenant=acme.tenant.pk)
    key.refresh_from_db()
    assert key.state == "previous"
    assert states(globex) == ["current", "next"]


def test_keys_are_neither_added_nor_changed_nor_deleted_by_hand(root, acme):
    key = SigningKey.objects.filter(tenant=acme.tenant).first()
    assert root.get(address(SigningKey, "add")).status_code == 403
    assert root.post(address(key, "change", key.pk), {"state": "revoked"}).status_code == 403
    assert root.post(address(key, "delete", key.pk), {"post": "yes"}).status_code == 403


def test_a_viewer_sees_the_keys_and_no_button(vera, acme, previous):
    for page in (address(SigningKey, "changelist"), keys_of(acme)):
        shown = vera.get(page)
        assert shown.status_code == 200
        assert address(SigningKey, "rotate") not in shown.content.decode()
    assert "revoke/" not in vera.get(keys_of(acme)).content.decode()
    assert "revoke/" not in vera.get(address(previous, "change", previous.pk)).content.decode()


def test_the_tab_of_a_tenant_says_of_each_key_what_it_does_and_how_old_it_is(ada, acme, previous):
    page = ada.get(keys_of(acme))
    assert [row.key.state for row in page.context["published"]] == ["current", "next", "previous"]
    html = page.content.decode()
    for said in ("Signs now", "before the first token that it signs", "until its last token has expired"):
        assert said in html
    assert "just now" in html
    assert address(SigningKey, "revoke", previous.pk) in html
    assert "/.well-known/jwks.json" in html
    ada.submit(address(SigningKey, "revoke", previous.pk))
    assert [row.key for row in ada.get(keys_of(acme)).context["revoked"]] == [previous]


def test_the_menu_leads_to_the_keys_of_the_tenant_that_the_operator_works_on(ada, grace, acme):
    assert f'<a href="{keys_of(acme)}" aria-current="page">Signing keys</a>' in ada.get(keys_of(acme)).content.decode()
    assert grace.get(keys_of(acme)).status_code == 404
