"""The records of a list as queries look at them: by position, and by the values of a property."""

from __future__ import annotations

import abc
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, Dict, List

from runai.testing.record_properties import Path, Tree, tree_of

Row = Dict[str, Any]
"""A record in the form of its list."""
Column = List[Any]
"""The value of one property in each record; None where there is none."""


class Table(abc.ABC):
    """Records in order of creation, which do not change while a query looks at them."""

    @abc.abstractmethod
    def __len__(self) -> int:
        """How many they are."""

    @property
    @abc.abstractmethod
    def tree(self) -> Tree:
        """The properties that they can have."""

    @abc.abstractmethod
    def column(self, path: Path) -> Column:
        """The values of the property at a path; not to change."""

    @abc.abstractmethod
    def rows(self, positions: Iterable[int]) -> list[Row]:
        """The records at some positions."""

    def derived(self, paths: tuple[Path, ...], make: Callable[..., Column]) -> Column:
        """What is made of some properties of each record; not to change.

        Args:
            paths: of the properties.
            make: makes it of their values, each a column of the same records.
        """
        return make(*map(self.column, paths))

    def once(self, what: Hashable, make: Callable[[], Any]) -> Any:
        """Something that is made of all records; kept where it will be asked for again.

        Args:
            what: names it.
            make: makes it.
        """
        return make()


class GivenTable(Table):
    """Records that are there in full.

    Args:
        rows: in order of creation.
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self._tree: Tree | None = None

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def tree(self) -> Tree:
        """The properties that any of them has."""
        if self._tree is None:
            self._tree = tree_of(self._rows)
        return self._tree

    def column(self, path: Path) -> Column:
        """The values of the property at a path."""
        return values_at(self._rows, path)

    def rows(self, positions: Iterable[int]) -> list[Row]:
        """The records at some positions."""
        return [self._rows[position] for position in positions]


def values_at(holders: Iterable[Any], path: Path) -> Column:
    """The value that each holder has at a path; None where there is none."""
    values = list(holders)
    for name in path:
        values = [value.get(name) if type(value) is dict else None for value in values]
    return values
