"""The authorization code grant (RFC 6749 §4.1.3): a code that the browser brought, for tokens."""

from django.utils import timezone

from apis import registry
from authserver import codes, errors, families, pkce, policy, refresh_tokens
from authserver.authorization import Authorization, Person
from authserver.client_auth import AuthenticatedClient
from authserver.models import AuthorizationCode
from authserver.params import TokenRequest
from authserver.scopes import OFFLINE_ACCESS
from tenants.config_cache import CurrentTenant


def authorize(tenant: CurrentTenant, client: AuthenticatedClient, asked: TokenRequest) -> Authorization:
    """Raises MissingParameter, InvalidCode, RedirectURIDiffers, WrongCodeVerifier, UserBlocked.

    A wrong proof uses the code up: there is no second guess (T-029). Another client's attempt does not, or it could keep
    the right one out (T-030).
    """
    code = _found(tenant, client, asked.require("code"))
    try:
        _check_redirect_uri(client, code, asked.get("redirect_uri"))
        pkce.verify(code.code_challenge, asked.get("code_verifier"))
    except errors.OAuthError:
        codes.claim(code)
        families.revoke_one(code.family_id)
        raise
    return _authorization(tenant, client, code)


def _found(tenant: CurrentTenant, client: AuthenticatedClient, value: str) -> AuthorizationCode:
    code = codes.find(tenant, value)
    if code is None:
        raise errors.InvalidCode(reason="There is no such authorization code.")
    if code.application_id != client.application.id:
        raise errors.InvalidCode(reason="The authorization code was issued to another application.")
    if code.used_at is not None:
        families.revoke_one(code.family_id)
        raise errors.InvalidCode(reason="The authorization code was used before, so all tokens from it were revoked.")
    if code.expires <= timezone.now():
        raise errors.InvalidCode(reason="The authorization code has expired: it is good for one minute.")
    family = code.family
    if family.user.blocked:
        raise errors.UserBlocked()
    if family.session and family.session.ended_at:
        raise errors.InvalidCode(reason="The person logged out.")
    if reason := families.why_ended(tenant, client.application, family):
        raise errors.InvalidCode(reason=reason)
    return code


def _check_redirect_uri(client: AuthenticatedClient, code: AuthorizationCode, sent: str) -> None:
    """The same as in the authorization request; not needed where that had none, but then no other may be sent."""
    allowed = {code.redirect_uri} if code.redirect_uri else {"", *client.application.redirect_uris}
    if sent not in allowed:
        raise errors.RedirectURIDiffers(sent=sent[:200], expected=code.redirect_uri)


def _authorization(tenant: CurrentTenant, client: AuthenticatedClient, code: AuthorizationCode) -> Authorization:
    family, application = code.family, client.application
    api = registry.api_with_id(tenant, family.api_id)
    decision = policy.for_user(tenant, application, api, family.scopes, family.user_id)
    offline = OFFLINE_ACCESS in decision.scopes
    return Authorization(
        tenant=tenant,
        client=application,
        api=api,
        scopes=decision.scopes,
        subject=family.user.user_id,
        permissions=decision.permissions or (),
        not_granted=decision.not_granted,
        secret_id=client.secret_id,
        person=Person(family.user, family.auth_time, tuple(family.amr), family.session_id or ""),
        family_id=family.id,
        nonce=code.nonce,
        claims_request=family.claims_request,
        claim=lambda: codes.claim(code),
        refresh=(lambda: refresh_tokens.first(family, application.refresh_tokens)) if offline else None,
    )
