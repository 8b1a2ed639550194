"""Schemas as Python types, and as the checks that models and parameters make."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from runapy_tools.openapi import Schema, reference_name

_PLAIN_TYPES = {"string": "str", "integer": "int", "boolean": "bool", "number": "Number"}
_FIELD_LIMITS = {
    "minimum": "ge",
    "maximum": "le",
    "exclusiveMinimum": "gt",
    "exclusiveMaximum": "lt",
    "multipleOf": "multiple_of",
    "minLength": "min_length",
    "maxLength": "max_length",
    "minItems": "min_length",
    "maxItems": "max_length",
    "minProperties": "min_length",
    "maxProperties": "max_length",
    "pattern": "pattern",
}


@dataclass
class PythonType:
    """A type expression, with what it uses."""

    text: str
    models: set[str] = field(default_factory=set)
    typing: set[str] = field(default_factory=set)
    """Names from `typing`, `datetime` and `runai._core.model`."""

    def within(self, outer: str) -> PythonType:
        return PythonType(
            f"{outer}[{self.text}]", self.models, self.typing | {outer.split("[", maxsplit=1)[0]}
        )


def python_type(schema: Schema, prefix: str = "") -> PythonType:
    """The type of a schema's values, without null.

    Arguments:
        schema: from this project's own description.
        prefix: stands before the names of models, such as `models.`.
    """
    name = reference_name(schema)
    if name:
        return PythonType(prefix + name, {name})
    schema = without_null(schema)
    name = reference_name(schema)
    if name:
        return PythonType(prefix + name, {name})
    if "anyOf" in schema or "oneOf" in schema:
        members = [python_type(each, prefix) for each in schema.get("anyOf") or schema["oneOf"]]
        return PythonType(
            f"Union[{', '.join(each.text for each in members)}]",
            set().union(*(each.models for each in members)),
            {"Union"}.union(*(each.typing for each in members)),
        )
    if "enum" in schema:
        values = ", ".join(quoted(value) for value in schema["enum"] if value is not None)
        return PythonType(f"Literal[{values}]", typing={"Literal"})
    kind = plain_kind(schema)
    if kind == "array":
        return element_type(schema["items"], prefix).within("List")
    if kind == "object":
        values_schema = schema.get("additionalProperties")
        if isinstance(values_schema, dict) and values_schema:
            inner = element_type(values_schema, prefix)
            return PythonType(f"Dict[str, {inner.text}]", inner.models, inner.typing | {"Dict"})
        return PythonType("Dict[str, Any]", typing={"Dict", "Any"})
    if kind is None:
        return PythonType("Any", typing={"Any"})
    if kind == "string" and schema.get("format") == "date-time":
        return PythonType("datetime", typing={"datetime"})
    if kind == "string" and schema.get("format") == "date":
        return PythonType("date", typing={"date"})
    text = _PLAIN_TYPES[kind]
    return PythonType(text, typing={text} & {"Number"})


def element_type(schema: Schema, prefix: str = "") -> PythonType:
    """The type of an element of a list or map: with its own limits, Optional if it may be null."""
    inner = python_type(schema, prefix)
    limits = field_limits(without_null(schema))
    if limits:
        inner = PythonType(
            f"Annotated[{inner.text}, Field({limits})]",
            inner.models,
            inner.typing | {"Annotated", "Field"},
        )
    return inner.within("Optional") if is_nullable(schema) else inner


def field_limits(schema: Schema) -> str:
    """A schema's limits as keywords of pydantic's `Field`."""
    if reference_name(schema) or "enum" in schema or schema.get("format") in ("date-time", "date"):
        return ""
    return ", ".join(
        f"{keyword}={quoted(schema[key])}"
        for key, keyword in _FIELD_LIMITS.items()
        if key in schema
    )


def parameter_check(schema: Schema, components: dict[str, Schema]) -> str:
    """The expression that makes a parameter's check, in terms of `runai._core.parameters`."""
    name = reference_name(schema)
    if name:
        schema = components[name]
    schema = without_null(schema)
    kind = plain_kind(schema)
    if "enum" in schema:
        values = [value for value in schema["enum"] if value is not None]
        return f"choice({', '.join(quoted(value) for value in values)})"
    if kind == "array":
        limits = _keywords(schema, {"minItems": "min_items", "maxItems": "max_items"})
        return f"list_of({', '.join([parameter_check(schema['items'], components), *limits])})"
    if kind == "boolean":
        return "boolean()"
    if kind in ("integer", "number"):
        limits = _keywords(schema, {"minimum": "minimum", "maximum": "maximum"})
        return f"{kind}({', '.join(limits)})"
    if schema.get("format") == "date-time":
        return "timestamp()"
    limits = _keywords(
        schema, {"pattern": "pattern", "minLength": "min_length", "maxLength": "max_length"}
    )
    return f"string({', '.join(limits)})"


def is_nullable(schema: Schema) -> bool:
    """Whether null is one of a schema's values; a schema without any type allows everything."""
    if "null" in _types(schema):
        return True
    if any(
        each == {"type": "null"} for each in [*schema.get("anyOf", []), *schema.get("oneOf", [])]
    ):
        return True
    return not set(schema) & {"$ref", "type", "enum", "anyOf", "oneOf", "properties"}


def without_null(schema: Schema) -> Schema:
    """The same schema without null; a reference that may be null becomes the reference."""
    for key in ("anyOf", "oneOf"):
        if key in schema:
            members = [each for each in schema[key] if each != {"type": "null"}]
            rest = {name: value for name, value in schema.items() if name != key}
            return {**members[0], **rest} if len(members) == 1 else {**rest, key: members}
    return schema


def plain_kind(schema: Schema) -> str | None:
    """A schema's one type besides null."""
    kinds = [kind for kind in _types(schema) if kind != "null"]
    return kinds[0] if kinds else None


def quoted(value: Any) -> str:
    """A JSON value as a Python literal, backslashes readable."""
    if isinstance(value, str) and "\\" in value and '"' not in value:
        return f'r"{value}"'
    return repr(value)


def _types(schema: Schema) -> list[str]:
    kinds = schema.get("type", [])
    return kinds if isinstance(kinds, list) else [kinds]


def _keywords(schema: Schema, names: dict[str, str]) -> list[str]:
    return [f"{name}={quoted(schema[key])}" for key, name in names.items() if key in schema]
