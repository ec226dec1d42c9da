"""Who may read an answer from a script in a browser (RFC 9700 §2.6): metadata everybody, endpoints registered origins.

No origin is ever reflected unless an application registered it, and none gets credentials (T-089).
"""

from django.http import HttpResponse

from apis import registry
from tenants.http import TenantRequest

# `Auth0-Client` is telemetry that the official SDKs send with every request, which makes each one preflighted.
ALLOWED_HEADERS = "auth0-client, authorization, content-type, dpop"
PREFLIGHT_SECONDS = "600"


def allow_everyone(response: HttpResponse) -> HttpResponse:
    """For what is public: key set and metadata."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def allow_registered_origin(request: TenantRequest, response: HttpResponse, methods: str) -> HttpResponse:
    """Lets the request's Origin read `response`, if an application of this tenant registered that origin.

    `methods` are those that the endpoint answers, with commas between.
    """
    origin = request.META.get("HTTP_ORIGIN", "")
    response.headers["Vary"] = "Origin"
    if origin and origin in registry.origins(request.tenant):
        response.headers["Access-Control-Allow-Origin"] = origin
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = methods
            response.headers["Access-Control-Allow-Headers"] = ALLOWED_HEADERS
            response.headers["Access-Control-Max-Age"] = PREFLIGHT_SECONDS
    return response
