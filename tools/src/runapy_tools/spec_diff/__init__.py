"""What changed between two control planes, from their descriptions in `spec/<version>/`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from runapy_tools.control_plane import ControlPlane, Operation, read
from runapy_tools.imported import COMMON, UNREACHED
from runapy_tools.spec_diff.changes import Change, Difference, Entry
from runapy_tools.spec_diff.model_changes import model_changes, renamed_models
from runapy_tools.spec_diff.operation_changes import operation_changes
from runapy_tools.spec_diff.schema_changes import Renames


def diff(root: Path, older: str, newer: str) -> Difference:
    """Compare two control planes that were imported below a project's folder.

    Raises:
        FileNotFoundError: one of them was not.
    """
    return compare(read(root / "spec" / older), read(root / "spec" / newer))


def compare(older: ControlPlane, newer: ControlPlane) -> Difference:
    """Compare two control planes.

    Operations are the same where method and path are, whatever the client calls them; models are
    the same by name, or where one took the place of another and says much the same.
    """
    renames = renamed_models(older, newer)
    titles = {**older.titles, **newer.titles}
    places = [*sorted(titles, key=titles.__getitem__), COMMON, UNREACHED]
    entries = [*_operations(older, newer, renames), *_models(older, newer, renames)]
    entries.sort(
        key=lambda each: (
            places.index(each.category),
            each.subject == "model",
            each.name,
            each.endpoint,
        )
    )
    return Difference(older.version, newer.version, titles, tuple(entries))


def _operations(older: ControlPlane, newer: ControlPlane, renames: Renames) -> Iterator[Entry]:
    for key in {**older.operations, **newer.operations}:
        before, after = older.operations.get(key), newer.operations.get(key)
        if after is None and before is not None:
            yield _operation(before, Change("removed", "operation"))
        elif before is None and after is not None:
            yield _operation(after, Change("added", "operation"))
        elif before is not None and after is not None:
            changes = tuple(operation_changes(before, after, renames))
            if changes:
                yield _operation(after, *changes)


def _operation(operation: Operation, *changes: Change) -> Entry:
    endpoint = f"{operation.method} {operation.path}"
    return Entry(operation.category, "operation", operation.id, endpoint, changes)


def _models(older: ControlPlane, newer: ControlPlane, renames: Renames) -> Iterator[Entry]:
    for name in older.schemas:
        if name not in newer.schemas and name not in renames:
            yield Entry(older.places[name], "model", name, "", (Change("removed", "model"),))
    former = {new: old for old, new in renames.items()}
    for name, schema in newer.schemas.items():
        old = former.get(name, name)
        if old not in older.schemas:
            yield Entry(newer.places[name], "model", name, "", (Change("added", "model"),))
            continue
        changes: list[Change] = []
        if old != name:
            changes.append(Change("renamed", "model", before=old, after=name))
        was, place = older.places[old], newer.places[name]
        if was != place:
            changes.append(Change("moved", "model", "", "category", was, place))
        changes += model_changes(older.schemas[old], schema, renames)
        if changes:
            yield Entry(place, "model", name, "", tuple(changes))
