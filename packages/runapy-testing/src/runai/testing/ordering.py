"""Records in the order of one of their fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from runai.testing.filters import as_text, comparable
from runai.testing.record_properties import path_in
from runai.testing.table import Column, Table


def sorted_by(
    table: Table, positions: Sequence[int], field: str, descending: bool
) -> Sequence[int]:
    """Positions in the order of a field; those without a value come last.

    Args:
        table: of the records.
        positions: of some of them, in order of creation.
        field: by which they are sorted; they stay as they are where it stands for no property.
        descending: the greatest first.
    """
    path = path_in(table.tree, field)
    if path is None:
        return positions
    keys = comparable(table, path, field)
    if len(positions) < len(table):
        return _order(keys, positions, descending)
    # Other pages of the whole list will be asked for.
    what = ("order", path, descending)
    return cast("list[int]", table.once(what, lambda: _order(keys, positions, descending)))


def _order(keys: Column, positions: Sequence[int], descending: bool) -> list[int]:
    valued = [position for position in positions if keys[position] is not None]
    try:
        order = sorted(valued, key=keys.__getitem__, reverse=descending)
    except TypeError:
        # Values of several types: each type apart.
        apart = [(type(key).__name__, as_text(key)) for key in keys]
        order = sorted(valued, key=apart.__getitem__, reverse=descending)
    if len(order) < len(positions):
        order += [position for position in positions if keys[position] is None]
    return order
