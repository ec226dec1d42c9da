"""An operator sees that an application registered itself, and decides about it like about any other."""

from apis.models import Application
from authserver.models import ClientRegistration
from tests.console.conftest import address
from tests.registrations import refused

TITLE = "Registered by itself"


def page(console, application):
    return console.get(address(Application, "change", application.pk)).content.decode()


def test_the_page_of_an_application_that_registered_itself_says_so_and_no_other_does(ada, newcomer):
    made = newcomer.registers(ip="198.51.100.7", software_id="editor", software_version="2.1")
    shown = page(ada, newcomer.row(made))
    assert TITLE in shown
    assert "198.51.100.7" in shown
    assert "editor 2.1" in shown
    assert made["registration_access_token"] not in shown
    assert TITLE not in page(ada, newcomer.world.application)


def test_what_an_application_says_of_itself_is_text(ada, newcomer):
    made = newcomer.registers(software_id="<script>alert(1)</script>")
    assert "<script>alert(1)" not in page(ada, newcomer.row(made))


def test_an_operator_of_another_tenant_does_not_see_it(ada, grace, newcomer):
    application = newcomer.row(newcomer.registers())
    url = address(Application, "change", application.pk)
    assert (ada.get(url).status_code, grace.get(url).status_code) == (200, 404)


def test_an_operator_deletes_it_and_its_token_is_worth_nothing(ada, newcomer):
    made = newcomer.registers()
    application = newcomer.row(made)
    ada.post(address(application, "disable", application.pk))
    ada.submit(address(Application, "delete", application.pk), name=application.name)
    assert not ClientRegistration.objects.exists()
    assert refused(newcomer.reads(made)) == (401, "invalid_token")
