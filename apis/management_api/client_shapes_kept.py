"""Members of Auth0's client that describe it and that no rule of ours looks at: kept in `Application.other_settings`.

What asks for something that would not happen is in `client_shapes_refused`.
"""

from typing import Any

from rest_framework import serializers

from apis import redirect_uris
from tenants.rest.fields import Choice, Flag, Items, Text
from tenants.rest.serializers import Body


class WebAddress(Text):
    """An https address."""

    def to_internal_value(self, data: Any) -> str:
        address = super().to_internal_value(data)
        if address and (not address.startswith("https://") or address.split() != [address]):
            raise serializers.ValidationError("Use one https address")
        if found := redirect_uris.problems(address, native=False):
            raise serializers.ValidationError(found[0])
        return address


class Android(Body):
    app_package_name = Text(max_length=255, required=False, allow_null=True)
    sha256_cert_fingerprints = Items(child=Text(max_length=255), max_length=50, required=False, allow_null=True)


class IOS(Body):
    team_id = Text(max_length=255, required=False, allow_null=True)
    app_bundle_identifier = Text(max_length=255, required=False, allow_null=True)


class Mobile(Body):
    """What an application is called on telephones."""

    android = Android(required=False, allow_null=True)
    ios = IOS(required=False, allow_null=True)


def _kept(name: str) -> dict[str, Any]:
    return {"source": f"other_settings.{name}", "required": False, "allow_null": True}


class KeptMembers(Body):
    """Written and read as they were sent; null removes one."""

    oidc_conformant = Flag(**_kept("oidc_conformant"), help_text="Recorded. Every application is OIDC conformant here.")
    custom_login_page_on = Flag(**_kept("custom_login_page_on"), help_text="Recorded. There is one login page.")
    sso = Flag(**_kept("sso"), help_text="Recorded. Single sign-on is always on.")
    initiate_login_uri = WebAddress(**_kept("initiate_login_uri"), max_length=2_048)
    cross_origin_loc = Text(**_kept("cross_origin_loc"), max_length=2_048)
    client_aliases = Items(**_kept("client_aliases"), child=Text(max_length=2_048), max_length=100)
    allowed_clients = Items(**_kept("allowed_clients"), child=Text(max_length=600), max_length=100)
    async_approval_notification_channels = Items(
        **_kept("async_approval_notification_channels"), child=Choice(choices=["guardian-push", "email"]), max_length=10
    )
    mobile = Mobile(**_kept("mobile"))
