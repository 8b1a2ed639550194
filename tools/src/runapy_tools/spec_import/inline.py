"""Give every object schema that has no name one, made from the place it stands in."""

from __future__ import annotations

import json
from typing import Any

from runapy_tools.naming import class_name
from runapy_tools.openapi import (
    SCHEMA_REFERENCE,
    Document,
    Schema,
    map_operation_schemas,
    map_subschemas,
    operations,
)

_DEPRECATED = "deprecated"
_OF_THE_PLACE = ("nullable", "readOnly", "writeOnly", _DEPRECATED)
"""What is said of a property or parameter, not of the objects that it holds."""


def hoist_inline_schemas(document: Document) -> list[str]:
    """Move inline object schemas of a document to its components, in place.

    A schema in a response is named by operation and status, one in a property by the model and
    the property. A schema that was hoisted before, equal in every word, is used again.

    Returns:
        The names given, in the order they were given.
    """
    hoist = _Hoist(document["components"]["schemas"])
    for path, method, operation in list(operations(document)):
        prefix = class_name(operation["operationId"])

        def change(schema: Schema, place: str, prefix: str = prefix) -> Schema:
            kind, _, detail = place.partition(" ")
            names = {
                "request": f"{prefix}Request",
                "response": f"{prefix}{detail}Response",
                "parameter": f"{prefix}{class_name(detail)}Parameter",
            }
            return hoist.replaced(schema, names[kind])

        media = (operation.get("requestBody") or {}).get("content", {})
        # The fields of a form are the method's own parameters, so a form has no model.
        if "application/x-www-form-urlencoded" not in media:
            document["paths"][path][method] = map_operation_schemas(operation, change)
    for name in list(hoist.schemas):
        hoist.schemas[name] = hoist.below(hoist.schemas[name], class_name(name))
    return hoist.given


class _Hoist:
    def __init__(self, schemas: dict[str, Schema]) -> None:
        self.schemas = schemas
        self.given: list[str] = []
        self._taken = {class_name(name) for name in schemas}
        self._known: dict[str, str] = {}

    def replaced(self, schema: Schema, name: str) -> Schema:
        """The schema with everything below it hoisted, or a reference when it was hoisted too."""
        inner = self.below(schema, name)
        if not _needs_a_name(schema):
            return inner
        kept = {key: inner[key] for key in _OF_THE_PLACE if key in inner}
        # Its equal that is not deprecated has another name: scripts know both.
        body = {key: value for key, value in inner.items() if key not in kept or key == _DEPRECATED}
        reference: Schema = {"$ref": SCHEMA_REFERENCE + self._component(body, name)}
        return {"allOf": [reference], **kept} if kept else reference

    def below(self, schema: Schema, name: str) -> Schema:
        """The schema itself stays where it is; what is inside it is hoisted."""
        result = map_subschemas(schema, lambda each: each)
        if "properties" in schema:
            result["properties"] = {
                key: self.replaced(value, name + class_name(key))
                for key, value in schema["properties"].items()
            }
        if isinstance(schema.get("additionalProperties"), dict):
            result["additionalProperties"] = self.replaced(
                schema["additionalProperties"], f"{name}Value"
            )
        if "items" in schema:
            result["items"] = self.replaced(schema["items"], f"{name}Inner")
        if "allOf" in schema:
            result["allOf"] = [self.below(part, f"{name}AllOf") for part in schema["allOf"]]
        for key, word in (("anyOf", "AnyOf"), ("oneOf", "OneOf")):
            if key in schema:
                result[key] = [self.replaced(part, name + word) for part in schema[key]]
        return result

    def _component(self, schema: Schema, name: str) -> str:
        fingerprint = json.dumps(schema, sort_keys=True)
        if fingerprint not in self._known:
            unique, number = name, 0
            while unique in self._taken:
                number += 1
                unique = f"{name}{number}"
            self._taken.add(unique)
            self._known[fingerprint] = unique
            self.schemas[unique] = {key: schema[key] for key in schema if key != _DEPRECATED}
            self.given.append(unique)
        return self._known[fingerprint]


def _needs_a_name(schema: dict[str, Any]) -> bool:
    if schema.get("properties"):
        return True
    if "allOf" in schema:
        return len(schema["allOf"]) > 1 and any(
            "$ref" in part or part.get("properties") for part in schema["allOf"]
        )
    return "anyOf" in schema or "oneOf" in schema
