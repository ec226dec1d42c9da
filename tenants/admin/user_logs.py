"""The tab Logs of a user: what they did lately and what was refused to them."""

from django.http import HttpRequest, HttpResponse

from tenants.admin.log_tab import log_tab, newest
from tenants.console.tabs import TabbedAdmin
from tenants.models import User

EMPTY = "This person has not done anything yet. Sign-ins, tokens and refusals will stand here."


def logs_tab(page: TabbedAdmin, request: HttpRequest, user: User) -> HttpResponse:
    """The tab."""
    events = newest(user.tenant_id, user_id=user.user_id)
    return log_tab(page, request, user, events, filters={"user": user.user_id}, empty=EMPTY)
