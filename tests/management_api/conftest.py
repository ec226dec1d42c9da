import pytest

from tests.conftest import World
from tests.management_api.caller import Caller, ready_caller


@pytest.fixture
def api2(acme: World) -> Caller:
    """A client of acme's Management API with every scope."""
    return ready_caller(acme)


@pytest.fixture
def other2(globex: World) -> Caller:
    """The same at the second tenant."""
    return ready_caller(globex)
