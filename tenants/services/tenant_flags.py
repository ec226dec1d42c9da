"""Which flags a tenant may carry: ours, which do something, and Auth0's others, as far as what they ask for is true here.

The tools send back what they exported from an Auth0 tenant. A flag that asks for nothing is kept for them; one that would
promise what nobody does is refused.
"""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from tenants.models.tenant import FLAGS

_EITHER = (False, True)
# About things that are not here at all (other identity providers, second factors, telephone messages, Auth0's own
# dashboard), so that neither value changes anything.
_WITHOUT_OBJECT = (
    "allow_changing_enable_sso",
    "cannot_change_enforce_client_authentication_on_passwordless_start",
    "custom_domains_provisioning",
    "dashboard_insights_view",
    "dashboard_log_streams_next",
    "disable_fields_map_fix",
    "disable_impersonation",
    "disable_management_api_sms_obfuscation",
    "enable_adfs_waad_email_verification",
    "enable_pipeline2",
    "enforce_client_authentication_on_passwordless_start",
    "genai_trial",
    "local_resource_discovery",
    "mfa_show_factor_list_on_enrollment",
    "no_disclose_enterprise_connections",
    "trust_azure_adfs_email_verified_connection_property",
)
# What these switch on is not here.
_OFF = (
    "allow_legacy_delegation_grant_types",
    "allow_legacy_ro_grant_types",
    "allow_legacy_tokeninfo_endpoint",
    "change_pwd_flow_v1",
    "disable_clickjack_protection_headers",
    "enable_custom_domain_in_emails",
    "enable_idtoken_api2",
    "enable_legacy_profile",
    "improved_signup_bot_detection_in_classic",
    "require_pushed_authorization_requests",
    "require_signed_request_object",
    "revoke_refresh_token_grant",
)
# Flag → the values that are true of this server.
HARMLESS_FLAGS: Mapping[str, tuple[bool, ...]] = {
    **dict.fromkeys(_WITHOUT_OBJECT, _EITHER),
    **dict.fromkeys(_OFF, (False,)),
    # People who are signed in are signed in to every application.
    "enable_sso": (True,),
}


def refuse_untrue_flags(flags: Any) -> None:
    """Raises ValidationError for an unknown flag, for a value that is no boolean, and for one that would be a lie."""
    if not isinstance(flags, dict):
        raise ValidationError({"flags": "Flags are an object of names with true or false."})
    for name, value in flags.items():
        if name not in FLAGS and name not in HARMLESS_FLAGS:
            raise ValidationError({"flags": f"Unknown flag: {name}. Known: {', '.join(sorted(FLAGS))}."})
        if not isinstance(value, bool):
            raise ValidationError({"flags": f"{name} is true or false."})
        if value not in HARMLESS_FLAGS.get(name, _EITHER):
            raise ValidationError({"flags": f"{name} cannot be {str(value).lower()}: this server does not do that."})
