"""The specification as one direction sees it: what a request may hold, what a response may hold.

Both are ordinary JSON Schema 2020-12, so that an ordinary validator does the whole check, through
nested objects, arrays and alternatives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Dict, Mapping

Schema = Dict[str, Any]

# Not plain False: errors of that do not tell their place.
NOTHING: Schema = {"not": {}}
"""Allows no value."""

_MAPS = ("properties", "patternProperties", "$defs", "dependentSchemas")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_SINGLES = (
    "items additionalProperties propertyNames contains not if then else "
    "unevaluatedItems unevaluatedProperties"
).split()
# These look at the same value as the schema that holds them.
_IN_PLACE = ("$ref", "allOf", "anyOf", "oneOf", "if", "then", "else", "dependentSchemas")
_COMPONENTS = "#/components/schemas/"
_OPEN_COMPONENTS = "#/components/x-open/"


class Lazily(Mapping[str, Any]):
    """Makes each of its values when it is first asked for; the same one ever after.

    Args:
        names: of the values.
        make: makes the value of a name.
    """

    def __init__(self, names: Iterable[str], make: Callable[[str], Any]) -> None:
        self._names = dict.fromkeys(names)
        self._make = make
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        try:
            return self._made[name]
        except KeyError:
            if name not in self._names:
                raise
        # Of two threads that make it, both get what the first one kept.
        return self._made.setdefault(name, self._make(name))

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def request_view(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document without read-only properties, with every listed object closed."""
    return _view(document, "readOnly")


def response_view(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document without write-only properties, with every listed object closed.

    Closed here only means that the control plane itself sends nothing that is not specified.
    """
    return _view(document, "writeOnly")


def _view(document: Mapping[str, Any], annotation: str) -> Mapping[str, Any]:
    """The document without the properties that carry the annotation, closed; made by and by.

    Closed: unlisted properties are refused where a schema lists properties and says nothing of
    others.
    """
    components = document.get("components", {})
    named = components.get("schemas", {})
    without = _exclusion(named, annotation)

    def closed(schema: Any) -> Any:
        return _close(without(schema))

    def path(name: str) -> dict[str, Any]:
        item = document["paths"][name]
        return {
            method: _operation_with_schemas(operation, closed) for method, operation in item.items()
        }

    return {
        **document,
        "paths": Lazily(document["paths"], path),
        "components": {
            **components,
            "schemas": Lazily(named, lambda name: closed(named[name])),
            # A named schema that is combined with others must not refuse what only they list.
            "x-open": Lazily(named, lambda name: _open(without(named[name]))),
        },
    }


def _exclusion(schemas: Mapping[str, Any], annotation: str) -> Callable[[Any], Any]:
    """Refuses the properties that carry the annotation, and requires none of them."""

    def is_excluded(schema: Any) -> bool:
        while isinstance(schema, dict) and "$ref" in schema and annotation not in schema:
            schema = schemas.get(schema["$ref"][len(_COMPONENTS) :])
        return isinstance(schema, dict) and schema.get(annotation) is True

    def exclude(schema: Any) -> Any:
        if not isinstance(schema, dict):
            return schema
        changed = _with_children(schema, exclude)
        excluded = {n for n, s in schema.get("properties", {}).items() if is_excluded(s)}
        if excluded:
            kept = {n: s for n, s in changed["properties"].items() if n not in excluded}
            changed["properties"] = {**kept, **dict.fromkeys(sorted(excluded), NOTHING)}
            changed["required"] = [n for n in schema.get("required", []) if n not in excluded]
        return changed

    return exclude


def _close(schema: Any) -> Any:
    if not isinstance(schema, dict):
        return schema
    in_place = [keyword for keyword in _IN_PLACE if keyword in schema]
    combines = bool(in_place) and ("properties" in schema or len(in_place) > 1 or "allOf" in schema)
    changed = _combined(schema) if combines else _with_children(schema, _close)
    if "properties" in schema:
        for name in schema.get("required", []):
            changed["properties"].setdefault(name, True)
    says_nothing = not {"additionalProperties", "unevaluatedProperties"} & set(schema)
    if says_nothing and combines:
        changed["unevaluatedProperties"] = False
    elif says_nothing and schema.get("properties"):
        changed["additionalProperties"] = False
    return changed


def _combined(schema: Schema) -> Schema:
    """Leave open what looks at the same value; what looks at its parts is closed."""
    parts = {k: v for k, v in schema.items() if k not in _IN_PLACE}
    alternatives = {k: v for k, v in schema.items() if k in _IN_PLACE}
    return {**_with_children(parts, _close), **_with_children(_reference_open(alternatives), _open)}


def _open(schema: Any) -> Any:
    return _combined(schema) if isinstance(schema, dict) else schema


def _reference_open(schema: Schema) -> Schema:
    if "$ref" not in schema:
        return schema
    return {**schema, "$ref": schema["$ref"].replace(_COMPONENTS, _OPEN_COMPONENTS)}


def _with_children(schema: Schema, change: Callable[[Any], Any]) -> Schema:
    changed = dict(schema)
    for keyword in _MAPS:
        if keyword in schema:
            changed[keyword] = {name: change(child) for name, child in schema[keyword].items()}
    for keyword in _LISTS:
        if keyword in schema:
            changed[keyword] = [change(child) for child in schema[keyword]]
    for keyword in _SINGLES:
        if keyword in schema:
            changed[keyword] = change(schema[keyword])
    return changed


def _operation_with_schemas(
    operation: Mapping[str, Any], change: Callable[[Any], Any]
) -> dict[str, Any]:
    changed = dict(operation)
    if "parameters" in operation:
        changed["parameters"] = list(_with_schema(operation["parameters"], change))
    if "requestBody" in operation:
        changed["requestBody"] = _content_with_schemas(operation["requestBody"], change)
    changed["responses"] = {
        status: _content_with_schemas(response, change)
        for status, response in operation["responses"].items()
    }
    return changed


def _content_with_schemas(
    holder: Mapping[str, Any], change: Callable[[Any], Any]
) -> Mapping[str, Any]:
    if not holder.get("content"):
        return holder
    types = holder["content"]
    content = dict(zip(types, _with_schema(types.values(), change)))
    return {**holder, "content": content}


def _with_schema(holders: Any, change: Callable[[Any], Any]) -> Iterator[dict[str, Any]]:
    for holder in holders:
        yield {**holder, "schema": change(holder["schema"])} if "schema" in holder else holder
