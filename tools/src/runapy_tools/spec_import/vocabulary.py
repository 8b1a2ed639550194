"""One schema vocabulary: OpenAPI 3.1's, without words, examples and keywords that say nothing."""

from __future__ import annotations

from typing import Any

from runapy_tools.openapi import Schema, map_subschemas
from runapy_tools.spec_import.composition import WORDS, mark_null
from runapy_tools.spec_import.report import Report

_STRING_ONLY = {"minLength": "minItems", "maxLength": "maxItems"}
_KNOWN_FORMATS = {
    "uuid", "date-time", "date", "email", "uri", "hostname", "ipv4", "ipv6", "password",
    "binary", "byte", "int32", "int64", "double", "float",
}  # fmt: skip
_KEYWORDS = {
    "$ref", "type", "format", "enum", "const", "default", "nullable", "properties", "required",
    "additionalProperties", "items", "allOf", "anyOf", "oneOf", "not", "pattern", "minimum",
    "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength",
    "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "readOnly",
    "writeOnly", "deprecated",
}  # fmt: skip
_MATCHES_EVERYTHING = {".*", "^.*$"}


def normalise(schema: Schema, place: str, report: Report) -> Schema:
    """Copy of a schema with the general rules applied, here and in everything below.

    `nullable` stays as a mark for `express_null`, which runs when the document is flat.
    """
    result = _known_keywords(schema, place, report)
    mark_null(result)
    _type(result, place, report)
    _limits(result, place, report)
    _format(result, place, report)
    _pattern(result, place, report)
    _null(result, place, report)
    if "properties" in result:
        result["properties"] = {
            name: normalise(value, f"{place}.{name}", report)
            for name, value in result["properties"].items()
        }
    bare = {key: value for key, value in result.items() if key != "properties"}
    below = map_subschemas(bare, lambda each: normalise(each, f"{place}[]", report))
    # `properties` keeps its position, so that files read like their source.
    return {key: result[key] if key == "properties" else below[key] for key in result}


def drop_undefined_required(schema: Schema, place: str, report: Report) -> Schema:
    """Copy of a flat schema whose `required` names only properties that it defines."""
    result = map_subschemas(schema, lambda each: drop_undefined_required(each, place, report))
    known = result.get("properties", {})
    if "required" in result and "$ref" not in result:
        for name in result["required"]:
            if name not in known:
                report.repaired("`required` names what is defined nowhere", f"{place}.{name}")
        result["required"] = [name for name in result["required"] if name in known]
        if not result["required"]:
            del result["required"]
    return result


def express_null(schema: Schema, nullable_components: set[str]) -> Schema:
    """Copy of a flat schema in which the mark `nullable` has become the type "null"."""
    result = map_subschemas(schema, lambda each: express_null(each, nullable_components))
    nullable = result.pop("nullable", False)
    if "$ref" in result:
        if nullable or result["$ref"].rsplit("/", 1)[1] in nullable_components:
            reference = {"$ref": result.pop("$ref")}
            return {"anyOf": [reference, {"type": "null"}], **result}
        return result
    if not nullable:
        return result
    if "type" in result:
        result["type"] = [result["type"], "null"]
    for key in ("anyOf", "oneOf"):
        if key in result:
            result[key] = [*result[key], {"type": "null"}]
    if "enum" in result and None not in result["enum"]:
        result["enum"] = [*result["enum"], None]
    return result


def _known_keywords(schema: Schema, place: str, report: Report) -> Schema:
    result = {}
    for key, value in schema.items():
        if key == "depracted":
            report.repaired("misspelled keyword `depracted`", place)
            result["deprecated"] = value
        elif key in _KEYWORDS:
            result[key] = value
        elif key not in WORDS:
            report.left_out(f"keyword `{key}`", place)
    return result


def _type(schema: Schema, place: str, report: Report) -> None:
    kind = schema.get("type")
    if isinstance(kind, list) and len(kind) == 1:  # OpenAPI 3.1
        kind = schema["type"] = kind[0]
    if isinstance(kind, list):
        del schema["type"]
        report.left_out(f"a choice of types ({', '.join(kind)})", place)
    elif kind is not None and "allOf" in schema and "properties" not in schema:
        # Beside a reference that may be null, it would refuse null.
        del schema["type"]
        report.left_out(f"`type: {kind}` beside `allOf`, whose parts say it", place)
    elif kind is None and "$ref" not in schema:
        if "properties" in schema or "additionalProperties" in schema:
            schema["type"] = "object"
            report.repaired("an object without a type", place)
        elif "items" in schema:
            schema["type"] = "array"
            report.repaired("an array without a type", place)
        elif "enum" in schema:
            schema["type"] = "string"
            report.repaired("an enum without a type", place)
    if schema.get("type") != "array" and "items" in schema:
        del schema["items"]
        report.repaired("`items` on what is no array", place)
    if schema.get("type") == "object" and "enum" in schema:
        if all(isinstance(each, str) for each in schema["enum"]):
            schema["type"] = "string"
            schema.pop("properties", None)
            report.repaired("an enum of strings called an object", place)


def _limits(schema: Schema, place: str, report: Report) -> None:
    for key, array_key in _STRING_ONLY.items():
        if key in schema and schema.get("type") not in ("string", None):
            limit = schema.pop(key)
            if schema.get("type") == "array":
                schema.setdefault(array_key, limit)
                report.repaired(f"`{key}` on an array is `{array_key}`", place)
            else:
                report.left_out(f"`{key}` on a {schema['type']}", place)
    for key, limit_key in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(schema.get(key), bool):  # OpenAPI 3.0
            if schema.pop(key) and limit_key in schema:
                schema[key] = schema.pop(limit_key)


def _format(schema: Schema, place: str, report: Report) -> None:
    if "format" not in schema:
        return
    form = schema["format"]
    if (schema.get("type"), form) in (("number", "int64"), ("number", "int32")):
        schema["type"] = "integer"
        report.repaired(f"a number of format `{form}` is an integer", place)
    elif form not in _KNOWN_FORMATS:
        del schema["format"]
        report.left_out(f"the format `{form}`, which no standard knows", place)


def _pattern(schema: Schema, place: str, report: Report) -> None:
    pattern = schema.get("pattern")
    if pattern is None:
        return
    if "\\\\" in pattern:
        pattern = schema["pattern"] = pattern.replace("\\\\", "\\")
        report.repaired("a pattern whose backslashes were escaped twice", place)
    if len(pattern) > 1 and pattern[0] == pattern[-1] == "/":
        pattern = schema["pattern"] = pattern[1:-1]
        report.repaired("a pattern written as a JavaScript literal", place)
    if pattern in _MATCHES_EVERYTHING:
        del schema["pattern"]
        report.left_out(f"the pattern `{pattern}`, which holds for everything", place)


def _null(schema: Schema, place: str, report: Report) -> None:
    parts: Any = schema.get("allOf")
    if parts and all(part.get("nullable") and "$ref" not in part for part in parts):
        schema["nullable"] = True
    if schema.get("enum"):
        if None in schema["enum"]:
            schema["enum"] = [each for each in schema["enum"] if each is not None]
            schema["nullable"] = True
        elif schema.get("nullable"):
            report.repaired("a nullable enum without null in its list", place)
    if not schema.get("nullable", True):
        del schema["nullable"]
    if "nullable" in schema and "$ref" in schema:
        report.repaired("`nullable` beside a `$ref`", place)
