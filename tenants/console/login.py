"""Logging in to the console: how often a password may be tried. Owns neither the check of the password nor the page."""

import math
from typing import Any

import structlog
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpResponse

from tenants.throttle import Limit, forgive, network, spend

logger = structlog.get_logger("latchkey.console")

WINDOW = 15 * 60
PER_ADDRESS = Limit("console login, address", tries=100, seconds=WINDOW)
PER_NAME = Limit("console login, name and address", tries=10, seconds=WINDOW)


class LoginForm(AdminAuthenticationForm):
    """Django's, which a name that is tried too often from one address does not get past. Known or not, any name counts."""

    wait = 0  # seconds, when there were too many attempts

    def clean(self) -> dict[str, Any]:
        """Checks the password, unless there were too many attempts. Raises ValidationError."""
        name, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not (name and password):
            return super().clean()
        address = network(self.request.META.get("REMOTE_ADDR", "") if self.request else "")
        # The address first: once it is locked, further names leave no rows.
        self.wait = spend(PER_ADDRESS, address) or spend(PER_NAME, name.casefold(), address)
        if self.wait:
            logger.warning("console_login_locked", name=name, address=address, wait=self.wait)
            raise ValidationError(f"Too many attempts to log in. Try again in {_minutes(self.wait)}.", code="locked")
        cleaned = super().clean()
        forgive(PER_NAME, name.casefold(), address)
        return cleaned


def answered(response: HttpResponse) -> HttpResponse:
    """The login page in `response`, with 429 and Retry-After (RFC 6585 §4) when there were too many attempts."""
    form = (getattr(response, "context_data", None) or {}).get("form")
    if isinstance(form, LoginForm) and form.wait:
        response.status_code = 429
        response.headers["Retry-After"] = str(form.wait)
    return response


def _minutes(seconds: int) -> str:
    minutes = math.ceil(seconds / 60)
    return "1 minute" if minutes == 1 else f"{minutes} minutes"
