"""Paged lists: which part of how many items a page holds, and where the next one starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runai.testing.specification import Operation, Schemas

_DEFAULT_LIMIT = 50
_LIMITS = ("limit", "numberOfSamples")
"""What the parameter is called that says how many items a page has."""


@dataclass(frozen=True)
class Window:
    """What a request wants of a list, however long that is."""

    offset: int
    limit: int | None
    """None where the operation has no pages."""

    @property
    def problems(self) -> list[str]:
        """Why there is no such thing; nothing where there is."""
        if self.offset >= 0:
            return []
        return [f"query parameter offset: {self.offset} is less than 0"]


@dataclass(frozen=True)
class Page:
    """What a window shows of a list.

    Args:
        window: that is asked for.
        total: of the items on all pages.
    """

    window: Window
    total: int

    @property
    def positions(self) -> range:
        """Of its items, in the whole list."""
        offset, limit = self.window.offset, self.window.limit
        end = self.total if limit is None else min(offset + limit, self.total)
        return range(min(offset, self.total), end)

    @property
    def next(self) -> int | None:
        """Position of the next page's first item; None on the last page."""
        end = self.positions.stop
        return end if self.window.offset < end < self.total else None

    def told(self) -> dict[str, Any]:
        """What answers say of it, under the names that they have for it; None for what is not."""
        pagination = {"offset": self.window.offset, "limit": self.window.limit}
        if self.next is not None:
            pagination["nextOffset"] = self.next
        return {
            "next": self.next,
            "total": self.total,
            "totalRecords": self.total,
            "displayRecords": len(self.positions),
            "pagination": pagination,
        }


def window_of(operation: Operation, query: Mapping[str, Any]) -> Window:
    """What a request asks for."""
    offset = int(query.get("offset", query.get("from", 0)))
    parameters = operation.parameters_in("query")
    name = next((each for each in _LIMITS if each in parameters), None)
    if name is None:
        return Window(offset, None)
    default = parameters[name].keywords.get("default", _DEFAULT_LIMIT)
    return Window(offset, int(query.get(name, default)))


def list_property(schema: Any, schemas: Schemas) -> str | None:
    """The one property of an answer that holds the items; None where it is not clear which."""
    resolved = schemas.resolved(schema)
    properties = resolved.get("properties", {}) if isinstance(resolved, dict) else {}
    arrays = [n for n, part in properties.items() if "items" in (schemas.resolved(part) or {})]
    return arrays[0] if len(arrays) == 1 else None
