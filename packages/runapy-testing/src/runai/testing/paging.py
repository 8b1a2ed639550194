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
class Page:
    """The items of one page, by their positions in the whole list."""

    positions: range
    next: int | None
    """Position of the next page's first item; None on the last page."""


@dataclass(frozen=True)
class Window:
    """What a request wants of a list, however long that is."""

    offset: int
    limit: int | None
    """None where the operation has no pages."""

    def page(self, total: int) -> Page:
        """What it shows of so many items."""
        end = total if self.limit is None else min(self.offset + self.limit, total)
        following = end if self.offset < end < total else None
        return Page(range(min(self.offset, total), end), following)


def window_of(operation: Operation, query: Mapping[str, Any], problems: list[str]) -> Window:
    """What a request asks for; adds to the problems where there is no such thing."""
    offset = int(query.get("offset", query.get("from", 0)))
    if offset < 0:
        problems.append(f"query parameter offset: {offset} is less than 0")
    parameters = operation.parameters_in("query")
    name = next((each for each in _LIMITS if each in parameters), None)
    if name is None:
        return Window(offset, None)
    schema = parameters[name].schema
    default = schema.get("default", _DEFAULT_LIMIT) if isinstance(schema, dict) else _DEFAULT_LIMIT
    return Window(offset, int(query.get(name, default)))


def told_beside(window: Window, total: int) -> dict[str, Any]:
    """What answers say of a page, under the names that they have for it; None for what is not.

    Args:
        window: that is asked for.
        total: of the items on all pages.
    """
    page = window.page(total)
    pagination = {"offset": window.offset, "limit": window.limit}
    if page.next is not None:
        pagination["nextOffset"] = page.next
    return {
        "next": page.next,
        "total": total,
        "totalRecords": total,
        "displayRecords": len(page.positions),
        "pagination": pagination,
    }


def list_property(schema: Any, schemas: Schemas) -> str | None:
    """The one property of an answer that holds the items; None where it is not clear which."""
    resolved = schemas.resolved(schema)
    properties = resolved.get("properties", {}) if isinstance(resolved, dict) else {}
    arrays = [n for n, part in properties.items() if "items" in (schemas.resolved(part) or {})]
    return arrays[0] if len(arrays) == 1 else None
