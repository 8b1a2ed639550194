"""Paged lists: which part of how many items a page holds, and where the next one starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runai.testing.specification import Operation, Schemas

_DEFAULT_LIMIT = 50


@dataclass(frozen=True)
class Page:
    """The items of one page, by their positions in the whole list."""

    positions: range
    next: int | None
    """Position of the next page's first item; None on the last page."""


def page_of(operation: Operation, query: Mapping[str, Any], total: int) -> Page | None:
    """The page that a request asks for; None where the operation has no offset and limit."""
    parameters = operation.parameters_in("query")
    if not {"offset", "limit"} <= set(parameters):
        return None
    offset = int(query.get("offset", 0))
    limit = int(query.get("limit", _DEFAULT_LIMIT))
    end = min(offset + limit, total)
    return Page(range(min(offset, total), end), end if offset < end < total else None)


def list_property(schema: Any, schemas: Schemas) -> str | None:
    """The one property of an answer that holds the items; None where it is not clear which."""
    resolved = schemas.resolved(schema)
    properties = resolved.get("properties", {}) if isinstance(resolved, dict) else {}
    arrays = [n for n, part in properties.items() if "items" in (schemas.resolved(part) or {})]
    return arrays[0] if len(arrays) == 1 else None
