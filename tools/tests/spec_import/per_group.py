"""A document as one OpenAPI 3.1 file for each group, as newer control planes are published."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from runapy_tools.openapi import METHODS, Document, Schema


def write_groups(document: Document, folder: Path) -> None:
    """Write `<category>/<group>.json`, each with the components that it needs and no other."""
    categories = {tag: each["name"] for each in document["x-tagGroups"] for tag in each["tags"]}
    items: dict[str, dict[str, dict[str, Any]]] = {}
    for path, item in document["paths"].items():
        shared = {key: value for key, value in item.items() if key not in METHODS}
        for method in (key for key in item if key in METHODS):
            paths = items.setdefault(item[method]["tags"][0], {})
            paths.setdefault(path, shared.copy())[method] = item[method]
    for tag, paths in items.items():
        content: Document = {
            "openapi": "3.1.0",
            "info": {"title": tag, "version": "of no use"},
            **{key: document[key] for key in ("servers", "security") if key in document},
            "tags": [{"name": tag}],
            "paths": paths,
        }
        content["components"] = _needed(document["components"], content)
        target = folder / _file_name(categories[tag]) / f"{_file_name(tag)}.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(_in_3_1(content)), encoding="utf-8")


def _file_name(words: str) -> str:
    return re.sub(r"\W+", "-", words.lower())


def _needed(components: dict[str, Any], node: Any) -> dict[str, Any]:
    needed: dict[str, Any] = {"securitySchemes": components.get("securitySchemes", {})}
    waiting = [node]
    while waiting:
        for kind, name in _references(waiting.pop()):
            if name not in needed.setdefault(kind, {}):
                needed[kind][name] = components[kind][name]
                waiting.append(components[kind][name])
    # In an order that says nothing of the document's.
    return {kind: dict(sorted(each.items())) for kind, each in sorted(needed.items())}


def _references(node: Any) -> list[tuple[str, str]]:
    if isinstance(node, list):
        return [each for value in node for each in _references(value)]
    if not isinstance(node, dict):
        return []
    found = [each for value in node.values() for each in _references(value)]
    if isinstance(node.get("$ref"), str):
        _, _, kind, name = node["$ref"].split("/")
        found.append((kind, name))
    return found


def _in_3_1(node: Any) -> Any:
    """Every schema of an OpenAPI 3.0 document in the words of 3.1."""
    if isinstance(node, list):
        return [_in_3_1(each) for each in node]
    if not isinstance(node, dict):
        return node
    result = {key: _in_3_1(value) for key, value in node.items()}
    if isinstance(node.get("nullable"), bool) or _is_a_schema(node):
        return _schema(result)
    return result


def _is_a_schema(node: Schema) -> bool:
    return isinstance(node.get("type"), str) and "in" not in node and "scheme" not in node


def _schema(schema: Schema) -> Schema:
    if "example" in schema:
        schema["examples"] = [schema.pop("example")]
    for excluded, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(schema.get(excluded), bool):
            if schema.pop(excluded):
                schema[excluded] = schema.pop(limit)
    if not schema.pop("nullable", False):
        return schema
    if isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema and None not in schema["enum"]:
            schema["enum"] = [*schema["enum"], None]
        if "allOf" in schema:
            # A type beside the parts forbids null only where they do not allow it themselves.
            parts = schema.pop("allOf")
            del schema["type"]
            inner = parts[0] if len(parts) == 1 else {"allOf": parts}
            schema["anyOf"] = [inner, {"type": "null"}]
        return schema
    inner = {key: schema.pop(key) for key in ("allOf", "anyOf", "oneOf", "$ref") if key in schema}
    if set(inner) == {"allOf"} and len(inner["allOf"]) == 1:
        inner = inner["allOf"][0]
    if inner:
        schema["anyOf"] = [inner, {"type": "null"}]
    return schema
