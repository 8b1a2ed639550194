"""Values made from schemas: valid, readable, and the same every time."""

from __future__ import annotations

import math
from typing import Any

from runai.testing.sample_text import sample_text
from runai.testing.schema_views import NOTHING
from runai.testing.specification import Schemas


class _Omit:
    """Stands for a value that would never end: a schema within itself, or one that allows none."""


_OMIT = _Omit()


class Samples:
    """Makes values of schemas.

    Args:
        schemas: of the direction the values are for.
    """

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas

    def of(self, schema: Any, name: str = "value", index: int = 0) -> Any:
        """A value that the schema allows.

        Args:
            schema: what to make a value of.
            name: of the property the value is for; it shows in strings.
            index: makes the values of different items differ.

        Raises:
            ValueError: no value is known for a pattern in it.
        """
        value = self._value(schema, name, index, ())
        return None if value is _OMIT else value

    def _value(self, schema: Any, name: str, index: int, within: tuple[str, ...]) -> Any:
        if schema is False or schema == NOTHING:
            return _OMIT
        if schema is True:
            return {}
        if "$ref" in schema:
            reference = schema["$ref"]
            if reference in within:
                return _OMIT
            target = self._schemas.referenced(reference)
            return self._value(target, name, index, (*within, reference))
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return next((member for member in schema["enum"] if member is not None), None)
        return self._composed(schema, name, index, within)

    def _composed(
        self, schema: dict[str, Any], name: str, index: int, within: tuple[str, ...]
    ) -> Any:
        values: list[Any] = [
            self._value(part, name, index, within) for part in schema.get("allOf", [])
        ]
        for keyword in ("oneOf", "anyOf"):
            if keyword in schema:
                alternatives = (self._value(part, name, index, within) for part in schema[keyword])
                values.append(next((v for v in alternatives if v is not _OMIT), _OMIT))
        if _OMIT in values:
            return _OMIT
        if not values or "properties" in schema:
            values.append(self._plain(schema, name, index, within))
        objects = [value for value in values if isinstance(value, dict)]
        return {k: v for value in objects for k, v in value.items()} if objects else values[-1]

    def _plain(self, schema: dict[str, Any], name: str, index: int, within: tuple[str, ...]) -> Any:
        kind = _type(schema)
        if kind == "array":
            return self._array(schema, name, index, within)
        if kind == "object":
            return self._object(schema, index, within)
        if kind == "string":
            return sample_text(schema, name, index)
        if kind == "integer":
            return _integer(schema, index)
        if kind == "number":
            return _number(schema, index)
        return False if kind == "boolean" else None

    def _array(
        self, schema: dict[str, Any], name: str, index: int, within: tuple[str, ...]
    ) -> list[Any]:
        count = min(max(1, schema.get("minItems", 0)), schema.get("maxItems", math.inf))
        items = schema.get("items", True)
        values = [self._value(items, name, index + i, within) for i in range(int(count))]
        return [value for value in values if value is not _OMIT]

    def _object(self, schema: dict[str, Any], index: int, within: tuple[str, ...]) -> Any:
        required = set(schema.get("required", []))
        properties = schema.get("properties", {})
        made = {name: self._value(part, name, index, within) for name, part in properties.items()}
        if any(value is _OMIT and name in required for name, value in made.items()):
            return None if "null" in schema.get("type", []) else _OMIT
        made = {name: value for name, value in made.items() if value is not _OMIT}
        others = schema.get("additionalProperties")
        if isinstance(others, dict) and not properties:
            value = self._value(others, "key", index, within)
            made.update({} if value is _OMIT else {"key": value})
        return made


def _type(schema: dict[str, Any]) -> str:
    named = schema.get("type")
    if isinstance(named, list):
        return next((name for name in named if name != "null"), "null")
    if named:
        return str(named)
    if "items" in schema:
        return "array"
    return "string" if {"pattern", "minLength", "maxLength"} & set(schema) else "object"


def _integer(schema: dict[str, Any], index: int) -> int:
    above = schema.get("exclusiveMinimum", -math.inf)
    highest, step = _highest(schema), schema.get("multipleOf", 1)
    lowest = max(schema.get("minimum", min(0, highest)), above + 1 if above > -math.inf else above)
    first = math.ceil(lowest / step) * step
    wanted = first + index * step
    return int(wanted if wanted <= highest else first)


def _number(schema: dict[str, Any], index: int) -> float:
    lowest = schema.get("minimum", schema.get("exclusiveMinimum", 0))
    if _highest(schema) < lowest:
        return float(_highest(schema))
    step = schema.get("multipleOf", 0.5)
    wanted = lowest + step * (index + 1)
    return float(wanted if wanted <= _highest(schema) else lowest)


def _highest(schema: dict[str, Any]) -> float:
    below = schema.get("exclusiveMaximum", math.inf)
    return float(min(schema.get("maximum", math.inf), below - 1))
