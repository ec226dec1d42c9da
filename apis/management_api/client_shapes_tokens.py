"""What a client says of its ID tokens and refresh tokens in /api/v2, written and answered (`wire.md` §2.6)."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from apis.models import Application, IDTokenAlg, RotationType
from tenants.rest.fields import Choice, Flag, Text, Unsupported, Whole
from tenants.rest.serializers import Body

LONGEST_ID_TOKEN = 2_592_000
LONGEST_REFRESH_TOKEN = 157_788_000
EXPIRING, NON_EXPIRING = "expiring", "non-expiring"


class Replaced(Body):
    """An object inside the client that says all of itself: what it leaves out is as in `unset`, and null clears all."""

    unset: Mapping[str, Any] = {}

    def to_internal_value(self, data: Any) -> Any:
        said = {} if data is None else super().to_internal_value(data)
        return {**self.unset, **{column: value for column, value in said.items() if value is not None}}


class JWTConfiguration(Replaced):
    """How its ID tokens are made."""

    alg = Choice(choices=IDTokenAlg.values, source="id_token_alg", required=False, allow_null=True)
    lifetime_in_seconds = Whole(
        source="id_token_lifetime", min_value=1, max_value=LONGEST_ID_TOKEN, required=False, allow_null=True
    )
    secret_encoded = Unsupported("Client secrets are used as they are, not decoded from base64", harmless=[False])
    scopes = Unsupported("Scopes of delegation are not supported", harmless=[{}])
    unset = {"id_token_alg": IDTokenAlg.RS256, "id_token_lifetime": 36_000}


class RefreshTokenConfiguration(Replaced):
    """How its refresh tokens live. Seconds."""

    rotation_type = Choice(choices=RotationType.values, source="refresh_token_rotation")
    expiration_type = Choice(choices=[EXPIRING, NON_EXPIRING])
    leeway = Whole(source="refresh_token_leeway", min_value=0, max_value=300, required=False, allow_null=True)
    token_lifetime = Whole(
        source="refresh_token_lifetime", min_value=1, max_value=LONGEST_REFRESH_TOKEN, required=False, allow_null=True
    )
    idle_token_lifetime = Whole(
        source="refresh_token_idle_lifetime", min_value=1, max_value=LONGEST_REFRESH_TOKEN, required=False, allow_null=True
    )
    infinite_token_lifetime = Flag(source="infinite_refresh_token_lifetime", required=False, allow_null=True)
    infinite_idle_token_lifetime = Flag(source="infinite_refresh_token_idle_lifetime", required=False, allow_null=True)
    policies = Unsupported("Refresh tokens for several APIs are not supported", harmless=[[]])
    unset = {
        "refresh_token_rotation": "",
        "refresh_token_leeway": 0,
        "refresh_token_lifetime": 2_592_000,
        "refresh_token_idle_lifetime": 1_296_000,
        "infinite_refresh_token_lifetime": False,
        "infinite_refresh_token_idle_lifetime": False,
    }

    def to_internal_value(self, data: Any) -> Any:
        """The two flags say all of it; `expiration_type` is a word for both of them, and must not contradict them."""
        values = super().to_internal_value(data)
        flags = ("infinite_refresh_token_lifetime", "infinite_refresh_token_idle_lifetime")
        said = values.pop("expiration_type", EXPIRING)
        if said == NON_EXPIRING:
            return values | dict.fromkeys(flags, True)
        if all(values[flag] for flag in flags):
            raise serializers.ValidationError({"expiration_type": ["Nothing expires where both lifetimes are infinite"]})
        return values


class JWTConfigurationAnswer(Body):
    alg = Text(source="id_token_alg")
    lifetime_in_seconds = Whole(source="id_token_lifetime")
    secret_encoded = serializers.SerializerMethodField()

    def get_secret_encoded(self, application: Application) -> bool:
        return False


class ClientRefreshTokenAnswer(Body):
    """What is true of its refresh tokens, also where nothing was chosen."""

    rotation_type = serializers.SerializerMethodField()
    expiration_type = serializers.SerializerMethodField()
    leeway = Whole(source="refresh_token_leeway")
    token_lifetime = Whole(source="refresh_token_lifetime")
    idle_token_lifetime = Whole(source="refresh_token_idle_lifetime")
    infinite_token_lifetime = Flag(source="infinite_refresh_token_lifetime")
    infinite_idle_token_lifetime = Flag(source="infinite_refresh_token_idle_lifetime")

    def get_rotation_type(self, application: Application) -> str:
        return str(RotationType.ROTATING if application.rotates_refresh_tokens else RotationType.NON_ROTATING)

    def get_expiration_type(self, application: Application) -> str:
        endless = application.infinite_refresh_token_lifetime and application.infinite_refresh_token_idle_lifetime
        return NON_EXPIRING if endless else EXPIRING
