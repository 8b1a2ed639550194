"""How a request changes what is known: PUT replaces, PATCH merges."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from runai.testing.specification import Schemas

# The name and scope of assets are given once; their PUT has the rest.
_MERGED_ALWAYS = ("meta", "metadata")


def replaced(
    facts: Mapping[str, Any], body: Mapping[str, Any], known: Collection[str]
) -> dict[str, Any]:
    """The facts after a PUT.

    Args:
        facts: before.
        body: of the request.
        known: the properties that the body could have had; what it cannot say stays.
    """
    kept = {
        name: value for name, value in facts.items() if name not in known or name in _MERGED_ALWAYS
    }
    outer = {
        name: merged(facts[name], body[name])
        for name in _MERGED_ALWAYS
        if isinstance(facts.get(name), dict) and isinstance(body.get(name), dict)
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
