"""The settings of an application stay within bounds, whoever sends them."""

import pytest
from django.core.exceptions import ValidationError

from apis.models import Application
from apis.services.applications import create_application, update_application
from tests import factories

BY = factories.BY


@pytest.mark.parametrize(
    "settings",
    [
        {"app_type": "toaster"},
        {"token_endpoint_auth_method": "tls_client_auth"},
        {"name": ""},
        {"name": "<script>"},
        {"name": "Sh\nop"},
        {"name": "x" * 256},
        {"description": "x" * 141},
        {"client_metadata": {str(number): "x" for number in range(11)}},
        {"client_metadata": {"x" * 256: "x"}},
        {"client_metadata": {"x": "x" * 256}},
        {"client_metadata": {"x": 1}},
        {"client_metadata": {"x": None}},
        {"client_metadata": {"x": ["y"]}},
        {"client_metadata": {"x": "nul\x00"}},
        {"client_metadata": {"nul\x00": "x"}},
        {"client_metadata": ["x"]},
    ],
    ids=lambda settings: str(settings)[:50],
)
def test_an_impossible_setting_is_refused_when_made_and_when_changed(acme, settings):
    with pytest.raises(ValidationError) as refusal:
        update_application(acme.application, by=BY, **settings)
    assert list(refusal.value.message_dict) == list(settings)
    with pytest.raises(ValidationError):
        create_application(acme.tenant, by=BY, **{"name": "Shop"} | settings)
    assert not Application.objects.filter(name="Shop").exists()


def test_client_metadata_holds_ten_names_of_255_characters(acme):
    metadata = {f"{number}".ljust(255, "x"): "ü" * 255 for number in range(10)}
    create_application(acme.tenant, "Shop", by=BY, client_metadata=metadata)
    assert Application.objects.get(name="Shop").client_metadata == metadata
