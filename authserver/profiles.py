"""Security profiles: a frozen table of answers, asked by name. No `if profile == …` anywhere else.

Only what a rule of today asks stands here; `oauth21` and `fapi2` come with the rules that make them true.
"""

from dataclasses import dataclass

from tenants.models.tenant import SecurityProfile


@dataclass(frozen=True, slots=True)
class Profile:
    """`secret_methods_interchangeable`: Auth0 lets a client registered for one secret method use the other."""

    dialect: str
    secret_methods_interchangeable: bool


_PROFILES: dict[str, Profile] = {
    SecurityProfile.AUTH0: Profile(dialect="auth0", secret_methods_interchangeable=True),
    SecurityProfile.OIDC: Profile(dialect="rfc", secret_methods_interchangeable=False),
}


def profile(name: str) -> Profile:
    """The answers of the profile called `name`."""
    return _PROFILES[name]
