"""What changed among an object's fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from runapy_tools.naming import python_name
from runapy_tools.openapi import Schema
from runapy_tools.spec_diff.changes import Change, Subject, by_name
from runapy_tools.spec_diff.schema_changes import Renames, facts, schema_changes


def field_changes(
    older: Schema, newer: Schema, renames: Renames, subject: Subject = "field"
) -> Iterator[Change]:
    """What changed from one object's fields to another's, by the names on the wire."""
    before, after = older.get("properties", {}), newer.get("properties", {})
    respelled = respellings(client_names(before), client_names(after))
    for name in by_name({*before, *after} - set(respelled), before, after):
        former = next((old for old, new in respelled.items() if new == name), name)
        was_required = former in older.get("required", [])
        is_required = name in newer.get("required", [])
        if former not in before:
            found = facts(after[name])
            yield Change("added", subject, name, after={**found, "required": is_required})
            continue
        if name not in after:
            found = facts(before[name])
            yield Change("removed", subject, name, before={**found, "required": was_required})
            continue
        if former != name:
            yield Change("renamed", subject, name, before=former, after=name)
        if was_required != is_required:
            yield Change("changed", subject, name, "required", was_required, is_required)
        yield from schema_changes(subject, name, before[former], after[name], renames)


def client_names(properties: dict[str, Any]) -> dict[str, str]:
    """The client's name of each field, by its name on the wire."""
    return {name: each.get("x-name", python_name(name)) for name, each in properties.items()}


def respellings(older: dict[str, str], newer: dict[str, str]) -> dict[str, str]:
    """Names on the wire that became others while the client's name is the same."""
    added = {client: wire for wire, client in newer.items() if wire not in older}
    return {
        wire: added[client]
        for wire, client in older.items()
        if wire not in newer and client in added
    }
