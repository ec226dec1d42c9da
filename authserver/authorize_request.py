"""What an application asks for at the authorization endpoint: parameters → one value, each rule with its refusal.

The client and its redirect_uri are judged before (`named_client`, `callback`): as long as they are wrong nothing is
redirected.
Everything after that is answered by redirect. Owns no page and no decision about people.
"""

from dataclasses import asdict, dataclass, field
from typing import Any, Self

from apis import registry
from apis.registry import ApplicationValue
from authserver import callbacks, claims, claims_request, errors, pkce, policy, response_modes
from authserver.params import authorize as checks
from authserver.scopes import joined, split
from tenants.config_cache import CurrentTenant


@dataclass(frozen=True, slots=True)
class AuthorizeRequest:
    """A request whose form is right. `audience` is "" when no API is meant; `redirect_uri_sent` binds the code exchange.

    `scope` is what of the request exists; why the rest does not, for the log event, stands in `not_granted`.
    """

    client_id: str
    redirect_uri: str
    redirect_uri_sent: bool
    response_type: str
    response_mode: str
    scope: str = ""
    not_granted: dict[str, str] = field(default_factory=dict)
    audience: str = ""
    state: str = field(default="", repr=False)
    nonce: str = field(default="", repr=False)
    code_challenge: str = ""
    prompt: tuple[str, ...] = ()
    max_age: int | None = None
    login_hint: str = field(default="", repr=False)
    id_token_hint: str = field(default="", repr=False)
    acr_values: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    connection: str = ""
    screen_hint: str = ""
    ui_locales: str = ""

    @property
    def response_types(self) -> frozenset[str]:
        """`code`, `token`, `id_token`: what the answer holds. Their order on the wire means nothing."""
        return frozenset(self.response_type.split(" "))

    def stored(self) -> dict[str, Any]:
        """As JSON keeps it while a person acts."""
        return asdict(self)

    @classmethod
    def restored(cls, stored: dict[str, Any]) -> Self:
        """What `stored` made."""
        return cls(**stored | {"prompt": tuple(stored["prompt"])})


def named_client(tenant: CurrentTenant, values: dict[str, str]) -> ApplicationValue:
    """The client that asks. Every refusal is for a page.

    Raises MissingParameter, UnknownCallbackClient, RequestObjectNotSupported, RequestURINotSupported.
    """
    client_id, sent = values.get("client_id", ""), values.get("redirect_uri", "")
    if not client_id:
        raise errors.MissingParameter(parameter="client_id")
    if not sent:
        # It may stand in what we do not read (RFC 9101 §5): then no other address is meant either.
        checks.refuse_unread(values)
    client = registry.application(tenant, client_id)
    if client is None or not client.enabled:
        raise errors.UnknownCallbackClient(client_id=client_id[:100], redirect_uri=sent[:500] or "nothing")
    return client


def callback(tenant: CurrentTenant, client: ApplicationValue, values: dict[str, str]) -> str:
    """The address to answer `client` at. Every refusal is for a page. Raises MissingParameter, CallbackMismatch."""
    try:
        return callbacks.redirect_uri(tenant, client, values.get("redirect_uri", ""))
    except errors.CallbackMismatch:
        registry.look_up(tenant, client.client_id)  # an unknown client costs a look into the database: so does this (T-011)
        raise


def authorize_request(
    tenant: CurrentTenant, client: ApplicationValue, redirect_uri: str, values: dict[str, str], resources: tuple[str, ...]
) -> AuthorizeRequest:
    """The request in `values`. Raises what its parts raise, all of it to be answered by redirect."""
    checks.refuse_unread(values)
    checks.refuse_organizations(values)
    checks.refuse_overlong(values)
    checks.check_display(values.get("display", ""))
    response_type = response_modes.checked_type(client, values.get("response_type", ""))
    api = policy.api_for_user(tenant, client, values.get("audience", ""), resources)
    scopes, not_granted = policy.requestable(tenant, client, api, values.get("scope", ""))
    request = AuthorizeRequest(
        client_id=client.client_id,
        redirect_uri=redirect_uri,
        redirect_uri_sent="redirect_uri" in values,
        response_type=response_type,
        response_mode=response_modes.checked_mode(response_type, values.get("response_mode", "")),
        scope=joined(scopes),
        not_granted=not_granted,
        audience=api.audience if api else "",
        code_challenge=_challenge(client, response_type, values),
        prompt=checks.prompts(values.get("prompt", "")),
        max_age=_max_age(client, values.get("max_age", "")),
        claims=claims_request.parsed(values.get("claims", "")),
        connection=_connection(tenant, client, values.get("connection", "")),
        **{name: values.get(name, "") for name in _CARRIED},
    )
    _check_nonce(request)
    _check_acr(request)
    return request


def still_allowed(tenant: CurrentTenant, client: ApplicationValue, asked: AuthorizeRequest) -> None:
    """Judges a request that waited once more by what may have been switched off meanwhile.

    Raises UnsupportedResponseType, GrantTypeNotAllowed, ConnectionNotEnabled.
    """
    response_modes.checked_type(client, asked.response_type)
    _connection(tenant, client, asked.connection)


# Taken as they are.
_CARRIED = ("state", "nonce", "login_hint", "id_token_hint", "acr_values", "screen_hint", "ui_locales")


def _challenge(client: ApplicationValue, response_type: str, values: dict[str, str]) -> str:
    if "code" not in response_type.split(" "):
        return ""
    challenge, method = values.get("code_challenge", ""), values.get("code_challenge_method", "")
    return pkce.checked_challenge(challenge, method, required=client.is_public)


def _max_age(client: ApplicationValue, text: str) -> int | None:
    """What the request says, else what the application registered (OIDC Registration §2)."""
    asked = checks.max_age(text)
    return client.default_max_age if asked is None else asked


def _connection(tenant: CurrentTenant, client: ApplicationValue, name: str) -> str:
    if name and all(connection.name != name for connection in registry.connections(tenant, client)):
        raise errors.ConnectionNotEnabled(connection=name[:128], client_id=client.client_id)
    return name


def _check_nonce(request: AuthorizeRequest) -> None:
    """OIDC Core §3.2.2.1 and §3.3.2.11: an ID token that comes through the browser is tied to its request."""
    if "id_token" not in request.response_types:
        return
    if "openid" not in split(request.scope):
        raise errors.InvalidRequest(reason="An ID token needs the scope openid")
    if not request.nonce:
        raise errors.MissingParameter(parameter="nonce")


def _check_acr(request: AuthorizeRequest) -> None:
    """Only an acr that is called essential may refuse (OIDC Core §5.5.1.1); acr_values is a wish."""
    values, essential = claims_request.wanted_values(request.claims, "id_token", "acr")
    if essential and values and claims.ACR not in values:
        raise errors.UnmetAuthenticationRequirements(acr=" ".join(str(value) for value in values)[:100])
