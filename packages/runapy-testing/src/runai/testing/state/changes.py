"""How a request changes what is known: PUT replaces, PATCH merges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runai.testing.specification import Schemas
from runai.testing.state.meta import META
from runai.testing.state.rendering import EMPTY
from runai.testing.state.schema_properties import properties_of, required_of


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
    # The name and scope of assets are given once; their PUT has the rest.
    kept = {name: value for name, value in facts.items() if name not in known or name in META}
    outer = {
        name: replaced(facts[name], body[name], known[name], schemas)
        for name in META
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
    for name in required_of(view, schemas):
        old, new = before.get(name), result.get(name)
        if name in META and isinstance(old, dict) and isinstance(new, dict):
            result[name] = with_lasting(new, old, known.get(name, True), schemas)
        elif new is None and old is not None and not _may_be_empty(known.get(name, True), schemas):
            result[name] = old
    return result


def _may_be_empty(schema: Any, schemas: Schemas) -> bool:
    return any(schemas.is_valid(schema, make()) for make in EMPTY)
