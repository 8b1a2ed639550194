"""The properties that objects of a schema have, whatever it is put together from."""

from __future__ import annotations

from typing import Any

from runai.testing.specification import Schemas


def properties_of(schema: Any, schemas: Schemas) -> dict[str, Any]:
    """The properties that an object can have, with their schemas."""
    resolved = schemas.resolved(schema)
    if not isinstance(resolved, dict):
        return {}
    found: dict[str, Any] = {}
    for part in resolved.get("allOf", ()):
        found.update(properties_of(part, schemas))
    for part in [*resolved.get("oneOf", ()), *resolved.get("anyOf", ())]:
        for name, inner in properties_of(part, schemas).items():
            found.setdefault(name, inner)
    found.update(resolved.get("properties", {}))
    return found


def required_of(schema: Any, schemas: Schemas) -> frozenset[str]:
    """The properties that an object must have, whichever alternative it is of."""
    resolved = schemas.resolved(schema)
    if not isinstance(resolved, dict):
        return frozenset()
    inner = (required_of(part, schemas) for part in resolved.get("allOf", ()))
    return frozenset(resolved.get("required", ())).union(*inner)


def defaults_of(schema: Any, schemas: Schemas) -> dict[str, Any]:
    """What a body says where it says nothing."""
    return {
        name: schemas.resolved(part)["default"]
        for name, part in properties_of(schema, schemas).items()
        if "default" in (schemas.resolved(part) or {})
    }
