"""What changed about one operation that both control planes have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from runapy_tools.control_plane import Operation
from runapy_tools.openapi import Schema
from runapy_tools.spec_diff.changes import Change, by_name
from runapy_tools.spec_diff.field_changes import field_changes, respellings
from runapy_tools.spec_diff.schema_changes import Renames, deprecation, facts, schema_changes

_JSON = "application/json"


def operation_changes(older: Operation, newer: Operation, renames: Renames) -> Iterator[Change]:
    """Everything but what changed inside the models that it names."""
    if older.group != newer.group:
        yield Change("moved", "operation", before=older.id, after=newer.id)
    elif older.name != newer.name:
        yield Change("renamed", "operation", before=older.id, after=newer.id)
    if older.category != newer.category:
        yield Change("moved", "operation", "", "category", older.category, newer.category)
    before, after = older.facts, newer.facts
    yield from deprecation("operation", "", before, after)
    needed, needs = before.get("security") != [], after.get("security") != []
    if needed != needs:
        yield Change("changed", "operation", "", "needs a token", needed, needs)
    yield from _parameter_changes(older, newer, renames)
    yield from _body_changes(before.get("requestBody"), after.get("requestBody"), renames)
    yield from _response_changes(before["responses"], after["responses"], renames)


def parameters_by_place(operation: Operation) -> dict[str, dict[str, Any]]:
    """Parameters by what stays when they are renamed: those of the path by their position."""
    positions = {
        name: f"path {place}" for place, name in enumerate(re.findall(r"\{(.*?)\}", operation.path))
    }
    return {
        positions[each["name"]]
        if each["in"] == "path" and each["name"] in positions
        else f"{each['in']} {each['name']}": each
        for each in operation.facts.get("parameters", [])
    }


def _parameter_changes(older: Operation, newer: Operation, renames: Renames) -> Iterator[Change]:
    before, after = parameters_by_place(older), parameters_by_place(newer)
    clients = [
        {place: f"{each['in']} {each['x-name']}" for place, each in parameters.items()}
        for parameters in (before, after)
    ]
    former = {new: old for old, new in respellings(*clients).items()}
    for place in by_name({*before, *after} - set(former.values()), before, after):
        old, new = before.get(former.get(place, place)), after.get(place)
        if old is None and new is not None:
            yield Change("added", "parameter", new["name"], after=_described(new))
        elif new is None and old is not None:
            yield Change("removed", "parameter", old["name"], before=_described(old))
        elif old is not None and new is not None and old != new:
            yield from _one_parameter(old, new, renames)


def _described(parameter: dict[str, Any]) -> dict[str, Any]:
    return {
        **facts(parameter["schema"]),
        "in": parameter["in"],
        "required": parameter["required"],
    }


def _one_parameter(
    older: dict[str, Any], newer: dict[str, Any], renames: Renames
) -> Iterator[Change]:
    name = newer["name"]
    if older["name"] != name:
        yield Change("renamed", "parameter", name, before=older["name"], after=name)
    elif older["x-name"] != newer["x-name"]:
        yield Change("renamed", "parameter", name, "client", older["x-name"], newer["x-name"])
    for aspect in ("required", "explode"):
        if older.get(aspect) != newer.get(aspect):
            yield Change("changed", "parameter", name, aspect, older.get(aspect), newer.get(aspect))
    yield from schema_changes("parameter", name, _marked(older), _marked(newer), renames)


def _marked(parameter: dict[str, Any]) -> Schema:
    """The schema with the parameter's own mark of deprecation."""
    if not parameter.get("deprecated"):
        return dict(parameter["schema"])
    return {**parameter["schema"], "deprecated": True}


def _body_changes(
    older: dict[str, Any] | None, newer: dict[str, Any] | None, renames: Renames
) -> Iterator[Change]:
    if older is None or newer is None:
        if newer is not None:
            yield Change("added", "body", after=_content_facts(newer))
        elif older is not None:
            yield Change("removed", "body", before=_content_facts(older))
        return
    if older["x-name"] != newer["x-name"]:
        yield Change("renamed", "body", before=older["x-name"], after=newer["x-name"])
    if older["required"] != newer["required"]:
        yield Change("changed", "body", "", "required", older["required"], newer["required"])
    yield from _content_changes("body", "", older, newer, renames)


def _response_changes(
    older: dict[str, Any], newer: dict[str, Any], renames: Renames
) -> Iterator[Change]:
    for status in sorted({*older, *newer}):
        if status not in older:
            yield Change("added", "response", status, after=_content_facts(newer[status]))
        elif status not in newer:
            yield Change("removed", "response", status, before=_content_facts(older[status]))
        else:
            yield from _content_changes("response", status, older[status], newer[status], renames)


def _content_facts(holder: dict[str, Any]) -> dict[str, str]:
    return {
        media_type: facts(media.get("schema", {}))["type"]
        for media_type, media in holder.get("content", {}).items()
    }


def _content_changes(
    subject: Any, name: str, older: dict[str, Any], newer: dict[str, Any], renames: Renames
) -> Iterator[Change]:
    before, after = older.get("content", {}), newer.get("content", {})
    if set(before) != set(after):
        yield Change("changed", subject, name, "media types", sorted(before), sorted(after))
    for media_type in by_name(set(before) & set(after), before, after):
        where = name if media_type == _JSON else f"{name} {media_type}".strip()
        old, new = before[media_type].get("schema", {}), after[media_type].get("schema", {})
        yield from schema_changes(subject, where, old, new, renames)
        # The fields of a form are the method's parameters, and in no model.
        yield from field_changes(old, new, renames, "parameter")
