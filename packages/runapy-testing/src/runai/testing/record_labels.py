"""What names a record, wherever its kind keeps that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

# Assets and their like keep here what others have at their top.
_HOLDERS = ("meta", "metadata")


def name_of(record: Any) -> str:
    """What people call a record; empty where it has no name."""
    return _text(_first(record, ("name", "username", "email")))


def id_of(record: Any) -> str:
    """What other records call it, as text; empty where it has no id."""
    return _text(identity_of(record))


def identity_of(record: Any) -> str | int | None:
    """What other records call it; None where it has no id."""
    return _first(record, ("id", "uuid", "workloadId"))


def phase_of(record: Any) -> str:
    """Where it is in its life; empty where it has none."""
    return _text(_first(record, ("phase", "status")))


def _text(value: str | int | None) -> str:
    return "" if value is None else str(value)


def _first(record: Any, names: Sequence[str]) -> str | int | None:
    if not isinstance(record, Mapping):
        return None
    holders = [record, *(record.get(name) for name in _HOLDERS)]
    values = (
        holder.get(name) for holder in holders if isinstance(holder, Mapping) for name in names
    )
    return next((value for value in values if isinstance(value, (str, int))), None)
