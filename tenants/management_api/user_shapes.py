"""The user as /api/v2 writes and reads it (`wire.md` §2.6). A password is written only; no hash is ever read."""

from typing import Any

from rest_framework import serializers

from tenants import profile
from tenants.models import User
from tenants.rest.fields import Document, Flag, Items, Moment, Text, Unsupported, Whole
from tenants.rest.serializers import Body

NO_MAIL = "No mail is sent: set email_verified to what you know"
# Auth0 changes one of them at a time; whoever sends two at once has a program that would not work there.
ONE_AT_A_TIME = ("email", "phone_number", "password")


class UserProfile(Body):
    """What a new user and a change of one have in common."""

    email_verified = Flag(required=False)
    name = Text(required=False, max_length=300, allow_null=True)
    given_name = Text(required=False, max_length=150, allow_null=True)
    family_name = Text(required=False, max_length=150, allow_null=True)
    nickname = Text(required=False, max_length=300, allow_null=True)
    picture = Text(required=False, max_length=2_048, allow_null=True, help_text="An address.")
    phone_number = Text(required=False, max_length=40, allow_null=True)
    phone_verified = Flag(required=False)
    blocked = Flag(required=False, help_text="Nobody signs in; sessions and tokens end at once.")
    user_metadata = Document(required=False, allow_null=True)
    app_metadata = Document(required=False, allow_null=True)
    username = Unsupported("A directory knows people by their e-mail address: there are no user names")
    verify_email = Unsupported(NO_MAIL, harmless=[False])
    cleared = dict.fromkeys(("name", "given_name", "family_name", "nickname", "picture", "phone_number"), "") | {
        "user_metadata": dict,
        "app_metadata": dict,
    }


class UserPost(UserProfile):
    connection = Text(max_length=128, help_text="Name of the directory.")
    email = Text(max_length=254)
    password = Text()
    user_id = Text(
        required=False, max_length=200, source="chosen_id", help_text="What stands behind auth0| in the user's id."
    )


class UserPatch(UserProfile):
    """Members of the metadata are merged, null deletes one; an empty object deletes them all."""

    connection = Text(required=False, max_length=128, help_text="Name of the user's own directory.")
    email = Text(required=False, max_length=254, allow_blank=False)
    password = Text(required=False)
    client_id = Text(required=False, max_length=64, help_text="Accepted without effect: it would choose a mail's text.")
    verify_phone_number = Unsupported("No text message is sent", harmless=[False])
    verify_password = Unsupported(NO_MAIL, harmless=[False])

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs.pop("client_id", None)
        if len(both := [name for name in ONE_AT_A_TIME if name in attrs]) > 1:
            raise serializers.ValidationError({"": [f"Cannot update {' and '.join(both)} simultaneously"]})
        return attrs


class IdentityShape(Body):
    user_id = Text(help_text="The user's id without auth0|.")
    connection = Text()
    provider = Text()
    isSocial = Flag()  # noqa: N815 - Auth0's name

    def to_representation(self, instance: User) -> dict[str, Any]:
        provider, _, user_id = instance.user_id.partition("|")
        return {"user_id": user_id, "connection": instance.connection.name, "provider": provider, "isSocial": False}


class Identities(Items):
    """The one identity that a user of a database connection has."""

    child = IdentityShape()

    def get_attribute(self, instance: User) -> list[User]:
        return [instance]


class UserAnswer(Body):
    """A user. What was never set is left out, but for the names, which then come from the e-mail."""

    user_id = Text()
    email = Text()
    email_verified = Flag()
    name = Text()
    nickname = Text()
    given_name = Text()
    family_name = Text()
    picture = Text()
    phone_number = Text()
    phone_verified = Flag()
    user_metadata = Document()
    app_metadata = Document()
    identities = Identities()
    blocked = Flag()
    last_ip = Text()
    last_login = Moment()
    last_password_reset = Moment()
    logins_count = Whole()
    created_at = Moment()
    updated_at = Moment()

    def to_representation(self, instance: User) -> dict[str, Any]:
        shown = super().to_representation(instance)
        shown["name"] = profile.shown_name(instance.name, instance.email)
        shown["nickname"] = profile.shown_nickname(instance.nickname, instance.email)
        unset = {name for name in ("user_metadata", "app_metadata", "blocked") if not shown[name]}
        unset |= set() if instance.phone_number else {"phone_verified"}
        return {name: value for name, value in shown.items() if name not in unset}
