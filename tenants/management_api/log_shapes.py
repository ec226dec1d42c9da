"""A log event as /api/v2 shows it (`wire.md` §2.6), for /logs and for what a user did. Owns no query."""

from rest_framework import serializers

from tenants.models import LogEvent
from tenants.rest.fields import Document, Moment, Text
from tenants.rest.serializers import Body

# Auth0's log ids are that long; tools compare them as text, so the zeros keep later ones greater.
LOG_ID_DIGITS = 54


def log_id(event: LogEvent) -> str:
    """The public id of `event`: its number, with zeros in front."""
    return f"{event.pk:0{LOG_ID_DIGITS}}"


class LogAnswer(Body):
    """What happened. Members that say nothing are left out; the context has the `view`."""

    date = Moment()
    type = Text(help_text="Auth0's code: s is a login, fp a wrong password, seccft a machine's token, and so on.")
    description = Text()
    connection = serializers.SerializerMethodField(help_text="Name of the connection, where the event is about one.")
    client_id = Text()
    client_name = Text()
    ip = Text()
    hostname = Text()
    user_agent = Text()
    user_id = Text()
    user_name = Text()
    audience = Text()
    scope = Text()
    details = Document()
    log_id = serializers.SerializerMethodField(help_text="54 digits; a later event has a greater one.")
    _id = serializers.SerializerMethodField(method_name="get_log_id", help_text="The same.")
    isMobile = serializers.SerializerMethodField(method_name="get_is_mobile")  # noqa: N815 - Auth0's name
    tenant_name = serializers.SerializerMethodField()

    def get_connection(self, event: LogEvent) -> str | None:
        name = event.details.get("connection")
        return name if isinstance(name, str) else None

    def get_log_id(self, event: LogEvent) -> str:
        return log_id(event)

    def get_is_mobile(self, event: LogEvent) -> bool:
        # The word that every browser of a telephone says of itself.
        return "Mobi" in event.user_agent

    def get_tenant_name(self, event: LogEvent) -> str:
        return str(self.context["view"].http.tenant.name)
