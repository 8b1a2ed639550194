"""Putting into an answer what its request carried, so that an answer fits what was asked."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from runai.testing.specification import Operation, Schemas


class Echo:
    """Replaces made-up values by those of one request, where the answer's schema allows them.

    Args:
        operation: which is answered.
        path_parameters: of the request, decoded.
        body: of the request, decoded; None where it has none.
        schemas: of answers.
    """

    def __init__(
        self,
        operation: Operation,
        path_parameters: Mapping[str, Any],
        body: Any,
        schemas: Schemas,
    ) -> None:
        self._named = {_plain(name): value for name, value in path_parameters.items()}
        self._identity = _identity(operation, path_parameters)
        self._body = body
        self._schemas = schemas

    def into(self, answer: Any, schema: Any) -> Any:
        """The answer with the request's values.

        A property takes what the request's body has at the same place, else the path parameter of
        its name. `id` or `uuid` at the top takes the last segment of a path that ends in a
        parameter.
        """
        echoed = self._filled(answer, schema, self._body)
        carried = self._body if isinstance(self._body, dict) else {}
        for name in ("id", "uuid"):
            if isinstance(echoed, dict) and name in echoed and name not in carried:
                part = self._property(schema, name)
                for value in self._identity:
                    if self._schemas.is_valid(part, value):
                        echoed[name] = value
        return echoed

    def _filled(self, made: Any, schema: Any, carried: Any) -> Any:
        if isinstance(made, dict):
            return {
                name: self._property_value(name, value, self._property(schema, name), carried)
                for name, value in made.items()
            }
        if isinstance(made, list):
            items = self._items(schema)
            carried_items = carried if isinstance(carried, list) else []
            pairs = zip_longest(made, carried_items[: len(made)])
            return [self._filled(value, items, within) for value, within in pairs]
        return made

    def _property_value(self, name: str, made: Any, schema: Any, carried: Any) -> Any:
        within = None
        if isinstance(carried, dict) and name in carried:
            within = carried[name]
            if self._schemas.is_valid(schema, within):
                return within
        if not isinstance(made, (dict, list)) and _plain(name) in self._named:
            value = self._named[_plain(name)]
            if self._schemas.is_valid(schema, value):
                return value
        return self._filled(made, schema, within)

    def _property(self, schema: Any, name: str) -> Any:
        listed = self._first(schema, "properties").get("properties", {})
        # What is not listed, as in a free-form object, stays as it was made.
        return listed.get(name, False)

    def _items(self, schema: Any) -> Any:
        return self._first(schema, "items").get("items", False)

    def _first(self, schema: Any, keyword: str) -> dict[str, Any]:
        """The schema itself or the first of its alternatives that has the keyword."""
        schema = self._schemas.resolved(schema)
        if not isinstance(schema, dict) or keyword in schema:
            return schema if isinstance(schema, dict) else {}
        parts = [part for key in ("allOf", "oneOf", "anyOf") for part in schema.get(key, [])]
        found = (self._first(part, keyword) for part in parts)
        return next((part for part in found if keyword in part), {})


def _identity(operation: Operation, path_parameters: Mapping[str, Any]) -> list[Any]:
    last = operation.path.rsplit("/", 1)[-1]
    return [path_parameters[last[1:-1]]] if last[1:-1] in path_parameters else []


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()
