"""Records as lists show them, made as far as they are looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, List, overload

from runai.testing.rows import Listed, Rows
from runai.testing.state.rendering import Rendering
from runai.testing.state.resources import Resource

if TYPE_CHECKING:
    from runai.testing.state.store import Record


@dataclass
class Changes:
    """Whether anything has changed."""

    count: int = 0
    """How often something did."""


class Listing(List["Record"]):
    """The records of a list, with their forms as long as nothing changes.

    Args:
        resource: whose list it is.
        records: of it.
        changes: of all records.
    """

    def __init__(self, resource: Resource, records: list[Record], changes: Changes) -> None:
        super().__init__(records)
        self.resource = resource
        self._changes = changes
        self._rows: dict[int, tuple[int, Rows]] = {}

    def rows(self, schema: Any, rendering: Rendering) -> Rows:
        """The records in the form of the list's items."""
        count, rows = self._rows.get(id(schema), (-1, None))
        if rows is None or count != self._changes.count:
            key = id(schema)
            rows = Rows(
                record.views[key] if key in record.views else record.view(schema, rendering)
                for record in self
            )
            self._rows[id(schema)] = self._changes.count, rows
        return rows


class Views(Listed):
    """Records in the form of a list, made as far as they are looked at.

    Args:
        records: to show.
        schema: of the list's items.
        rendering: makes the forms.
    """

    def __init__(self, records: list[Record], schema: Any, rendering: Rendering) -> None:
        self._records = records
        self._schema = schema
        self._rendering = rendering

    def __len__(self) -> int:
        return len(self._records)

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> list[Any]: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return [record.view(self._schema, self._rendering) for record in self._records[index]]
        return self._records[index].view(self._schema, self._rendering)

    def rows(self) -> Rows:
        """All of them."""
        if isinstance(self._records, Listing):
            return self._records.rows(self._schema, self._rendering)
        return Rows(self[:])
