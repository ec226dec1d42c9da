"""manage.py create_tenant: from nothing to a token, safe to repeat, all or nothing, one JSON object for scripts."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import Count

from apis.models import API, Application, ClientGrant, ClientSecret, Permission, Role
from apis.services.apis import delete_api
from apis.services.demo import API_IDENTIFIER
from tenants.models import Connection, Domain, LogEvent, SigningKey, Tenant, User
from tests import factories
from tests.conftest import SecureClient

pytestmark = pytest.mark.django_db


def run(name="umbrella", domain="umbrella.example.com", *options):
    out, err = StringIO(), StringIO()
    call_command("create_tenant", name, *options, domain=domain, stdout=out, stderr=err)
    assert err.getvalue() == ""
    return out.getvalue()


def made(*options, domain="umbrella.example.com"):
    return json.loads(run("umbrella", domain, "--json", *options))


def rows():
    """How many rows there are of everything that the command could write; events apart, which only tell."""
    models = (Tenant, Domain, SigningKey, API, Application, ClientSecret, ClientGrant, Connection, User)
    return {model.__name__: model.objects.count() for model in models}


def token(answer, application, audience):
    host = answer["issuer"].removeprefix("https://").rstrip("/")
    asked = application | {"grant_type": "client_credentials", "audience": audience}
    return SecureClient(headers={"host": host}).post("/oauth/token", asked, content_type="application/json").json()


def test_the_json_is_one_object_of_the_promised_shape():
    printed = run("umbrella", "umbrella.example.com", "--demo", "--json")
    answer = json.loads(printed)
    assert printed.count("\n") == 1
    secrets = [answer["applications"][key].pop("client_secret") for key in ("m2m", "web", "legacy", "partner")]
    secrets.append(answer["management"].pop("client_secret"))
    ids = [part.pop("client_id") for part in (answer["management"], *answer["applications"].values())]
    assert all(len(secret) >= 43 for secret in secrets)
    assert len({*secrets, *ids}) == 12
    assert len(answer["users"][0].pop("password")) >= 12
    assert answer == {
        "tenant": "umbrella",
        "domain": "umbrella.example.com",
        "issuer": "https://umbrella.example.com/",
        "management": {"audience": "https://umbrella.example.com/api/v2/"},
        "apis": [
            {
                "name": "Orders",
                "identifier": "https://orders.example.com",
                "signing_alg": "RS256",
                "permissions": ["read:orders", "create:orders", "delete:orders"],
            },
            {
                "name": "Billing",
                "identifier": "https://billing.example.com",
                "signing_alg": "RS256",
                "permissions": ["read:invoices", "send:invoices", "refund:payments"],
            },
            {
                "name": "Reports",
                "identifier": "https://reports.example.com",
                "signing_alg": "RS256",
                "permissions": ["read:reports", "export:reports", "schedule:reports"],
            },
        ],
        "applications": {"m2m": {}, "web": {}, "spa": {}, "legacy": {}, "native": {}, "partner": {}},
        "users": [{"email": "ada@example.com", "connection": "Username-Password-Authentication"}],
    }


def test_without_demo_there_is_the_management_client_and_nothing_else():
    answer = made()
    assert (answer["apis"], answer["applications"], answer["users"]) == ([], {}, [])
    assert "access_token" in token(answer, without_audience(answer), answer["management"]["audience"])


def without_audience(answer):
    return {name: value for name, value in answer["management"].items() if name != "audience"}


def test_the_demo_application_may_call_the_demo_api_and_the_web_one_may_not():
    answer = made("--demo")
    assert token(answer, answer["applications"]["m2m"], API_IDENTIFIER)["scope"] == "read:orders create:orders"
    assert token(answer, answer["applications"]["web"], API_IDENTIFIER)["error"] == "access_denied"


def test_the_demo_user_can_sign_in_to_the_default_directory():
    answer = made("--demo")
    user = User.objects.get(email="ada@example.com")
    assert user.check_password(answer["users"][0]["password"])
    assert Tenant.objects.get().default_directory == user.connection.name


def test_people_may_sign_in_to_the_demo_applications_and_stay_signed_in():
    made("--demo")
    signing_in = Application.objects.filter(connections__name="Username-Password-Authentication")
    assert set(signing_in.values_list("name", flat=True)) == {"Shop", "Order tracker", "Old till", "Courier", "Spendwise"}
    assert API.objects.get(identifier=API_IDENTIFIER).allow_offline_access


@pytest.mark.parametrize("development", [True, False])
def test_only_the_tenant_of_make_run_registers_a_demo_page(settings, development):
    settings.DEVELOPMENT = development
    run("umbrella", "http://localhost:8000", "--demo")
    run("demo", "auth.example.com", "--demo")
    run("demo", "http://localhost:9000", "--demo")
    registered = " ".join(Application.objects.values_list("redirect_uris", flat=True)).split()
    pages = [uri for uri in registered if "/demo/" in uri]
    assert pages == (["http://localhost:9000/demo/"] if development else [])


def test_a_second_run_changes_nothing_and_knows_no_secret_any_more():
    first, before = made("--demo"), rows()
    events = LogEvent.objects.count()
    second = made("--demo")
    assert rows() == before
    assert LogEvent.objects.count() == events
    for part in (second["management"], second["applications"]["m2m"], second["applications"]["web"]):
        assert part.pop("client_secret") is None
    assert second["users"][0].pop("password") is None
    assert second["management"]["client_id"] == first["management"]["client_id"]
    assert second["applications"]["spa"] == first["applications"]["spa"]
    assert "access_token" in token(first, first["applications"]["m2m"], API_IDENTIFIER)


def test_rotate_makes_every_secret_fresh_and_ends_the_old_ones():
    first = made("--demo")
    second = made("--demo", "--rotate")
    assert token(first, first["applications"]["m2m"], API_IDENTIFIER)["error"] == "access_denied"
    assert "access_token" in token(second, second["applications"]["m2m"], API_IDENTIFIER)
    assert without_audience(first) != without_audience(second)
    assert "access_token" in token(second, without_audience(second), second["management"]["audience"])
    assert User.objects.get(email="ada@example.com").check_password(second["users"][0]["password"])
    assert not User.objects.get(email="ada@example.com").check_password(first["users"][0]["password"])


def test_rotate_on_the_first_run_is_a_first_run():
    answer = made("--demo", "--rotate")
    assert "access_token" in token(answer, answer["applications"]["m2m"], API_IDENTIFIER)
    assert ClientSecret.objects.count() == 5


def test_a_demo_whose_api_was_deleted_is_mended():
    answer = made("--demo")
    delete_api(API.objects.get(identifier=API_IDENTIFIER), by=factories.BY)
    mended = made("--demo")
    assert mended["apis"][0]["identifier"] == API_IDENTIFIER
    assert token(answer, answer["applications"]["m2m"], API_IDENTIFIER)["scope"] == "read:orders create:orders"


def test_the_demo_has_what_an_operator_wants_to_see():
    made("--demo")
    applications = Application.objects.exclude(name__startswith="Management")
    assert set(applications.values_list("app_type", flat=True)) >= {"non_interactive", "regular_web", "spa", "native"}
    assert applications.get(is_first_party=False).name == "Spendwise"
    assert applications.get(enabled=False).name == "Courier"
    assert not Permission.objects.filter(description="").exists()
    assert dict(Role.objects.annotate(people=Count("users")).values_list("name", "people")) == {
        "Bookkeeper": 2,
        "Order desk": 2,
    }
    assert User.objects.filter(blocked=True).count() == 1


def test_no_client_grant_of_the_demo_has_every_permission():
    made("--demo")
    for grant in ClientGrant.objects.filter(api__is_system=False):
        assert 0 < grant.permissions.count() < grant.api.permissions.count(), grant


def test_a_second_domain_is_added_and_the_first_one_stays():
    first, second = made(), made("--rotate", domain="https://localhost:8443")
    assert (second["domain"], second["issuer"]) == ("localhost:8443", "https://localhost:8443/")
    assert second["management"]["audience"] == "https://localhost:8443/api/v2/"
    assert set(Domain.objects.values_list("host", flat=True)) == {first["domain"], second["domain"]}
    assert "access_token" in token(first, without_audience(second), first["management"]["audience"])


def test_the_text_for_people_names_issuer_and_secrets_once():
    secret_line = next(line for line in run().splitlines() if "management" in line)
    assert len(secret_line.split()[-1]) >= 43
    again = run("umbrella", "umbrella.example.com", "--demo")
    assert again.splitlines()[0] == "Tenant umbrella answers at https://umbrella.example.com/"
    assert "made earlier" in again
    assert "(public client)" in again
