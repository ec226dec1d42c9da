"""The row that a page under an application's page is about, for those who may see it or change it."""

from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from apis.models import Application


def opened(page: Any, request: HttpRequest, object_id: str) -> Application:
    """The application with this quoted id. Raises Http404 for one that the operator may not see."""
    application: Application = page.get_object(request, unquote(object_id))
    return application


def changeable(page: Any, request: HttpRequest, object_id: str) -> Application:
    """The same. Raises PermissionDenied for those who may only look."""
    application = opened(page, request, object_id)
    if not page.has_change_permission(request, application):
        raise PermissionDenied
    return application
