"""The refresh token grant (RFC 6749 §6): rotation, reuse detection, and the leeway for a lost answer."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from apis import registry
from apis.registry import APIValue
from authserver import errors, families, policy, refresh_tokens
from authserver.authorization import Authorization, Person
from authserver.client_auth import AuthenticatedClient
from authserver.models import RefreshToken, TokenFamily
from authserver.params import TokenRequest
from authserver.profiles import profile
from authserver.scopes import split
from tenants.config_cache import CurrentTenant


def authorize(tenant: CurrentTenant, client: AuthenticatedClient, asked: TokenRequest) -> Authorization:
    """Raises MissingParameter, InvalidRefreshToken, RefreshTokenReused, ScopeExceedsGrant, AudienceExceedsGrant.

    A theft is noticed first, whatever else the request asks for.
    """
    value = asked.require("refresh_token")
    token = _found(tenant, client, value)
    claim, refresh = _exchange(client, token, value)
    family = token.family
    api = _api(tenant, family)
    _check_audience(api, asked)
    scopes = _narrowed(tenant, family.scopes, asked.get("scope"))
    decision = policy.for_user(tenant, client.application, api, scopes, family.user_id)
    return Authorization(
        tenant=tenant,
        client=client.application,
        api=api,
        scopes=decision.scopes,
        subject=family.user.user_id,
        grant_name=family.grant_name,
        permissions=decision.permissions or (),
        not_granted=decision.not_granted,
        secret_id=client.secret_id,
        person=Person(family.user, family.auth_time, tuple(family.amr), family.session_id or ""),
        family_id=family.id,
        claims_request=family.claims_request,
        claim=claim,
        refresh=refresh,
    )


def _found(tenant: CurrentTenant, client: AuthenticatedClient, value: str) -> RefreshToken:
    token, now = refresh_tokens.find(tenant, value), timezone.now()
    if token is None:
        raise errors.InvalidRefreshToken(reason="There is no such refresh token.")
    if token.application_id != client.application.id:
        raise errors.InvalidRefreshToken(reason="The refresh token was issued to another application.")
    if reason := families.why_ended(tenant, client.application, token.family):
        raise errors.InvalidRefreshToken(reason=reason)
    # One that was used is not idle: however late it comes again, it betrays a theft (T-050).
    if token.expires_at <= now or (token.used_at is None and token.idle_expires_at <= now):
        raise errors.InvalidRefreshToken(reason="The refresh token has expired, or was not used for too long.")
    return token


def _api(tenant: CurrentTenant, family: TokenFamily) -> APIValue | None:
    """The API of the family, as long as it lets applications come without the person."""
    api = registry.api_with_id(tenant, family.api_id)
    if api is not None and not api.allow_offline_access:
        raise errors.InvalidRefreshToken(reason="The API allows no offline access: switch it on in the API's settings.")
    return api


def _exchange(
    client: AuthenticatedClient, token: RefreshToken, value: str
) -> tuple[Callable[[], bool] | None, Callable[[], str] | None]:
    """What the exchange uses up and what it hands out, to be done when the tokens are stored."""
    settings = client.application.refresh_tokens
    if token.used_at is None:
        if not settings.rotating:
            return (lambda: refresh_tokens.prolong(token, settings)), None
        return (lambda: refresh_tokens.claim(token)), (lambda: refresh_tokens.succeed(token, value, settings))
    within_leeway = timezone.now() - token.used_at <= timedelta(seconds=settings.leeway)
    if settings.leeway and within_leeway and (successor := refresh_tokens.unused_successor(token, value)):
        return None, (lambda: successor)
    families.revoke_one(token.family_id)
    raise errors.RefreshTokenReused(reason="The refresh token was used before: all tokens of the family were revoked.")


def _check_audience(api: APIValue | None, asked: TokenRequest) -> None:
    named = {name for name in (asked.get("audience"), *asked.resources) if name}
    if beyond := sorted(named - {api.audience if api else ""}):
        raise errors.AudienceExceedsGrant(audience=beyond[0][:200])


def _narrowed(tenant: CurrentTenant, granted: list[str], wanted: str) -> tuple[str, ...]:
    """What of `granted` this one exchange asks for: all of it, unless it says less."""
    if not wanted:
        return tuple(granted)
    words = split(wanted)
    beyond = [word for word in words if word not in granted]
    if beyond and not profile(tenant.security_profile).refresh_drops_excess_scope:
        raise errors.ScopeExceedsGrant(scope=" ".join(beyond)[:200])
    return tuple(scope for scope in granted if scope in words)
