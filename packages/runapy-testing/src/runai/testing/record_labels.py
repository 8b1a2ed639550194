"""What names a record, wherever its kind keeps that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from runai.testing.state import names
from runai.testing.state.meta import naming_parts


def name_of(record: Any) -> str:
    """What people call a record; empty where it has no name."""
    return names.name_of(record) or "" if isinstance(record, Mapping) else ""


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


def _first(record: Any, properties: Sequence[str]) -> str | int | None:
    if not isinstance(record, Mapping):
        return None
    values = (part.get(name) for part in naming_parts(record) for name in properties)
    return next((value for value in values if isinstance(value, (str, int))), None)
