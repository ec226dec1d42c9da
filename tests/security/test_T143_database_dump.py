"""T-143: who steals the database alone has nothing that works: no secret, no signing key, no password."""

from django.apps import apps
from django.core import serializers

from apis.services import apis as api_services
from tenants.keys import encryption
from tenants.services import create_connection, create_user
from tests import factories
from tests.canary import SECRET
from tests.factories import BY


def dump():
    rows = [row for model in apps.get_models() for row in model._base_manager.all()]
    return serializers.serialize("json", rows)


def test_T143_a_dump_of_every_table_holds_nothing_usable(acme):
    api = factories.make_api(acme.tenant, "urn:acme:hs", signing_alg="HS256")
    directory = create_connection(acme.tenant, "Users", by=BY)
    create_user(directory, email="ada@example.com", password="correct horse battery staple", by=BY)
    acme.ask()
    assert acme.events("seccft")
    text = dump()
    stored = [bytes(value) for value in acme.tenant.signing_keys.values_list("private_key", flat=True)]
    assert acme.secret not in text
    assert api_services.reveal_signing_secret(api) not in text
    assert "correct horse" not in text
    assert all(encryption.decrypt(value).startswith(b"-----BEGIN PRIVATE KEY") for value in stored), "it is there, encrypted"
    assert "PRIVATE KEY" not in text
    assert SECRET.findall(text) == []
