"""One operation as OpenAPI 3.1 tells it, from its `Operation`."""

import re
from typing import Any, get_type_hints

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import force_instance, resolve_type_hint
from rest_framework.relations import ManyRelatedField, RelatedField
from rest_framework.serializers import BaseSerializer

from tenants.rest.fields import Document, Lines, Unsupported
from tenants.rest.openapi.answers import TOKEN, page_of, refusals
from tenants.rest.operations import Operation
from tenants.rest.router import Route
from tenants.rest.serializers import Body

JSON = "application/json"


class ManagementSchema(AutoSchema):
    """The inspector of every view: the parent's hooks, overridden where an `Operation` knows better."""

    @property
    def route(self) -> Route:
        """What is being described. The generator leaves its address in `path` and `method`."""
        method = self.method.lower()
        return Route(method, self.path, type(self.view).as_view(), self.operation)

    @property
    def operation(self) -> Operation:
        handler = getattr(self.view, self.method.lower())
        found: Operation = handler.operation
        return found

    def get_operation_id(self) -> str:
        """getRoles, getRolesByRoleIdUsers: what generators name a function after."""
        words = re.sub(r"{(\w+)}", r"by_\1", self.path).replace("/", "_").replace("-", "_").split("_")
        return self.method.lower() + "".join(word.capitalize() for word in words)

    def get_summary(self) -> str:
        return self.operation.summary

    def get_description(self) -> str:  # type: ignore[override]
        scopes = " or ".join(f"`{scope}`" for scope in self.operation.scopes)
        return f"Scope: {scopes}."

    def get_tags(self) -> list[str]:
        return [self.route.resource]

    def get_auth(self) -> list[dict[str, Any]]:
        # Each by itself is enough. 3.1 allows names of roles with any scheme, not only OAuth's.
        return [{TOKEN: [scope]} for scope in self.operation.scopes]

    def _is_list_view(self, serializer: Any = None) -> bool:
        return False

    def get_override_parameters(self) -> list[Any]:
        return [self.operation.query] if self.operation.query else []

    def _resolve_path_parameters(self, variables: list[str]) -> list[dict[str, Any]]:
        text = {"type": "string", "minLength": 1}
        return [{"in": "path", "name": name, "required": True, "schema": text} for name in variables]

    def _get_request_body(self, direction: Any = "request") -> dict[str, Any] | None:
        operation = self.operation
        if operation.body is None:
            return None
        body = operation.body(many=True) if operation.body_is_list else operation.body()
        schema, required = self._get_request_for_media_type(body, direction)
        return {"content": {JSON: {"schema": schema or {"type": "object"}}}, "required": required}

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        success: dict[str, Any] = {"description": "Done."}
        if (schema := self._answer()) is not None:
            success = {"description": "The answer.", "content": {JSON: {"schema": schema}}}
        also = {str(self.operation.also): {"description": "It was so already."}} if self.operation.also else {}
        return {str(self.operation.status): success} | also | refusals(self.route)

    def _answer(self) -> dict[str, Any] | None:
        """The schema of the answer; None where there is no body."""
        operation = self.operation
        if operation.answer is not None:
            row = self._mapped(operation.answer)
        else:
            hint = get_type_hints(self.route.handler).get("return", Any)
            if hint is type(None):
                return None
            row = {} if hint is Any or operation.lists else resolve_type_hint(hint)
        return page_of(self.route, row) if operation.lists else row

    def _mapped(self, answer: type[BaseSerializer]) -> dict[str, Any]:
        component = self.resolve_serializer(force_instance(answer), "response")
        return component.ref if component else {"type": "object"}

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> dict[str, Any]:
        schema: dict[str, Any] = super()._map_basic_serializer(serializer, direction)
        if direction == "request":
            if isinstance(force_instance(serializer), Body):
                schema["additionalProperties"] = False
        else:
            # What was never set is left out, and `fields` leaves out more.
            schema.pop("required", None)
        return schema

    def _map_serializer_field(self, field: Any, direction: Any, bypass_extensions: bool = False) -> Any:
        if isinstance(field, Unsupported):
            return {"enum": [None, *field.harmless], "description": field.reason, "writeOnly": True}
        if isinstance(field, ManyRelatedField):
            # Rows are named by texts everywhere; the parent would ask a model, which shapes do not have.
            return {"type": "array", "items": {"type": "string"}}
        if isinstance(field, RelatedField):
            return {"type": "string"}
        schema = super()._map_serializer_field(field, direction, bypass_extensions)
        if isinstance(field, Lines):
            schema["items"]["pattern"] = r"^\S+$"
        if isinstance(field, Document):
            schema = {"type": ["object", "null"] if field.allow_null else "object"} | _about(schema)
        return schema


def _about(schema: dict[str, Any]) -> dict[str, Any]:
    return {name: schema[name] for name in ("description", "writeOnly", "readOnly") if name in schema}
