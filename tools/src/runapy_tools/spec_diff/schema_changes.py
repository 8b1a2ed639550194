"""What changed in what is said of one value: its type, limits, default, marks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from runapy_tools.openapi import Schema, reference_name
from runapy_tools.spec_diff.changes import Change, Subject

Renames = dict[str, str]
"""Names of the older control plane's models that have another name in the newer one."""

_LIMITS = (
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength",
    "maxLength", "pattern", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties",
    "const", "not",
)  # fmt: skip
_NULL = {"type": "null"}


def facts(schema: Schema, renames: Renames | None = None) -> dict[str, Any]:
    """A schema as flat facts that can be compared one by one; what says nothing is left out."""
    found: dict[str, Any] = {"type": type_name(schema, renames or {})}
    alternatives = [*schema.get("anyOf", []), *schema.get("oneOf", [])]
    found["nullable"] = _NULL in alternatives or "null" in _kinds(schema)
    members = [value for value in schema.get("enum", []) if value is not None]
    if members:
        found["members"] = members
    found.update(_limits(schema, ""))
    if "default" in schema:
        found["default"] = schema["default"]
    for mark in ("readOnly", "writeOnly", "deprecated"):
        found[mark] = schema.get(mark, False)
    return {key: value for key, value in found.items() if key == "default" or value is not False}


def type_name(schema: Schema, renames: Renames) -> str:
    """A type in a few words, without null: `Project`, `list of string (uuid)`."""
    name = reference_name(schema)
    if name is not None:
        return renames.get(name, name)
    alternatives = [*schema.get("anyOf", []), *schema.get("oneOf", [])]
    others = [type_name(each, renames) for each in alternatives if each != _NULL]
    if others:
        return " or ".join(others)
    kinds = [kind for kind in _kinds(schema) if kind != "null"]
    if not kinds:
        return "anything"
    if kinds == ["array"]:
        return f"list of {type_name(schema.get('items', {}), renames)}"
    values = schema.get("additionalProperties")
    if kinds == ["object"] and isinstance(values, dict):
        return f"map of {type_name(values, renames)}"
    form = f" ({schema['format']})" if "format" in schema else ""
    return " or ".join(kinds) + form


def schema_changes(
    subject: Subject, name: str, older: Schema, newer: Schema, renames: Renames
) -> Iterator[Change]:
    """What changed from one schema to another in the same place."""
    if older == newer and not renames:
        return
    before, after = facts(older, renames), facts(newer)
    if before["type"] != after["type"]:
        yield Change("changed", subject, name, "type", before["type"], after["type"])
    else:
        yield from member_changes(before.pop("members", []), after.pop("members", []), name)
    for aspect in sorted((set(before) | set(after)) - {"type", "members", "deprecated"}):
        old, new = before.get(aspect), after.get(aspect)
        if old != new:
            yield Change("changed", subject, name, aspect, old, new)
    yield from deprecation(subject, name, before, after)


def member_changes(older: list[str], newer: list[str], of: str = "") -> Iterator[Change]:
    """What an enum gained and lost, or the list of a parameter's or field's values.

    A list where any value was allowed, or the other way round, is one change.
    """
    if bool(older) != bool(newer):
        yield Change("changed", "member", "", "values", older or None, newer or None, of)
        return
    yield from (Change("added", "member", each, of=of) for each in newer if each not in older)
    yield from (Change("removed", "member", each, of=of) for each in older if each not in newer)


def deprecation(
    subject: Subject, name: str, older: dict[str, Any], newer: dict[str, Any]
) -> Iterator[Change]:
    """Whether a mark of deprecation came or went."""
    was, is_now = bool(older.get("deprecated")), bool(newer.get("deprecated"))
    if is_now and not was:
        yield Change("deprecated", subject, name, after=newer.get("x-replacement"))
    if was and not is_now:
        yield Change("restored", subject, name)


def _kinds(schema: Schema) -> list[str]:
    kind = schema.get("type", [])
    return [kind] if isinstance(kind, str) else list(kind)


def _limits(schema: Schema, prefix: str) -> Iterator[tuple[str, Any]]:
    yield from ((prefix + key, schema[key]) for key in _LIMITS if key in schema)
    if isinstance(schema.get("items"), dict):
        if "enum" in schema["items"]:
            yield "members", [value for value in schema["items"]["enum"] if value is not None]
        yield from _limits(schema["items"], f"{prefix}items' ")
