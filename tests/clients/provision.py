"""The applications that the client libraries play, made by the product's services.

`python -m tests.clients.provision TENANT`, in the server's checkout and environment, prints one JSON object:
label → client_id and client_secret.
"""

import json
import os
import sys
from typing import Any

import django

CALLBACK = "https://shop.example/callback"
GOODBYE = "https://shop.example/goodbye"
# Its tokens follow RFC 9068; those of the demo's API look as Auth0's do.
STRICT_API = "https://stock.example.com"
GRANTS = ["authorization_code", "implicit", "refresh_token", "http://auth0.com/oauth/grant-type/password-realm"]


def provision(name: str) -> dict[str, Any]:
    """An API with strict tokens and a machine that may call it, three applications that differ in how they authenticate,
    and the demo API's backend.
    """
    from apis.models import API, AppType
    from apis.services import demo
    from apis.services.apis import Scope, create_api
    from apis.services.applications import add_secret, create_application
    from apis.services.client_grants import create_client_grant
    from tenants.changes import COMMAND_LINE
    from tenants.models import Connection, Tenant
    from tenants.services import update_connection, update_tenant

    tenant = Tenant.objects.get(name=name)
    api = API.objects.of(tenant).get(identifier=demo.API_IDENTIFIER)
    # Whoever registers itself may sign these people in.
    update_tenant(tenant, flags={"enable_dynamic_client_registration": True}, by=COMMAND_LINE)
    update_connection(Connection.objects.of(tenant).get(), is_domain_connection=True, by=COMMAND_LINE)
    stock = [Scope("read:stock", "See what is in stock")]
    strict = create_api(tenant, STRICT_API, by=COMMAND_LINE, permissions=stock, token_dialect="rfc9068_profile")
    people: dict[str, Any] = {"redirect_uris": CALLBACK, "post_logout_redirect_uris": GOODBYE, "grant_types": GRANTS}
    people |= {"refresh_token_rotation": "rotating"}
    wanted: dict[str, dict[str, Any]] = {
        "client_secret_basic": people | {"token_endpoint_auth_method": "client_secret_basic"},
        "client_secret_post": people | {"token_endpoint_auth_method": "client_secret_post"},
        "none": people | {"app_type": AppType.SPA},
        "backend": {"app_type": AppType.RESOURCE_SERVER, "resource_server": api},
        "stock": {"app_type": AppType.NON_INTERACTIVE},
    }
    made = {}
    for label, settings in wanted.items():
        application = create_application(tenant, f"Client {label}", by=COMMAND_LINE, **settings)
        secret = None if application.is_public else add_secret(application, by=COMMAND_LINE).value
        made[label] = {"client_id": application.client_id, "client_secret": secret}
        if label == "stock":
            create_client_grant(application, strict, ["read:stock"], by=COMMAND_LINE)
    return made


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print(json.dumps(provision(sys.argv[1])))
