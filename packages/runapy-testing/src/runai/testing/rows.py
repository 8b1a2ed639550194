"""The records of a whole list, with what queries look at again and again kept."""

from __future__ import annotations

import abc
from collections.abc import Callable, Hashable, Iterable
from typing import Any, Dict, List, Sequence

Record = Dict[str, Any]


class Rows(List[Record]):
    """Records that do not change as long as this list is used.

    Args:
        records: of the list.
    """

    def __init__(self, records: Iterable[Record]) -> None:
        super().__init__(records)
        self._known: dict[Hashable, Any] = {}

    def once(self, what: Hashable, make: Callable[[], Any]) -> Any:
        """Something that is made of the records once and for all.

        Args:
            what: names it.
            make: makes it.
        """
        if what not in self._known:
            self._known[what] = make()
        return self._known[what]


class Listed(Sequence[Any], abc.ABC):
    """Records that are made as far as they are looked at."""

    @abc.abstractmethod
    def rows(self) -> Rows:
        """All of them."""


def once(records: Sequence[Record], what: Hashable, make: Callable[[], Any]) -> Any:
    """What is made of records; kept where they are a whole list."""
    return records.once(what, make) if isinstance(records, Rows) else make()
