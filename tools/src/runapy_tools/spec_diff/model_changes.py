"""What changed about models: which came, went and got other names, and what is in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from runapy_tools.control_plane import ControlPlane
from runapy_tools.openapi import Schema
from runapy_tools.spec_diff.changes import Change
from runapy_tools.spec_diff.field_changes import field_changes
from runapy_tools.spec_diff.schema_changes import Renames, member_changes, schema_changes

# Less of a successor than this is another model, which took the older one's place.
_ENOUGH_IN_COMMON = 0.5
# Fields or members; fewer are the same by accident.
_ENOUGH_TO_KNOW = 3


def model_changes(older: Schema, newer: Schema, renames: Renames) -> Iterator[Change]:
    """What changed inside one model, or enum."""
    yield from member_changes(_members(older), _members(newer))
    yield from schema_changes("model", "", _bare(older), _bare(newer), renames)
    yield from field_changes(older, newer, renames)


def renamed_models(older: ControlPlane, newer: ControlPlane) -> Renames:
    """Models that are gone, with those that stand where they stood and say much the same.

    Also those that no place shows, where exactly one new model says all the same, and not little.
    """
    gone = {name: schema for name, schema in older.schemas.items() if name not in newer.schemas}
    new = {name: schema for name, schema in newer.schemas.items() if name not in older.schemas}
    found: Renames = {}
    waiting = [
        *((older.operations[key].facts, newer.operations[key].facts) for key in older.operations
          if key in newer.operations),
        *((older.schemas[key], newer.schemas[key]) for key in older.schemas
          if key in newer.schemas),
    ]  # fmt: skip
    while waiting:
        votes = Counter(pair for before, after in waiting for pair in _side_by_side(before, after))
        waiting = []
        for (before, after), _ in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0])):
            is_free = before not in found and after not in found.values()
            if before in gone and after in new and is_free and _alike(gone[before], new[after]):
                found[before] = after
                waiting.append((gone[before], new[after]))
    for before, schema in gone.items():
        equal = [name for name in new if name not in found.values() and new[name] == schema]
        if before not in found and len(equal) == 1 and len(_parts(schema)) >= _ENOUGH_TO_KNOW:
            found[before] = equal[0]
    return found


def _side_by_side(older: Any, newer: Any) -> Iterator[tuple[str, str]]:
    """Names of models that two descriptions refer to at the same place."""
    if older is newer:
        return
    if isinstance(older, dict) and isinstance(newer, dict):
        if isinstance(older.get("$ref"), str) and isinstance(newer.get("$ref"), str):
            names = older["$ref"].rsplit("/", 1)[1], newer["$ref"].rsplit("/", 1)[1]
            if names[0] != names[1]:
                yield names
        for key in older:
            if key in newer:
                yield from _side_by_side(older[key], newer[key])
    elif isinstance(older, list) and isinstance(newer, list):
        # Lists that grew or shrank are compared as far as both go.
        for before, after in zip(older, newer, strict=False):
            yield from _side_by_side(before, after)


def _alike(older: Schema, newer: Schema) -> bool:
    if older == newer:
        return True
    before, after = _parts(older), _parts(newer)
    fewer = min(len(before), len(after))
    return fewer > 0 and len(before & after) >= _ENOUGH_IN_COMMON * fewer


def _parts(schema: Schema) -> set[str]:
    return {*schema.get("properties", {}), *_members(schema)}


def _members(schema: Schema) -> list[str]:
    return [value for value in schema.get("enum", []) if value is not None]


def _bare(schema: Schema) -> Schema:
    inside = {"enum", "properties", "required"}
    return {key: value for key, value in schema.items() if key not in inside}
