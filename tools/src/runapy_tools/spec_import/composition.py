"""`allOf`: parts that say nothing go, single parts are unwrapped, the rest is merged."""

from __future__ import annotations

from typing import Any

from runapy_tools.openapi import Schema, map_subschemas, reference_name

WORDS = {"description", "summary", "title", "example", "examples", "externalDocs"}


def simplify_composition(schema: Schema) -> Schema:
    """Copy of a schema in which every `allOf` holds only parts that constrain something.

    A single part that is not a reference becomes the schema itself, and so does what null is the
    only alternative to.
    """
    result = map_subschemas(schema, simplify_composition)
    mark_null_alternative(result)
    if "allOf" in result:
        parts = [part for part in result["allOf"] if set(part) - WORDS]
        if len(parts) == 1 and "$ref" not in parts[0]:
            del result["allOf"]
            return {**parts[0], **result}
        result["allOf"] = parts
    return result


def mark_null_alternative(schema: Schema) -> None:
    """Turn null among a schema's alternatives (OpenAPI 3.1) into the mark `nullable`, in place."""
    for key in ("anyOf", "oneOf"):
        others = [part for part in schema.get(key, []) if part.get("type") != "null"]
        if len(others) < len(schema.get(key, [])):
            schema["nullable"] = True
            schema[key] = others
            if len(others) == 1:
                schema["allOf"] = schema.pop(key)


def flatten_composition(schema: Schema, components: dict[str, Schema]) -> Schema:
    """Copy of a component in which no `allOf` is left: its parts are merged into one object.

    Raises:
        ValueError: parts contradict each other.
    """
    merged = _merged(schema, components)
    return map_subschemas(merged, lambda each: flatten_use(each, components))


def flatten_use(schema: Schema, components: dict[str, Schema]) -> Schema:
    """Copy of a schema below a component or in an operation, in which no `allOf` is left.

    `allOf: [{$ref}]` with siblings becomes the reference with its siblings (OpenAPI 3.1).
    """
    inner = map_subschemas(schema, lambda each: flatten_use(each, components))
    parts = inner.get("allOf")
    if parts is None:
        return inner
    own = {key: value for key, value in inner.items() if key != "allOf"}
    if len(parts) == 1 and "$ref" in parts[0]:
        return {**parts[0], **own}
    return _merged(inner, components)


def _merged(schema: Schema, components: dict[str, Schema]) -> Schema:
    """The schema and its parts as one; a reference at the top becomes what it refers to."""
    own = {key: value for key, value in schema.items() if key not in ("allOf", "$ref")}
    parts = list(schema.get("allOf", []))
    if "$ref" in schema:
        parts.append({"$ref": schema["$ref"]})
    if not parts:
        return own
    result: Schema = {}
    for part in parts:
        name = reference_name(part)
        source = components[name] if name else part
        siblings = {key: value for key, value in part.items() if key != "$ref"} if name else {}
        _merge_into(result, _merged(source, components))
        _merge_into(result, siblings)
    _merge_into(result, own)
    return result


def _merge_into(result: Schema, part: dict[str, Any]) -> None:
    for key, value in part.items():
        if key == "properties":
            properties = dict(result.get("properties", {}))
            for name, schema in value.items():
                # The later part says more about the same property: it wins, in the older place.
                properties[name] = schema
            result["properties"] = properties
        elif key == "required":
            known = result.get("required", [])
            result["required"] = known + [name for name in value if name not in known]
        elif key == "type" and result.get("type", value) != value:
            kinds = {str(result["type"]), str(value)}
            raise ValueError(f"the parts of an allOf disagree on the type: {sorted(kinds)}")
        else:
            result[key] = value
