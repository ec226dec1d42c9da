"""Documents that auth0-deploy-cli writes and reads, and what it tells meanwhile: what of both means something."""

import re
from copy import deepcopy
from typing import Any

from tests.clients.furnishing import LEFT_OVER

Document = dict[str, Any]

KINDS = ("resourceServers", "clients", "clientGrants", "roles", "databases")
# Whom the tool writes down where a grant is for no application in particular.
NOBODY = "undefined_clientId"


def importable(document: Document, pem: str) -> Document:
    """An export with the two corrections without which the tool does not take its own writing, or not all of it.

    It writes `NOBODY` where it reads no client, and of an application's public key it writes the name only.
    """
    found = without_nobody(document)
    for key in public_keys(found):
        key["pem"] = pem
    return found


def without_nobody(document: Document) -> Document:
    found = deepcopy(document)
    for grant in found["clientGrants"]:
        if grant["client_id"] == NOBODY:
            del grant["client_id"]
    return found


def content(document: Document) -> Document:
    """`document` but for left-overs and for the order of APIs, grants and permissions, which says nothing."""
    found: Document = {kind: [row for row in deepcopy(document[kind]) if LEFT_OVER not in row.values()] for kind in KINDS}
    found["resourceServers"].sort(key=lambda api: str(api["identifier"]))
    found["clientGrants"].sort(key=lambda grant: sorted(map(str, grant.items())))
    for role in found["roles"]:
        role["permissions"].sort(key=lambda held: sorted(held.items()))
    return found | {"tenant": document["tenant"]}


def public_keys(document: Document) -> list[Document]:
    """What `document` says of applications' public keys."""
    methods = [client.get("client_authentication_methods", {}) for client in document["clients"]]
    return [key for method in methods for key in method.get("private_key_jwt", {}).get("credentials", [])]


def done(told: str, what: str) -> list[str]:
    """The kinds of all that was `what`: Created, Updated or Deleted."""
    return re.findall(rf"{what} \[(\w+)\]", told)
