"""Walking OpenAPI documents: operations, references, nested schemas."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

Schema = dict[str, Any]
Document = dict[str, Any]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
SCHEMA_REFERENCE = "#/components/schemas/"


class Located(NamedTuple):
    """An operation with the place it was found at."""

    path: str
    method: str
    operation: dict[str, Any]


def operations(document: Document) -> Iterator[Located]:
    """Yield every operation in document order."""
    for path, item in document["paths"].items():
        for method in item:
            if method in METHODS:
                yield Located(path, method, item[method])


def resolve(document: Document, node: dict[str, Any]) -> dict[str, Any]:
    """Follow local references, through chains, to what they name.

    Raises:
        LookupError: a reference leads nowhere.
    """
    seen: list[str] = []
    while "$ref" in node:
        reference = node["$ref"]
        if reference in seen:
            raise LookupError(f"the references {' -> '.join(seen)} go in a circle")
        seen.append(reference)
        target: Any = document
        for part in reference.removeprefix("#/").split("/"):
            key = part.replace("~1", "/").replace("~0", "~")
            if not isinstance(target, dict) or key not in target:
                raise LookupError(f"the reference {reference} leads nowhere")
            target = target[key]
        node = target
    return node


def reference_name(schema: Any) -> str | None:
    """Name of the component that a schema refers to, if it is a reference."""
    if isinstance(schema, dict) and "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[1])
    return None


def map_subschemas(schema: Schema, change: Callable[[Schema], Schema]) -> Schema:
    """Copy a schema with each direct subschema replaced by `change(subschema)`."""
    result = dict(schema)
    for key in ("properties", "patternProperties"):
        if key in schema:
            result[key] = {name: change(value) for name, value in schema[key].items()}
    for key in ("items", "additionalProperties", "not"):
        if isinstance(schema.get(key), dict):
            result[key] = change(schema[key])
    for key in ("allOf", "anyOf", "oneOf"):
        if key in schema:
            result[key] = [change(value) for value in schema[key]]
    return result


def map_operation_schemas(
    operation: dict[str, Any], change: Callable[[Schema, str], Schema]
) -> dict[str, Any]:
    """Copy an operation with every top-level schema replaced by `change(schema, place)`.

    Places are `parameter <name>`, `request`, and `response <status>`.
    """
    result = dict(operation)
    if "parameters" in operation:
        result["parameters"] = [
            {**each, "schema": change(each["schema"], f"parameter {each['name']}")}
            for each in operation["parameters"]
        ]
    if "requestBody" in operation:
        body = operation["requestBody"]
        result["requestBody"] = {**body, "content": _map_content(body, change, "request")}
    result["responses"] = {
        status: {**response, "content": _map_content(response, change, f"response {status}")}
        if "content" in response
        else response
        for status, response in operation["responses"].items()
    }
    return result


def referenced(node: Any) -> Iterator[str]:
    """Yield the name of every schema component that anything below a node refers to."""
    if isinstance(node, dict):
        reference = node.get("$ref")
        if isinstance(reference, str) and "/schemas/" in reference:
            yield reference.rsplit("/", 1)[1]
        for value in node.values():
            yield from referenced(value)
    elif isinstance(node, list):
        for value in node:
            yield from referenced(value)


def reachable(schemas: dict[str, Schema], roots: Any) -> set[str]:
    """Names of the schema components that a node reaches, through any number of references."""
    found: set[str] = set()
    waiting = list(referenced(roots))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(referenced(schemas[name]))
    return found


def _map_content(
    holder: dict[str, Any], change: Callable[[Schema, str], Schema], place: str
) -> dict[str, Any]:
    return {
        media_type: {**media, "schema": change(media["schema"], place)}
        if "schema" in media
        else media
        for media_type, media in holder["content"].items()
    }
