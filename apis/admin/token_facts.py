"""What tokens of an API look like to whoever verifies them. Its addresses are the discovery document's: a test compares."""

import json
from dataclasses import dataclass

from apis.admin import api_form
from apis.models import API, SigningAlg, TokenDialect
from tenants.models import Domain

# Stands in a snippet for the permission of an API that has none yet.
_SAMPLE_SCOPE = "read:orders"
_RFC9068 = (TokenDialect.RFC9068, TokenDialect.RFC9068_AUTHZ)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a verifier must know of the tokens of an API, from one domain of its tenant."""

    issuer: str
    audience: str
    algorithm: str
    typ: str
    lifetime: str
    scope: str

    @property
    def key_set(self) -> str:
        return f"{self.issuer}.well-known/jwks.json"

    @property
    def token_endpoint(self) -> str:
        return f"{self.issuer}oauth/token"

    @property
    def configuration(self) -> str:
        return f"{self.issuer}.well-known/openid-configuration"

    @property
    def by_secret(self) -> bool:
        """Whether the API verifies with a secret that it shares, and not with published keys."""
        return self.algorithm == SigningAlg.HS256

    @property
    def is_rfc9068(self) -> bool:
        return self.typ == "at+jwt"


def facts(api: API, domain: Domain) -> Facts:
    """What is to be known of tokens of `api` that are issued at `domain`."""
    first = api.permissions.order_by("id").values_list("value", flat=True).first()
    return Facts(
        issuer=domain.issuer,
        audience=api.audience_at(domain.issuer),
        algorithm=api.signing_alg,
        typ="at+jwt" if api.token_dialect in _RFC9068 else "JWT",
        lifetime=api_form.spoken(api.token_lifetime),
        scope=first or _SAMPLE_SCOPE,
    )


def audiences(api: API) -> list[str]:
    """What tokens of `api` name: its identifier, or for the Management API one at each domain of the tenant."""
    return list(dict.fromkeys(api.audience_at(domain.issuer) for domain in api.tenant.domains.all())) or [api.identifier]


def quoted(found: Facts) -> dict[str, str]:
    """Values as string literals: the same in Python, JavaScript, Go, Java and YAML, as none of them holds a backslash."""
    names = ("issuer", "audience", "algorithm", "typ", "scope", "key_set")
    literals = {name: json.dumps(getattr(found, name)) for name in names}
    return literals | {"authority": json.dumps(f"SCOPE_{found.scope}")}
