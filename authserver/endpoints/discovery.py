"""What a client needs to know of an issuer: key set, OpenID discovery, RFC 8414 metadata. Says only what is true today."""

import orjson
from django.http import HttpResponse, HttpResponseNotModified
from rest_framework.request import Request

from authserver import cors, metadata
from authserver.endpoints.base import OAuthEndpoint
from tenants.http import TenantRequest, http_request
from tenants.keys.keyring import NoSigningKeyError, keyring

# A key is published as `next` long before it signs, so a short life costs little and lets a revoked key vanish quickly.
CACHE_CONTROL = "public, max-age=60"


class KeySetEndpoint(OAuthEndpoint):
    """GET /.well-known/jwks.json (RFC 7517 §5): the current, next and previous keys."""

    def get(self, request: Request) -> HttpResponse:
        try:
            keys = keyring(http_request(request).tenant)
        except NoSigningKeyError:
            return _document(http_request(request), b'{"keys":[]}', '"none"')
        return _document(http_request(request), keys.jwks, keys.etag)


class MetadataEndpoint(OAuthEndpoint):
    """GET /.well-known/openid-configuration and /.well-known/oauth-authorization-server (RFC 8414 §3)."""

    def get(self, request: Request) -> HttpResponse:
        tenant = http_request(request).tenant
        body = tenant.cached("metadata", tenant.host, lambda: orjson.dumps(metadata.document(tenant)))
        return _document(http_request(request), body, "")


def _document(request: TenantRequest, body: bytes, etag: str) -> HttpResponse:
    known = request.META.get("HTTP_IF_NONE_MATCH", "")
    response: HttpResponse
    if etag and etag in [tag.strip().removeprefix("W/") for tag in known.split(",")]:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(body, content_type="application/json")
    response.headers["Cache-Control"] = CACHE_CONTROL
    if etag:
        response.headers["ETag"] = etag
    return cors.allow_everyone(response)
