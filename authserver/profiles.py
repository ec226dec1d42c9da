"""Security profiles: a frozen table of answers, asked by name. No `if profile == …` anywhere else.

Only what a rule of today asks stands here; `oauth21` and `fapi2` come with the rules that make them true.
"""

from dataclasses import dataclass

from tenants.models.tenant import SecurityProfile


@dataclass(frozen=True, slots=True)
class Profile:
    """What a tenant's profile answers.

    `secret_methods_interchangeable`: Auth0 lets a client registered for one secret method use the other.
    `redirect_uri_may_be_left_out`: with one callback registered, that one is meant (RFC 6749 §3.1.2.3; OIDC Core wants it).
    `id_token_has_profile`: claims of the scopes profile and email stand in every ID token (OIDC Core §5.4: only where no
    access token comes along).
    `updated_at_is_text`: ISO 8601 as Auth0 writes it, else seconds since 1970 (OIDC Core §5.1).
    `offline_access_without_api`: refresh tokens also where no API is meant (OIDC Core §11); Auth0 asks the API.
    `refresh_drops_excess_scope`: a refresh that asks for more gets what it had, else it is refused (RFC 6749 §6).
    """

    dialect: str
    secret_methods_interchangeable: bool
    redirect_uri_may_be_left_out: bool
    id_token_has_profile: bool
    updated_at_is_text: bool
    offline_access_without_api: bool
    refresh_drops_excess_scope: bool


_PROFILES: dict[str, Profile] = {
    SecurityProfile.AUTH0: Profile(
        dialect="auth0",
        secret_methods_interchangeable=True,
        redirect_uri_may_be_left_out=True,
        id_token_has_profile=True,
        updated_at_is_text=True,
        offline_access_without_api=False,
        refresh_drops_excess_scope=True,
    ),
    SecurityProfile.OIDC: Profile(
        dialect="rfc",
        secret_methods_interchangeable=False,
        redirect_uri_may_be_left_out=False,
        id_token_has_profile=False,
        updated_at_is_text=False,
        offline_access_without_api=True,
        refresh_drops_excess_scope=False,
    ),
}


def profile(name: str) -> Profile:
    """The answers of the profile called `name`."""
    return _PROFILES[name]
