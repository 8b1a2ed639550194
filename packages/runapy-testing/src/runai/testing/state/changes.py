"""How a request changes what is known: PUT replaces, PATCH merges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runai.testing.specification import Schemas
from runai.testing.state.rendering import EMPTY

# The name and scope of assets are given once; their PUT has the rest.
_OUTER = ("meta", "metadata")


def replaced(
    facts: Mapping[str, Any], body: Mapping[str, Any], schema: Any, schemas: Schemas
) -> dict[str, Any]:
    """The facts after a PUT.

    Args:
        facts: before.
        body: of the request.
        schema: of the body; what it cannot say stays.
        schemas: that it is one of.
    """
    known = properties_of(schema, schemas)
    kept = {name: value for name, value in facts.items() if name not in known or name in _OUTER}
    outer = {
        name: replaced(facts[name], body[name], known[name], schemas)
        for name in _OUTER
        if name in known and isinstance(facts.get(name), dict) and isinstance(body.get(name), dict)
    }
    return {**kept, **body, **outer}


def merged(facts: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
    """The facts after a PATCH: objects are merged, everything else is replaced."""
    result = dict(facts)
    for name, value in body.items():
        before = result.get(name)
        both = isinstance(before, dict) and isinstance(value, dict)
        result[name] = merged(before, value) if both else value  # type: ignore[arg-type]
    return result


def with_lasting(
    facts: Mapping[str, Any], before: Mapping[str, Any], view: Any, schemas: Schemas
) -> dict[str, Any]:
    """The facts after a change, with what a record cannot be without as it was.

    Args:
        facts: after the change.
        before: the facts before it.
        view: the schema of the record in answers.
        schemas: that it is one of.
    """
    result = dict(facts)
    known = properties_of(view, schemas)
    for name in _required_of(view, schemas):
        old, new = before.get(name), result.get(name)
        if name in _OUTER and isinstance(old, dict) and isinstance(new, dict):
            result[name] = with_lasting(new, old, known.get(name, True), schemas)
        elif new is None and old is not None and not _may_be_empty(known.get(name, True), schemas):
            result[name] = old
    return result


def properties_of(schema: Any, schemas: Schemas) -> dict[str, Any]:
    """The properties that a body can have, with their schemas."""
    resolved = schemas.resolved(schema)
    if not isinstance(resolved, dict):
        return {}
    found: dict[str, Any] = {}
    for key in ("allOf", "oneOf", "anyOf"):
        for part in resolved.get(key, ()):
            found.update(properties_of(part, schemas))
    found.update(resolved.get("properties", {}))
    return found


def defaults_of(schema: Any, schemas: Schemas) -> dict[str, Any]:
    """What a body says where it says nothing."""
    return {
        name: schemas.resolved(part)["default"]
        for name, part in properties_of(schema, schemas).items()
        if "default" in (schemas.resolved(part) or {})
    }


def _may_be_empty(schema: Any, schemas: Schemas) -> bool:
    return any(schemas.is_valid(schema, make()) for make in EMPTY)


def _required_of(schema: Any, schemas: Schemas) -> set[str]:
    resolved = schemas.resolved(schema)
    if not isinstance(resolved, dict):
        return set()
    inner = (_required_of(part, schemas) for part in resolved.get("allOf", ()))
    return set(resolved.get("required", ())).union(*inner)
