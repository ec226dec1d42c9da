"""What an operation may answer: its refusals, and its list in the three styles of paging (`wire.md` §2.2, §2.3)."""

from typing import Any

from tenants.rest.router import Route

TOKEN = "managementToken"

_REFUSALS = {
    400: "The query, the body or the Authorization header is not right.",
    401: "No access token, or one that is not valid here.",
    403: "The access token has none of the scopes.",
    404: "It does not exist in this tenant.",
    409: "The name is taken.",
    413: "The body is too large.",
    415: "The body is not application/json.",
    429: "Too many calls. `Retry-After` says how many seconds to wait.",
}
_ERROR = {
    "type": "object",
    "properties": {
        "statusCode": {"type": "integer"},
        "error": {"type": "string"},
        "message": {"type": "string"},
        "errorCode": {"type": "string"},
        "attributes": {"type": "object"},
    },
    "required": ["statusCode", "error", "message"],
    "additionalProperties": False,
}
_TOTALS = {name: {"type": "integer", "minimum": 0} for name in ("start", "limit", "total")}

# Added to the components that the shapes make.
COMPONENTS: dict[str, Any] = {
    "schemas": {"Error": _ERROR},
    "responses": {
        f"Refusal{status}": {
            "description": description,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
        }
        for status, description in _REFUSALS.items()
    },
    "securitySchemes": {
        TOKEN: {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "An access token of this tenant whose audience is this API, from `POST /oauth/token`.",
        }
    },
}


def refusals(route: Route) -> dict[str, Any]:
    """The refusals that `route` documents, by status."""
    found = {400, 401, 403, 429}
    if route.parameters or route.operation.body:
        found.add(404)
    if route.operation.query and any(field.required for field in route.operation.query().fields.values()):
        found.add(404)
    if route.operation.body:
        found |= {409, 413, 415}
    return {str(status): {"$ref": f"#/components/responses/Refusal{status}"} for status in sorted(found)}


def page_of(route: Route, row: dict[str, Any]) -> dict[str, Any]:
    """The schema of a list of `row`: an array, and where the query allows it a page with totals or one with a checkpoint."""
    name, query = route.operation.lists, route.operation.query
    known = query().fields if query else {}
    rows = {"type": "array", "items": row}
    styles: list[dict[str, Any]] = [rows]
    if "include_totals" in known:
        length = {"length": {"type": "integer", "minimum": 0}}
        styles.append({"type": "object", "properties": _TOTALS | length | {name: rows}, "required": [*_TOTALS, name]})
    if "take" in known:
        after = {name: rows, "next": {"type": "string"}}
        styles.append({"type": "object", "properties": after, "required": [name], "additionalProperties": False})
    return {"oneOf": styles} if len(styles) > 1 else rows
