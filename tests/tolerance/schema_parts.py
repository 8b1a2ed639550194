"""A value beside the schema that it was made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from runai.testing.specification import Schemas

Schema = dict[str, Any]
Change = Callable[[Schema, Any], Any]
"""Makes another value of a schema and a value of it."""


class SchemaParts:
    """Finds the schemas of what is in a value.

    Arguments:
        schemas: of what the control plane answers.
    """

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas
        # The tests look up the same schemas a million times.
        self._known: dict[int, tuple[Any, Schema]] = {}

    def meant(self, schema: Any) -> Schema:
        """What a reference leads to, and what may also be null; empty where all is allowed."""
        if id(schema) not in self._known:
            self._known[id(schema)] = schema, self._found(schema)
        return self._known[id(schema)][1]

    def within(self, schema: Schema, value: Any) -> Iterator[tuple[Any, Schema, Any]]:
        """What is in an object or a list: key or index, schema and value."""
        if isinstance(value, dict):
            others = schema.get("additionalProperties", True)
            properties = schema.get("properties", {})
            for name, each in value.items():
                yield name, self.meant(properties.get(name, others)), each
        elif isinstance(value, list):
            items = self.meant(schema.get("items", True))
            for index, each in enumerate(value):
                yield index, items, each

    def changed(self, schema: Schema, value: Any, change: Change) -> Any:
        """A value in which every part is changed, and then itself."""
        return change(
            schema, self._rebuilt(schema, value, lambda of, each: self.changed(of, each, change))
        )

    def changed_at(self, depth: int, schema: Schema, value: Any, change: Change) -> Any:
        """A value in which only the objects are changed that are within so many others."""
        if isinstance(value, dict):
            if depth == 0:
                return change(schema, value)
            depth -= 1
        return self._rebuilt(
            schema, value, lambda of, each: self.changed_at(depth, of, each, change)
        )

    def _rebuilt(self, schema: Schema, value: Any, change: Change) -> Any:
        if isinstance(value, dict):
            return {key: change(of, each) for key, of, each in self.within(schema, value)}
        if isinstance(value, list):
            return [change(of, each) for _, of, each in self.within(schema, value)]
        return value

    def _found(self, schema: Any) -> Schema:
        schema = self._schemas.resolved(schema)
        if not isinstance(schema, dict):
            return {}
        if "anyOf" in schema:
            others = [each for each in schema["anyOf"] if each != {"type": "null"}]
            # What has several alternatives is read as one of them, and not looked into here.
            return self._found(others[0]) if len(others) == 1 else {}
        return schema


def has_fields(schema: Schema, value: Any) -> bool:
    """Whether the value is an object that models read."""
    return isinstance(value, dict) and "properties" in schema
