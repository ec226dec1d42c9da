"""What somebody does in the console who never saw it, going by what stands on the pages: each task of the console's issue.

Clicks are counted as they fall, ticks and forms that are sent among them; typing is free. All with scripts on and off.
"""

import re
from typing import Any

import pytest

from tenants.services import update_connection
from tests import factories
from tests.browser.operator import Operator, make_operator
from tests.browser.person import Person
from tests.factories import BY
from tests.people import People

ORDERS = "https://orders.example.com"
MOST_CLICKS = 12

pytestmark = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


@pytest.fixture
def empty_tenant(transactional_db: None, servers: dict[str, Any]) -> None:
    """A tenant in which nothing is set up, and an admin of it."""
    make_operator(factories.make_tenant("acme", servers["product"], friendly_name="Acme"))


@pytest.fixture
def tenant(sites: dict[str, Any], ada: People) -> People:
    """A tenant with an API, a warehouse that may call it, two applications that people sign in to, and an admin of it."""
    make_operator(ada.world.tenant)
    factories.grant(ada.world.application, ada.world.api)
    factories.make_application(ada.world.tenant, "Reporting")
    update_connection(ada.connection, by=BY, is_domain_connection=True)
    return ada


def create_api(operator: Operator) -> None:
    operator.click("Create an API")
    operator.type("Name", "Orders")
    operator.type("Identifier", ORDERS)
    operator.click("Add this API")


def add_permission(operator: Operator, value: str, description: str) -> None:
    operator.page.get_by_label("Value").fill(value)
    operator.page.get_by_label("Description").fill(description)
    operator.click("Add permission")


def test_from_an_empty_tenant_to_a_decoded_token(
    person: Person, empty_tenant: None, servers: dict[str, Any], scripts: bool
) -> None:
    operator = Operator(person, servers["product"])
    operator.sees("Welcome to Acme")
    create_api(operator)
    add_permission(operator, "read:orders", "Read your orders")
    operator.click("Register a new application")
    operator.type("What is it called?", "Warehouse")
    operator.click("Create application")
    operator.click("Next: let it call an API")
    operator.tick("Orders: For itself")
    operator.tick("read:orders")
    operator.click("Review changes")
    operator.click("Confirm")
    operator.sees("May get")
    operator.click("Get a token")
    operator.sees("May call this API")
    operator.click("Send")
    operator.sees("The token, decoded", "Verified with the published keys", "What it allows")
    assert operator.clicks <= MOST_CLICKS


def test_an_api_with_two_permissions_is_created(
    person: Person, empty_tenant: None, servers: dict[str, Any], scripts: bool
) -> None:
    operator = Operator(person, servers["product"])
    create_api(operator)
    operator.sees("No permissions yet.")
    add_permission(operator, "read:orders", "Read your orders")
    add_permission(operator, "create:orders", "Place orders for you")
    for value, sentence in (("read:orders", "Read your orders"), ("create:orders", "Place orders for you")):
        row = operator.page.get_by_role("row").filter(has_text=value)
        assert sentence in row.inner_text()
    assert operator.clicks <= 4


def test_an_application_is_let_call_an_api_and_gets_a_token(
    person: Person, tenant: People, servers: dict[str, Any], scripts: bool
) -> None:
    operator = Operator(person, servers["product"])
    operator.click("APIs", "link")
    operator.click("Orders", "link")
    operator.click("Test")
    choose(operator, "Reporting")
    operator.sees("Would be refused", "Not switched on.")
    operator.click("Applications", "link", nth=1)
    operator.tick("Reporting: For itself")
    boxes(operator, "Reporting").get_by_role("checkbox", name="read:orders").check()
    operator.click("Review changes")
    operator.sees("This will change", "Afterwards: May get read:orders.")
    operator.click("Confirm")
    operator.page.get_by_role("listitem").filter(has_text="Reporting").get_by_role("link", name="Get a token").click()
    operator.click("Send")
    operator.sees("Reporting gets a token for Orders.", "Verified with the published keys")
    assert '"read:orders"' in operator.page.get_by_role("row").filter(has_text="scope").first.inner_text()


def choose(operator: Operator, name: str) -> None:
    """Chooses another application on the test tab."""
    operator.page.get_by_text("Choose another application").click()
    operator.page.get_by_label("Name or client ID").fill(name)
    operator.click("Search")
    operator.click(name, "link")


def boxes(operator: Operator, name: str) -> Any:
    """The row of the switches with this name."""
    return operator.page.get_by_role("listitem").filter(has=operator.page.get_by_role("heading", name=name, exact=True))


def test_from_the_reference_of_an_error_page_to_the_setting_that_decided(
    person: Person, tenant: People, servers: dict[str, Any], scripts: bool
) -> None:
    wrong = "https://elsewhere.example.com/callback"
    asked = f"response_type=code&client_id={tenant.web.client_id}&redirect_uri={wrong}"
    assert person.open(f"{servers['product']}/authorize?{asked}").status == 400
    told = re.search(r"Reference: (\w+)", person.page.inner_text("body"))
    assert told
    operator = Operator(person, servers["product"])
    operator.click("Logs")
    operator.page.get_by_placeholder("Reference").fill(told[1])
    operator.click("Search")
    operator.sees("Sign-in refused", f"Add {wrong} to the callback URLs of the application")
    operator.click("Open the callback URLs")
    addresses = operator.page.get_by_label("Callback URLs")
    addresses.fill(f"{addresses.input_value()}\n{wrong}")
    operator.click("Save")
    assert operator.clicks <= 4
    person.open(f"{servers['product']}/authorize?{asked}")
    assert person.path == "/u/login"


def test_a_secret_is_rotated_without_a_pause(person: Person, tenant: People, servers: dict[str, Any], scripts: bool) -> None:
    old = tenant.world.secret
    operator = Operator(person, servers["product"])
    operator.click("Applications", "link")
    operator.click("Warehouse", "link")
    operator.click("Credentials")
    operator.click("Add a secret")
    operator.sees("both work")
    operator.page.get_by_role("button", name=re.compile("Add|new secret")).first.click()
    new = operator.reads("Client secret")
    assert (token(person, tenant, servers, old), token(person, tenant, servers, new)) == (200, 200)
    operator.page.get_by_role("link", name=re.compile("I have copied it")).click()
    operator.click("Credentials")
    operator.sees("In use", "Ends in")
    operator.page.get_by_role("row").filter(has_text=old[-4:]).get_by_role("link", name="End now").click()
    operator.page.get_by_role("main").get_by_role("button").first.click()
    operator.sees("Ended")
    assert (token(person, tenant, servers, old), token(person, tenant, servers, new)) == (401, 200)


def token(person: Person, tenant: People, servers: dict[str, Any], secret: str) -> int:
    """How the token endpoint answers the warehouse with `secret`."""
    asked = {"grant_type": "client_credentials", "client_id": tenant.world.application.client_id, "audience": ORDERS}
    return int(person.page.request.post(f"{servers['product']}/oauth/token", form=asked | {"client_secret": secret}).status)


def test_a_consent_is_taken_back(
    person: Person, tenant: People, sites: dict[str, Any], servers: dict[str, Any], scripts: bool
) -> None:
    sign_in = f"{sites['shop'].origin}/login?flow=code"
    person.open(sign_in)
    person.log_in()
    person.allow()
    operator = Operator(person, servers["product"])
    operator.click("People")
    operator.page.get_by_role("link", name=re.compile("^ada@example.com")).click()
    operator.click("Sign-ins")
    row = operator.page.get_by_role("row").filter(has_text="read:orders").filter(has_text="Shop")
    row.get_by_role("link", name="Take back").click()
    operator.sees("the person is asked again")
    operator.click("Take back")
    operator.sees("This person was not asked yet, or took everything back.")
    person.open(sign_in)
    assert person.path == "/u/consent"
