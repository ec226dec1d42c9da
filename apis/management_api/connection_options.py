"""`options` of a database connection: which are switches of ours, which are kept, which would be lies (`wire.md` §2.6).

A rule for passwords, a second factor or a script that nobody runs is refused: whoever sets it relies on it.
"""

from typing import Any

from rest_framework import serializers

from tenants import passwords
from tenants.models import Connection
from tenants.password_policies import PasswordPolicy
from tenants.rest.fields import Choice, Document, Flag, Items, Text, Unsupported, Whole
from tenants.rest.serializers import Body

_COMPOSITION = (
    f"Passwords have at least {passwords.MIN_LENGTH} characters and are none that many people use; there are no rules about "
    "the kinds of characters"
)
_HISTORY = "Earlier passwords are not remembered"
_PERSONAL = "Of personal data only the e-mail address is looked for in passwords"
_DICTIONARY = "The list of common passwords is built in and takes no words"
_PASSWORD_ONLY = "People sign in with e-mail and password only"
_NO_SCRIPTS = "There are no database scripts: users live in this server"


class Switch(Body):
    """`{enabled: false}`: something that is not there."""

    enabled = Unsupported(_PASSWORD_ONLY, harmless=[False], kept=True)


class PasswordMethod(Body):
    enabled = Unsupported(_PASSWORD_ONLY, harmless=[True], kept=True)
    api_behavior = Unsupported("A user of the API has a password", harmless=["required"], kept=True)
    signup_behavior = Unsupported("disable_signup closes the sign-up", harmless=["allow"], kept=True)


class AuthenticationMethods(Body):
    password = PasswordMethod(required=False)
    passkey = Switch(required=False)
    email_otp = Switch(required=False)
    phone_otp = Switch(required=False)


class PasskeyOptions(Body):
    """Of no effect, as passkeys cannot be switched on."""

    challenge_ui = Choice(choices=["both", "autofill", "button"], required=False)
    progressive_enrollment_enabled = Flag(required=False)
    local_enrollment_enabled = Flag(required=False)


class MFA(Body):
    active = Flag(required=False, help_text="Of no effect: the tenant has no second factor that could be asked for.")
    return_enroll_settings = Flag(required=False)


class Off(Body):
    """A rule for passwords that is off."""

    enable = Unsupported(_HISTORY, harmless=[False], kept=True)
    size = Whole(required=False, min_value=0, max_value=24)


class PersonalInfo(Body):
    enable = Unsupported(_PERSONAL, harmless=[False], kept=True)


class Dictionary(Body):
    """Common passwords are always refused, so asking for it is true."""

    enable = Flag(required=False)
    dictionary = Unsupported(_DICTIONARY, harmless=[[]], kept=True)


class MinimumLength(Body):
    min_length = Whole(required=False, min_value=1)

    def validate_min_length(self, value: int) -> int:
        if value > passwords.MIN_LENGTH:
            raise serializers.ValidationError(_COMPOSITION)
        return value


class Complexity(MinimumLength):
    character_types = Unsupported(_COMPOSITION, harmless=[[]], kept=True)
    character_type_rule = Unsupported(_COMPOSITION, harmless=["all"], kept=True)
    identical_characters = Unsupported(_COMPOSITION, harmless=["allow"], kept=True)
    sequential_characters = Unsupported(_COMPOSITION, harmless=["allow"], kept=True)
    max_length_exceeded = Unsupported("A password that is too long is refused", harmless=["error"], kept=True)


class ProfileData(Body):
    active = Unsupported(_PERSONAL, harmless=[False], kept=True)
    blocked_fields = Items(child=Text(max_length=100), required=False, max_length=12)


class History(Body):
    active = Unsupported(_HISTORY, harmless=[False], kept=True)
    size = Whole(required=False, min_value=1, max_value=24)


class DictionaryOptions(Body):
    active = Flag(required=False)
    default = Unsupported("The built-in list has 20,000 passwords", harmless=["en_10k"], kept=True)
    custom = Unsupported(_DICTIONARY, harmless=[[]], kept=True)


class PasswordOptions(Body):
    complexity = Complexity(required=False)
    profile_data = ProfileData(required=False)
    history = History(required=False)
    dictionary = DictionaryOptions(required=False)


class ConnectionOptions(Body):
    """What Auth0 knows of a database connection. `disable_signup` and `brute_force_protection` are ours."""

    disable_signup = Flag(required=False, allow_null=True, help_text="People cannot make accounts of their own.")
    brute_force_protection = Flag(
        required=False, allow_null=True, help_text="Lock an address out after ten wrong passwords for an account."
    )
    strategy_version = Unsupported("The strategy has one version", harmless=[2], kept=True)
    passwordPolicy = Choice(choices=PasswordPolicy.values, required=False, allow_null=True)  # noqa: N815 - Auth0's name
    password_complexity_options = MinimumLength(required=False, allow_null=True)
    password_history = Off(required=False, allow_null=True)
    password_no_personal_info = PersonalInfo(required=False, allow_null=True)
    password_dictionary = Dictionary(required=False, allow_null=True)
    password_options = PasswordOptions(required=False, allow_null=True)
    mfa = MFA(required=False, allow_null=True)
    authentication_methods = AuthenticationMethods(required=False, allow_null=True)
    passkey_options = PasskeyOptions(required=False, allow_null=True)
    attributes = Unsupported("People are known by their e-mail address only")
    precedence = Unsupported("People are known by their e-mail address only", harmless=[["email"]], kept=True)
    requires_username = Unsupported("People are known by their e-mail address only", harmless=[False], kept=True)
    validation = Document(required=False, allow_null=True, help_text="Of user names, of which there are none.")
    import_mode = Unsupported(_NO_SCRIPTS, harmless=[False], kept=True)
    enabledDatabaseCustomization = Unsupported(_NO_SCRIPTS, harmless=[False], kept=True)  # noqa: N815 - Auth0's name
    enable_script_context = Unsupported(_NO_SCRIPTS, harmless=[False], kept=True)
    customScripts = Unsupported(_NO_SCRIPTS, harmless=[{}], kept=True)  # noqa: N815 - Auth0's name
    configuration = Unsupported(_NO_SCRIPTS, harmless=[{}])
    custom_password_hash = Unsupported(_NO_SCRIPTS)
    non_persistent_attrs = Unsupported("Every attribute of a user is stored", harmless=[[]], kept=True)
    set_user_root_attributes = Choice(choices=["on_each_login", "on_first_login", "never_on_login"], required=False)
    realm_fallback = Unsupported("A realm is looked for under its own name only", harmless=[False], kept=True)
    upstream_params = Unsupported("There is no other identity provider behind this connection", harmless=[{}], kept=True)
    disable_self_service_change_password = Flag(required=False, help_text="There is no such page yet.")


DEFAULTS: dict[str, Any] = {
    "mfa": {"active": False, "return_enroll_settings": True},
    "strategy_version": 2,
    "authentication_methods": {"password": {"enabled": True, "api_behavior": "required"}, "passkey": {"enabled": False}},
    "passkey_options": {
        "challenge_ui": "both",
        "local_enrollment_enabled": True,
        "progressive_enrollment_enabled": True,
    },
    # The deploy tool adds it to what it sends.
    "disable_self_service_change_password": False,
}


def shown_options(connection: Connection) -> dict[str, Any]:
    """`options` as an answer has them."""
    kept: dict[str, Any] = connection.other_options.get("options", {})
    # The two forms of password rules exclude each other in what tools send back.
    policy = {} if "password_options" in kept else {"passwordPolicy": connection.password_policy}
    ours = {
        "disable_signup": connection.disable_signup,
        "brute_force_protection": connection.brute_force_protection,
    }
    return DEFAULTS | kept | policy | ours


def written_options(options: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """`options` of a body, which replace all of them, as columns and as what is kept."""
    switches = {
        "disable_signup": options.get("disable_signup") is True,
        "brute_force_protection": options.get("brute_force_protection") is not False,
        "password_policy": options.get("passwordPolicy") or PasswordPolicy.LOW,
    }
    ours = switches.keys() | {"passwordPolicy"}
    return switches, {name: value for name, value in options.items() if name not in ours and value is not None}
