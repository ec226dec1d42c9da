"""POST /oidc/register (RFC 7591 §3), and /oidc/register/{client_id}, where a client manages that (RFC 7592 §2).

Open to everybody while the tenant's flag enable_dynamic_client_registration is on; while it is off, neither address exists.
"""

import hmac
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from rest_framework.request import Request

from apis.models import ClientSecret
from apis.models.client_secret import digest
from apis.services import applications
from authserver import dialects, errors, params, people_events
from authserver.endpoints.base import OAuthEndpoint
from authserver.endpoints.responses import json_response
from authserver.models import ClientRegistration
from authserver.profiles import profile
from authserver.registration import limits, metadata, registered
from authserver.registration.members import document
from authserver.services import client_registrations
from authserver.services.client_registrations import Registered
from tenants import config_cache
from tenants.changes import Actor
from tenants.http import TenantRequest, http_request
from tenants.models import Tenant
from tenants.profile import is_text

# Auth0's type for a refused change of configuration.
REFUSED = "fapi"


class _RegistrationAddress(OAuthEndpoint):
    """Base of both."""

    def refused(self, error: errors.OAuthError) -> None:
        if not isinstance(error, errors.RegistrationDisabled):
            http = http_request(self.request)
            people_events.refused(http, REFUSED, error, endpoint=http.path[:200])


class RegistrationEndpoint(_RegistrationAddress):
    def post(self, request: Request) -> HttpResponse:
        http = _where_switched_on(request)
        ip = http.META.get("REMOTE_ADDR", "")
        limits.spend_registration(http.tenant, ip)
        wanted = metadata.wanted(_document(http))
        tenant = Tenant.objects.get(pk=http.tenant.id)
        try:
            made = client_registrations.register(tenant, wanted, by=Actor("registration", "dynamic registration", ip))
        except ValidationError as error:
            raise metadata.refusal(error) from error
        return json_response(_information(http, made), 201)


class ClientConfigurationEndpoint(_RegistrationAddress):
    def get(self, request: Request, client_id: str) -> HttpResponse:
        http, row, token = _managed(request, client_id)
        # RFC 7592 §3 wants the token in every answer: it is the one that was sent.
        return json_response(_information(http, Registered(row, token)))

    def put(self, request: Request, client_id: str) -> HttpResponse:
        http, row, _ = _managed(request, client_id)
        limits.spend_change(row)
        values = _document(http)
        _check_identity(row, values)
        try:
            made = client_registrations.replace(row, metadata.wanted(values), by=_actor(http, row))
        except ValidationError as error:
            raise metadata.refusal(error) from error
        return json_response(_information(http, made))

    def delete(self, request: Request, client_id: str) -> HttpResponse:
        http, row, _ = _managed(request, client_id)
        client_registrations.remove(row, by=_actor(http, row))
        return HttpResponse(status=204, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})

    def error_response(self, request: TenantRequest, error: errors.OAuthError) -> HttpResponse:
        """With RFC 6750's challenge: the reason, unless there was no token at all."""
        response = super().error_response(request, error)
        if response.status_code == 401:
            said = dialects.wording(profile(request.tenant.security_profile).dialect, error)
            reason = f', error="{said.code}"' if request.META.get("HTTP_AUTHORIZATION") else ""
            response.headers["WWW-Authenticate"] = f'Bearer realm="{request.tenant.name}"{reason}'
        return response


def _where_switched_on(request: Request) -> TenantRequest:
    """The request, with the tenant as it is configured at this moment. Raises RegistrationDisabled."""
    http = http_request(request)
    http.tenant = config_cache.fresh(http.tenant)
    if not http.tenant.flags["enable_dynamic_client_registration"]:
        raise errors.RegistrationDisabled()
    return http


def _managed(request: Request, client_id: str) -> tuple[TenantRequest, ClientRegistration, str]:
    """The request, the registration that it may manage, and the token by which. Raises InvalidToken."""
    http = _where_switched_on(request)
    scheme, _, token = http.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise errors.InvalidToken(reason="The request has no registration access token in its Authorization header.")
    return http, registered.by_token(http.tenant, client_id, token.strip()), token.strip()


def _document(http: TenantRequest) -> dict[str, Any]:
    return document(http.META.get("CONTENT_TYPE", ""), params.read_body(http))


def _check_identity(row: ClientRegistration, values: dict[str, Any]) -> None:
    """RFC 7592 §2.2: a client says who it is, and cannot choose that or its secret. Raises InvalidClientMetadata."""
    if values.get("client_id") != row.application.client_id:
        raise errors.InvalidClientMetadata(reason="client_id must be the one in the address")
    sent = values.get("client_secret")
    if sent is not None and not _is_secret_of(row, sent):
        raise errors.InvalidClientMetadata(reason="client_secret must be the one that was issued, or left out")


def _is_secret_of(row: ClientRegistration, sent: object) -> bool:
    given = digest(sent) if isinstance(sent, str) and is_text(sent) else b""
    live: list[ClientSecret] = list(applications.live_secrets(row.application))
    return any(hmac.compare_digest(bytes(secret.sha256), given) for secret in live)


def _actor(http: TenantRequest, row: ClientRegistration) -> Actor:
    client_id = row.application.client_id
    return Actor("registration", client_id, http.META.get("REMOTE_ADDR", ""), client_id=client_id)


def _information(http: TenantRequest, made: Registered) -> dict[str, Any]:
    """The client information response (RFC 7591 §3.2.1, RFC 7592 §3). A secret is in the answer that issues it only."""
    application = made.row.application
    secret = {"client_secret": made.secret, "client_secret_expires_at": 0} if made.secret else {}
    management = {
        "registration_access_token": made.token,
        "registration_client_uri": f"{http.tenant.issuer}oidc/register/{application.client_id}",
    }
    return metadata.described(application, made.row) | secret | management
