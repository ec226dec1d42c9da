"""GET /demo/: the page. What it does stands in its scripts (authserver/static/latchkey/demo/)."""

from csp.utils import build_policy
from django.http import Http404, HttpRequest, HttpResponse

from apis.models import Application
from apis.services import demo
from authserver.demo.gate import demo_tenant
from authserver.demo.orders import READ
from tenants.branding.marks import image_sources, marks
from tenants.pages import page

# The only page of ours with scripts in files and a frame (for silent authentication). It holds no form.
_POLICY = {"frame-src": ["'self'"], "form-action": ["'none'"]}


def show(request: HttpRequest) -> HttpResponse:
    """The page, with what an application has to know: issuer, client_id, audience. Raises Http404."""
    tenant = demo_tenant(request)
    application = Application.objects.of(tenant).filter(name=demo.PAGE_APPLICATION).first()
    if application is None or request.method not in ("GET", "HEAD"):
        raise Http404
    settings = {
        "issuer": tenant.issuer,
        "clientId": application.client_id,
        "redirectUri": f"{tenant.issuer}demo/",
        "audience": demo.API_IDENTIFIER,
        "api": f"{tenant.issuer}demo/api/orders",
        "scope": "openid profile email offline_access",
        "apiScope": READ,
    }
    context = marks(tenant) | {"application": application, "email": demo.EMAIL, "settings": settings}
    response = page("authserver/demo.html", context)
    images = ["'self'", "data:", *image_sources(tenant)]
    response.headers["Content-Security-Policy"] = build_policy(replace=_POLICY | {"img-src": images})
    return response
