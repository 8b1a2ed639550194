"""Records in the order of one of their fields."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import Any

from runai.testing.filters import as_text, instants, is_time_field
from runai.testing.record_properties import Column, Path, column, path_of
from runai.testing.rows import Record, Rows, once

# Up to this share of a list, picking the first records is faster than sorting all.
_HEAP_SHARE = 8


def sorted_by(records: list[Record], field: str, descending: bool, count: int) -> list[Record]:
    """The first records, as many as are asked for, in the order of a field."""
    path = path_of(records, field)
    if path is None:
        return records[:count]
    keys = _keys(records, path, is_time_field(field))
    # Of a whole list the order is kept, and other pages will be asked for.
    most = len(records) if isinstance(records, Rows) else count
    order = once(records, ("order", path, descending), lambda: _order(keys, descending, most))
    return [records[position] for position in order[:count]]


def _order(keys: Column, descending: bool, count: int) -> list[int]:
    """The positions of the first records by their keys, as many as are asked for."""
    positions = [position for position, key in enumerate(keys) if key is not None]
    try:
        first = _first(positions, keys, descending, count)
    except TypeError:
        # Values of several types: each type apart.
        apart = [(type(key).__name__, as_text(key)) for key in keys]
        first = _first(positions, apart, descending, count)
    if len(first) < count:
        first += [position for position, key in enumerate(keys) if key is None]
    return first[:count]


def _keys(records: list[Record], path: Path, is_time: bool) -> Column:
    """By which records are sorted; not to change."""
    if not is_time:
        return column(records, path)
    kept: Column = once(records, ("times", path), lambda: instants(column(records, path)))
    return kept


def _first(positions: list[int], keys: Sequence[Any], descending: bool, count: int) -> list[int]:
    if count * _HEAP_SHARE > len(positions):
        return sorted(positions, key=keys.__getitem__, reverse=descending)
    pick = heapq.nlargest if descending else heapq.nsmallest
    return pick(count, positions, key=keys.__getitem__)
