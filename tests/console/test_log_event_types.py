"""Every type of event that the product records has words in the console. The codes are read from the source itself."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

from authserver import people_events, token_events
from tenants import audit
from tenants.admin.log_events import REFUSED, TYPES
from tenants.models import LogEvent
from tests.console.conftest import address

FLOORS = ("authserver", "apis", "tenants")
# Where the type of an event is computed; what it may be is read below.
COMPUTED = {"authserver/people_events.py", "authserver/token_events.py"}
# Tells of days that never were, in the words of the two above.
INVENTED = "authserver/demo_history/"


def recorded_types():
    """(file, type) of every `Event(type=…)` in the source; the type is None where it is computed."""
    root = Path(settings.BASE_DIR)
    for path in (path for floor in FLOORS for path in (root / floor).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and is_event(node.func) and (node.args or node.keywords):
                kind = next((keyword.value for keyword in node.keywords if keyword.arg == "type"), None)
                yield str(path.relative_to(root)), kind.value if isinstance(kind, ast.Constant) else None


def is_event(called):
    return getattr(called, "attr", getattr(called, "id", "")) == "Event"


def computed_types():
    """What `people_events` and `token_events` may say: constants, the table of exchanges, what the choice returns."""
    people = {value for name, value in vars(people_events).items() if name.isupper()}
    exchanges = {code for success, failure, _ in token_events._EXCHANGES.values() for code in (success, failure)}
    tree = ast.parse(Path(token_events.__file__).read_text())
    choice = next(node for node in ast.walk(tree) if getattr(node, "name", "") == "_refusal_type")
    returned = {
        node.value.value
        for node in ast.walk(choice)
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Constant)
    }
    return people | exchanges | returned


def test_every_code_that_is_recorded_has_words():
    written = {kind for _, kind in recorded_types() if kind}
    assert {"sapi", "consent"} <= written
    assert {"s", "fp", "seacft", "ferrt", "limit_wc"} <= computed_types()
    assert (written | computed_types()) - set(TYPES) == set()


def test_no_other_file_computes_the_type_of_an_event():
    assert {file for file, kind in recorded_types() if kind is None and not file.startswith(INVENTED)} == COMPUTED


def test_the_words_are_different_and_none_is_said_for_nothing():
    assert len(set(TYPES.values())) == len(TYPES)
    assert set(TYPES) - computed_types() - {kind for _, kind in recorded_types()} == set()


def test_the_filter_for_refusals_holds_every_type_that_says_no():
    assert set(REFUSED) == {code for code, words in TYPES.items() if re.search("refused|[Nn]ot |Locked|twice", words)}


@pytest.mark.parametrize("code", TYPES)
def test_a_type_is_said_in_words_on_the_list_the_page_and_the_filter(code, ada, acme):
    audit.record(audit.Event(type=code, tenant_id=acme.tenant.pk, description="happened"))
    event = acme.events(code)[0]
    shown = ada.get(address(LogEvent, "changelist", type=code))
    assert event in shown.context["cl"].result_list
    words = TYPES[code].replace("'", "&#x27;") if code != "sapi" else "happened"
    assert f">{words}</a>" in shown.content.decode()
    assert f'<option value="{code}" selected>' in shown.content.decode()
    page = ada.get(address(event, "change", event.pk)).content.decode()
    assert f"<h1>{words}</h1>" in page
    assert f"type <code>{code}</code>" in page
