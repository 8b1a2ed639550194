"""What an operation keeps of the source: names, parameters, body, responses; no words."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

from runapy_tools.naming import method_names, python_name, snake_case
from runapy_tools.openapi import (
    METHODS,
    Document,
    Schema,
    operations,
    reference_name,
    resolve,
)
from runapy_tools.spec_import.composition import WORDS
from runapy_tools.spec_import.report import Report
from runapy_tools.spec_import.unsupported import refuse_unsupported_parameter

_KEPT = ("tags", "operationId", "deprecated", "security", "parameters", "requestBody", "responses")
_SILENT = {"summary", "description", "externalDocs", "x-replacement"}
_REPLACEMENT = re.compile(
    r"\b[Uu]se\s+(?:the\s+)?`?(?P<method>GET|PUT|POST|PATCH|DELETE)?\s*/?(?P<path>(?:api|v1)/[\w/{}.-]+)"
)


def bring_together(document: Document, report: Report) -> None:
    """Resolve parameters, bodies and responses into each operation, in place.

    Parameters of the path come before those of the operation, and one that is given twice by
    name and place counts once.
    """
    for path, item in document["paths"].items():
        shared = item.pop("parameters", [])
        for method in item:
            if method not in METHODS:
                continue
            operation = item[method]
            operation["parameters"] = _parameters(
                document, shared + operation.get("parameters", []), f"{method} {path}", report
            )
            if "requestBody" in operation:
                operation["requestBody"] = dict(resolve(document, operation["requestBody"]))
            operation["responses"] = {
                str(status): dict(resolve(document, response))
                for status, response in operation["responses"].items()
            }


def find_replacements(document: Document) -> None:
    """Mark each deprecated operation whose words name another path with that operation.

    The words go, the fact stays, as `x-replacement: <group>.<method>`.
    """
    names = method_names(document)
    by_shape = {
        (re.sub(r"\{.*?\}", "{}", path), method): (path, method)
        for path, method, _ in operations(document)
    }
    for _, method, operation in operations(document):
        found = _REPLACEMENT.search(operation.get("description") or "")
        if not operation.get("deprecated") or not found:
            continue
        shape = re.sub(r"\{.*?\}", "{}", "/" + found["path"].rstrip("."))
        wanted = (found["method"] or method).lower()
        # An update may have become a PATCH.
        for candidate in ((shape, wanted), (shape, "patch" if wanted == "put" else wanted)):
            if candidate in by_shape:
                path, target = by_shape[candidate]
                group = snake_case(document["paths"][path][target]["tags"][0])
                operation["x-replacement"] = f"{group}.{names[path, target]}"
                break


def name_bodies(document: Document) -> None:
    """Note each body's parameter name: its model's, of a list the items' model."""
    schemas = document["components"]["schemas"]
    for _, _, operation in operations(document):
        body = operation.get("requestBody")
        if body:
            schema = next(iter(body["content"].values())).get("schema", {})
            body["x-name"] = _body_name(schema, schemas)


def _body_name(schema: Schema, schemas: dict[str, Schema]) -> str:
    name = reference_name(schema)
    if name is None:
        return _body_name(schema["items"], schemas) if "items" in schema else "body"
    target = schemas[name]
    if set(target) - WORDS == {"$ref"} or "items" in target:
        return _body_name(target, schemas)
    return python_name(name)


def facts(document: Document, report: Report) -> dict[str, Any]:
    """Paths with each operation cut down to its facts, under its client name."""
    names = method_names(document)
    paths: dict[str, Any] = {}
    for path, method, operation in operations(document):
        place = f"{method} {path}"
        for key in operation:
            if key not in _KEPT and key not in _SILENT:
                report.left_out(f"keyword `{key}` of an operation", place)
        group = snake_case(operation["tags"][0])
        kept: dict[str, Any] = {"operationId": f"{group}.{names[path, method]}"}
        if names[path, method] != operation["operationId"]:
            report.renamed(
                "an operation, to its method's name",
                f"{operation['operationId']} -> {kept['operationId']}",
            )
        kept["tags"] = operation["tags"]
        for key in ("deprecated", "x-replacement", "parameters"):
            if operation.get(key):
                kept[key] = operation[key]
        if "security" in operation:
            kept["security"] = operation["security"]
        if "requestBody" in operation:
            kept["requestBody"] = _body(operation["requestBody"])
        kept["responses"] = {
            status: _response(status, response)
            for status, response in operation["responses"].items()
        }
        paths.setdefault(path, {})[method] = kept
    return paths


def _parameters(
    document: Document, given: list[dict[str, Any]], place: str, report: Report
) -> list[dict[str, Any]]:
    parameters: dict[tuple[str, str], dict[str, Any]] = {}
    for each in given:
        parameter = resolve(document, each)
        key = (parameter["in"], parameter["name"])
        if key in parameters:
            report.repaired("a parameter given twice", f"{place} {parameter['name']}")
            continue
        if parameter.get("allowReserved"):
            report.left_out(
                "`allowReserved`: values are percent-encoded all the same",
                f"{place} {parameter['name']}",
            )
        refuse_unsupported_parameter(document, parameter, f"{place} {parameter['name']}")
        parameters[key] = _parameter(document, parameter)
    return list(parameters.values())


def _parameter(document: Document, parameter: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {"name": parameter["name"], "in": parameter["in"]}
    kept["x-name"] = python_name(parameter["name"])
    kept["required"] = parameter.get("required", False)
    if parameter.get("deprecated"):
        kept["deprecated"] = True
    schema: Schema = resolve(document, parameter.get("schema", {}))
    if schema.get("type") == "array":
        kept["explode"] = parameter.get("explode", parameter["in"] == "query")
    kept["schema"] = parameter.get("schema", {})
    return kept


def _body(body: dict[str, Any]) -> dict[str, Any]:
    return {
        "x-name": body["x-name"],
        "required": body.get("required", False),
        "content": _content(body["content"]),
    }


def _response(status: str, response: dict[str, Any]) -> dict[str, Any]:
    # OpenAPI demands a description; the status's own phrase is the one fact there is.
    phrase = HTTPStatus(int(status)).phrase if status.isdigit() else status
    kept: dict[str, Any] = {"description": phrase}
    if response.get("content"):
        kept["content"] = _content(response["content"])
    return kept


def _content(content: dict[str, Any]) -> dict[str, Any]:
    return {
        media_type: {"schema": media["schema"]} if "schema" in media else {}
        for media_type, media in content.items()
    }
