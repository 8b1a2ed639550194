"""Since which control plane each part of the API is there, and since when it is deprecated."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from runapy_tools.control_plane import ControlPlane, endpoint, read
from runapy_tools.imported import imported_versions
from runapy_tools.openapi import Schema, reference_name
from runapy_tools.spec_diff.operation_changes import parameters_by_place

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Since:
    """Control planes, oldest first by which something holds without interruption.

    Attributes:
        available: the first that has it; where `spec/` begins with that one, it may be older.
        deprecated: the first that has it deprecated, if the newest has.
    """

    available: str
    deprecated: str | None = None


@dataclass
class History:
    """What one control plane has, by the names it has there.

    Attributes:
        versions: the control planes that were looked at, oldest first; the last is the one told of.
        operations: by HTTP method in capitals and path.
        parameters: by method, path and the name on the wire; the fields of a form are parameters.
        models: by the schema's name; enums too.
        fields: by the schema's name and the name on the wire.
    """

    versions: list[str]
    operations: dict[tuple[str, str], Since] = field(default_factory=dict)
    parameters: dict[tuple[str, str, str], Since] = field(default_factory=dict)
    models: dict[str, Since] = field(default_factory=dict)
    fields: dict[tuple[str, str], Since] = field(default_factory=dict)

    def newer(self, since: Since) -> str:
        """The control plane that something came with; empty where it may always have been there."""
        return "" if since.available == self.versions[0] else since.available

    def newly_deprecated(self, since: Since) -> str:
        """The one that deprecated it; empty where it always may have been deprecated, or is not."""
        return "" if since.deprecated in (None, self.versions[0]) else str(since.deprecated)


def history(root: Path, version: str | None = None) -> History:
    """Look through the control planes in `spec/` up to one; without a version, the newest.

    Raises:
        FileNotFoundError: there are none, or not that one.
    """
    known = imported_versions(root)
    if not known or (version is not None and version not in known):
        raise FileNotFoundError(f"{root / 'spec'} holds no control plane {version or ''}".strip())
    if version is not None:
        known = known[: known.index(version) + 1]
    planes = [read(root / "spec" / each) for each in known]
    facts = [_Facts(plane) for plane in planes]
    result = History(known)
    for key, since in _runs(known, [each.operations for each in facts]).items():
        operation = planes[-1].operations[key]
        result.operations[operation.method, operation.path] = since
    for (key, place), since in _runs(known, [each.parameters for each in facts]).items():
        operation, name = planes[-1].operations[key], facts[-1].wire_names[key, place]
        result.parameters[operation.method, operation.path, name] = since
    result.models = _runs(known, [each.models for each in facts])
    held = [*(each.held for each in facts[:-1]), facts[-1].fields]
    result.fields = _runs(known, held)
    return result


class _Facts:
    """Whether each thing that a control plane has is deprecated, by what identifies it."""

    def __init__(self, plane: ControlPlane) -> None:
        self.operations: dict[tuple[str, str], bool] = {}
        self.parameters: dict[tuple[tuple[str, str], str], bool] = {}
        self.wire_names: dict[tuple[tuple[str, str], str], str] = {}
        self.models: dict[str, bool] = {}
        self.fields: dict[tuple[str, str], bool] = {}
        self.held: dict[tuple[str, str], bool] = {}
        """The fields, and those of each model's alternatives as its own."""
        for operation in plane.operations.values():
            key = endpoint(operation.method, operation.path)
            self.operations[key] = bool(operation.facts.get("deprecated"))
            for place, parameter in parameters_by_place(operation).items():
                marks = (parameter, parameter["schema"])
                self._parameter(key, place, parameter["name"], *marks)
            for name, schema in _form_fields(operation.facts).items():
                self._parameter(key, f"form {name}", name, schema)
        for name, schema in plane.schemas.items():
            self.models[name] = bool(schema.get("deprecated"))
            for wire, each in schema.get("properties", {}).items():
                self.fields[name, wire] = bool(each.get("deprecated"))
            for part in _alternatives(schema, plane.schemas):
                for wire, each in part.get("properties", {}).items():
                    is_old = bool(each.get("deprecated"))
                    self.held[name, wire] = is_old and self.held.get((name, wire), True)

    def _parameter(
        self, key: tuple[str, str], place: str, name: str, *marks: dict[str, Any]
    ) -> None:
        self.parameters[key, place] = any(each.get("deprecated") for each in marks)
        self.wire_names[key, place] = name


def _alternatives(
    schema: Schema, schemas: dict[str, Schema], above: tuple[str, ...] = ()
) -> Iterator[Schema]:
    """A schema, and all that it has to choose from."""
    yield schema
    for part in [*schema.get("anyOf", []), *schema.get("oneOf", [])]:
        name = reference_name(part)
        if name is None:
            yield from _alternatives(part, schemas, above)
        elif name not in above:
            yield from _alternatives(schemas[name], schemas, (*above, name))


def _form_fields(facts: dict[str, Any]) -> dict[str, Schema]:
    content = facts.get("requestBody", {}).get("content", {})
    form = content.get("application/x-www-form-urlencoded", {}).get("schema", {})
    fields: dict[str, Schema] = form.get("properties", {})
    return fields


def _runs(known: list[str], deprecated: list[dict[Key, bool]]) -> dict[Key, Since]:
    """For everything that the last control plane has, where its uninterrupted time began."""
    found: dict[Key, Since] = {}
    for key in deprecated[-1]:
        first = len(known) - 1
        while first > 0 and key in deprecated[first - 1]:
            first -= 1
        mark = len(known)
        while mark > first and deprecated[mark - 1][key]:
            mark -= 1
        found[key] = Since(known[first], known[mark] if mark < len(known) else None)
    return found
