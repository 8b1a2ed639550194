"""The records of a list, and what queries look at of them, kept while they change one by one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable
from typing import TYPE_CHECKING, Any, List, Sequence

from runai.testing.record_properties import Path, Tree
from runai.testing.state.rendering import Rendering
from runai.testing.state.resources import Resource
from runai.testing.table import Column, Row, Table, values_at

if TYPE_CHECKING:
    from runai.testing.state.store import Record


class Listing(List["Record"]):
    """All records of a list, oldest first.

    Args:
        resource: whose list it is.
        records: of it.
    """

    def __init__(self, resource: Resource, records: Iterable[Record]) -> None:
        super().__init__(records)
        self.resource = resource
        self._numbers = [record.number for record in self]
        self._tables: dict[int, RecordTable] = {}

    def table(self, schema: Any, rendering: Rendering) -> RecordTable:
        """The records as queries look at them; the same one as long as they are kept."""
        table = self._tables.get(id(schema))
        if table is None:
            table = self._tables[id(schema)] = RecordTable(self, schema, rendering)
        return table

    def added(self, record: Record) -> None:
        """Have one more, the newest of all."""
        self.append(record)
        self._numbers.append(record.number)

    def removed(self, record: Record) -> None:
        """Have one less."""
        position = self._position(record)
        for table in self._tables.values():
            table.removes(position)
        del self[position]
        del self._numbers[position]

    def changed(self, record: Record) -> None:
        """Take note that a record is another now."""
        for table in self._tables.values():
            table.changes(self._position(record))

    def _position(self, record: Record) -> int:
        return bisect_left(self._numbers, record.number)


class RecordTable(Table):
    """Records in the form of a list, made as far as they are looked at.

    Args:
        records: to show.
        schema: of the list's items.
        rendering: makes the forms.
    """

    def __init__(self, records: Sequence[Record], schema: Any, rendering: Rendering) -> None:
        self._records = records
        self._schema = schema
        self._rendering = rendering
        self._columns: dict[Path, Column] = {}
        self._derived: dict[tuple[tuple[Path, ...], Callable[..., Column]], Column] = {}
        self._known: dict[Hashable, Any] = {}
        self._changed: set[int] = set()
        self._counted = len(records)

    def __len__(self) -> int:
        return len(self._records)

    @property
    def tree(self) -> Tree:
        """The properties that the form has."""
        return self._rendering.tree(self._schema)

    def column(self, path: Path) -> Column:
        """The values of the property at a path; not to change."""
        self._catch_up()
        column = self._columns.get(path)
        if column is None:
            column = self._columns[path] = self._values(path, range(len(self)))
        return column

    def rows(self, positions: Iterable[int]) -> list[Row]:
        """The records at some positions."""
        records = self._records
        return [records[each].view(self._schema, self._rendering) for each in positions]

    def derived(self, paths: tuple[Path, ...], make: Callable[..., Column]) -> Column:
        """What is made of some properties of each record; not to change."""
        columns = [self.column(path) for path in paths]
        if (paths, make) not in self._derived:
            self._derived[paths, make] = make(*columns)
        return self._derived[paths, make]

    def once(self, what: Hashable, make: Callable[[], Any]) -> Any:
        """Something that is made of all records, kept until one changes."""
        self._catch_up()
        if what not in self._known:
            self._known[what] = make()
        return self._known[what]

    def removes(self, position: int) -> None:
        """Have one less, which is still there."""
        self._catch_up()
        self._counted -= 1
        self._known.clear()
        for column in (*self._columns.values(), *self._derived.values()):
            del column[position]

    def changes(self, position: int) -> None:
        """Take note that a record is another now."""
        self._changed.add(position)

    def _catch_up(self) -> None:
        """Have the columns say what is so by now."""
        new = range(self._counted, len(self._records))
        if not new and not self._changed:
            return
        self._known.clear()
        old = sorted(position for position in self._changed if position < self._counted)
        positions = [*old, *new]
        for path, column in self._columns.items():
            _put(column, old, self._values(path, positions))
        for (paths, make), column in self._derived.items():
            parts = [list(map(self._columns[path].__getitem__, positions)) for path in paths]
            _put(column, old, make(*parts))
        self._counted = len(self._records)
        self._changed.clear()

    def _values(self, path: Path, positions: Iterable[int]) -> Column:
        name, *inner = path
        records = map(self._records.__getitem__, positions)
        return values_at(self._rendering.values(self._schema, name, records), tuple(inner))


def table_of(records: Sequence[Record], schema: Any, rendering: Rendering) -> Table:
    """Records of one list as queries look at them.

    Args:
        records: all of a list, or some of them.
        schema: of the list's items.
        rendering: makes their forms.
    """
    if isinstance(records, Listing):
        return records.table(schema, rendering)
    return RecordTable(records, schema, rendering)


def _put(column: Column, old: Sequence[int], values: Column) -> None:
    """Put values where old ones were, and the rest of them behind the last."""
    for position, value in zip(old, values):
        column[position] = value
    column += values[len(old) :]
