"""A connection as /api/v2 writes and reads it (`wire.md` §2.6). Its `options` are `connection_options`."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from rest_framework import serializers

from apis.management_api.connection_options import ConnectionOptions, shown_options, written_options
from apis.models import Application
from apis.services.connections import applications_of
from tenants.models import Connection
from tenants.models.scoping import HasId
from tenants.rest.fields import Choice, Document, Flag, Items, Moment, Text, Unsupported
from tenants.rest.serializers import Body, CheckpointQuery, FieldsQuery, Query

STRATEGY = "auth0"
# Members without a rule, beside `options`.
KEPT = ("display_name", "show_as_button", "metadata")
MAX_METADATA = 10
# What a statement can name: SQLite stops at 32,766.
MAX_CLIENTS = 10_000


class Authentication(Body):
    active = Unsupported("A connection is for signing in: switch it off for the applications", harmless=[True])


class ConnectedAccounts(Body):
    active = Unsupported("Accounts elsewhere cannot be connected", harmless=[False])
    cross_app_access = Unsupported("Accounts elsewhere cannot be connected", harmless=[False])


class Metadata(Document):
    """Up to ten names with text."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        metadata = super().to_internal_value(data)
        short = all(isinstance(text, str) and len(text) <= 255 for pair in metadata.items() for text in pair)
        if not short or len(metadata) > MAX_METADATA:
            raise serializers.ValidationError(f"At most {MAX_METADATA} names with text, of 255 characters each")
        return metadata


class ConnectionPatch(Body):
    """What may change: everything but name and strategy. `options` replaces all of them."""

    options = ConnectionOptions(required=False)
    enabled_clients = Items(
        child=Text(max_length=255),
        required=False,
        max_length=MAX_CLIENTS,
        help_text="client_ids, which replace all others.",
    )
    is_domain_connection = Flag(required=False, help_text="Third-party applications may sign people in here.")
    display_name = Text(required=False, allow_null=True, max_length=128)
    show_as_button = Flag(required=False, allow_null=True)
    metadata = Metadata(required=False, allow_null=True)
    realms = Items(child=Text(max_length=128), required=False, max_length=10, help_text="The name, and nothing else.")
    authentication = Authentication(required=False)
    connected_accounts = ConnectedAccounts(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """What the services take: columns, `kept` (null takes a member away) and `enabled_clients`."""
        values: dict[str, Any] = {
            name: attrs[name] for name in ("name", "is_domain_connection", "enabled_clients", "realms") if name in attrs
        }
        kept = {name: attrs[name] for name in KEPT if name in attrs}
        if "options" in attrs:
            switches, kept["options"] = written_options(attrs["options"])
            values |= switches
        return values | {"kept": kept}


class ConnectionPost(ConnectionPatch):
    name = Text(max_length=128)
    strategy = Choice(choices=[STRATEGY], help_text="The database strategy is the only one.")


class ConnectionAnswer(Body):
    id = Text()
    name = Text()
    display_name = serializers.SerializerMethodField()
    strategy = serializers.SerializerMethodField()
    options = serializers.SerializerMethodField()
    is_domain_connection = Flag()
    show_as_button = serializers.SerializerMethodField()
    metadata = serializers.SerializerMethodField()
    authentication = serializers.SerializerMethodField()
    connected_accounts = serializers.SerializerMethodField()
    enabled_clients = serializers.SerializerMethodField(help_text="client_ids of the applications that use it.")
    realms = serializers.SerializerMethodField()

    def get_display_name(self, connection: Connection) -> str | None:
        name: str | None = connection.other_options.get("display_name")
        return name

    def get_strategy(self, connection: Connection) -> str:
        return STRATEGY

    def get_options(self, connection: Connection) -> dict[str, Any]:
        return shown_options(connection)

    def get_show_as_button(self, connection: Connection) -> bool | None:
        shown: bool | None = connection.other_options.get("show_as_button")
        return shown

    def get_metadata(self, connection: Connection) -> dict[str, str] | None:
        metadata: dict[str, str] | None = connection.other_options.get("metadata")
        return metadata

    def get_authentication(self, connection: Connection) -> dict[str, bool]:
        return {"active": True}

    def get_connected_accounts(self, connection: Connection) -> dict[str, bool]:
        return {"active": False}

    def get_enabled_clients(self, connection: Connection) -> list[str]:
        return [application.client_id for application in applications_of(connection).all()]

    def get_realms(self, connection: Connection) -> list[str]:
        return [connection.name]


class ConnectionQuery(FieldsQuery):
    pass


class ConnectionsQuery(FieldsQuery, CheckpointQuery):
    name = serializers.CharField(required=False, help_text="Exactly this name.")
    strategy = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Only these; there is but auth0."
    )


class ClientSwitch(Body):
    client_id = Text(required=True, max_length=255)
    status = Flag(required=True, help_text="Whether people of the connection may sign in to this client.")


class EnabledClient(Body):
    client_id = Text()


class DeletedConnection(Body):
    deleted_at = Moment()


class EmailQuery(Query):
    email = serializers.CharField(max_length=254)


def shown_connections(tenant: HasId) -> QuerySet[Connection]:
    """The connections of `tenant` with the client_ids of their applications: two statements, however many."""
    names_only = Application.objects.only("id", "client_id").order_by("id")
    return Connection.objects.of(tenant).prefetch_related(Prefetch("applications", queryset=names_only))
