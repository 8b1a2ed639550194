"""What control planes older and newer than the client may answer differently, place by place."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from .schema_parts import Change, Schema, has_fields

NEW_FIELD = "newInLaterControlPlanes"
NEW_VALUE = {"newer": [1, None, "text"]}
UNKNOWN = "Made-up by a newer control plane"


def minimal(schema: Schema, value: Any) -> Any:
    if not has_fields(schema, value):
        return value
    return {name: each for name, each in value.items() if name in schema.get("required", [])}


def with_new_field(schema: Schema, value: Any) -> Any:
    return {**value, NEW_FIELD: NEW_VALUE} if has_fields(schema, value) else value


def with_unknown_member(schema: Schema, value: Any) -> Any:
    return UNKNOWN if "enum" in schema and isinstance(value, str) else value


def number_as_text(schema: Schema, value: Any) -> Any:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return str(value) if is_number and "type" in schema else value


def text_as_number(schema: Schema, value: Any) -> Any:
    if not isinstance(value, str) or "enum" in schema or schema.get("format") == "date-time":
        return value
    return 42 if "type" in schema else value


def with_9_digits(schema: Schema, value: Any) -> Any:
    return _time(schema, value, "%Y-%m-%dT%H:%M:%S.123456789Z")


def without_offset(schema: Schema, value: Any) -> Any:
    return _time(schema, value, "%Y-%m-%dT%H:%M:%S")


def beyond_limits(schema: Schema, value: Any) -> Any:
    if schema.get("format") == "date-time":
        return value
    if isinstance(value, str) and {"minLength", "maxLength", "pattern"} & set(schema):
        return "x" * (schema["maxLength"] + 1) if "maxLength" in schema else ""
    if isinstance(value, (int, float)) and {"minimum", "maximum"} & set(schema):
        return schema["maximum"] + 1 if "maximum" in schema else schema["minimum"] - 1
    if isinstance(value, list) and {"minItems", "maxItems"} & set(schema):
        return value * (schema["maxItems"] + 1) if "maxItems" in schema else []
    return value


def with_null_items(schema: Schema, value: Any) -> Any:
    if isinstance(value, list):
        return [*value, None]
    return {**value, "": None} if isinstance(value, dict) and "properties" not in schema else value


def null_for_required(schema: Schema, value: Any) -> Any:
    if not has_fields(schema, value):
        return value
    return {**value, **dict.fromkeys(schema.get("required", []))}


def without_required(schema: Schema, value: Any) -> Any:
    if not has_fields(schema, value):
        return value
    return {name: each for name, each in value.items() if name not in schema.get("required", [])}


EVERYWHERE: dict[str, Change] = {
    "minimal": minimal,
    "extra fields": with_new_field,
    "unknown enum members": with_unknown_member,
    "numbers as text": number_as_text,
    "text as numbers": text_as_number,
    "times with 9 digits": with_9_digits,
    "times without offset": without_offset,
    "beyond limits": beyond_limits,
    "null among items": with_null_items,
}
AT_ONE_DEPTH: dict[str, Change] = {
    "null for required": null_for_required,
    "missing required": without_required,
}
"""What ends what is below it, so that it has to be tried at each depth of an answer."""


def _time(schema: Schema, value: Any, form: str) -> Any:
    if schema.get("format") != "date-time" or not isinstance(value, str):
        return value
    return datetime.fromisoformat(value).strftime(form)
