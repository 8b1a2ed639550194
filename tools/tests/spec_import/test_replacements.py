"""Deprecated operations whose words name another path: the fact stays, the words go."""

from __future__ import annotations

from typing import Any

import pytest

from .documents import document, imported, operation

NEW = "/api/v2/shelves/{id}"
IDENTIFIER = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}


def replacement(words: str, method: str = "get", **facts: Any) -> Any:
    """The `x-replacement` of an operation with these words."""
    item = {
        "parameters": [IDENTIFIER],
        "get": operation("get_shelf"),
        "patch": operation("updateShelf"),
    }
    old = operation("old_shelf", description=words, **{"deprecated": True, **facts})
    result = imported(document({NEW: item, "/api/v1/shelves": {method: old}}))
    kept = result.operation(method, "/api/v1/shelves")
    assert "description" not in kept
    return kept.get("x-replacement")


@pytest.mark.parametrize(
    "words",
    [
        "Old; use /api/v2/shelves/{id} from now on.",
        "Old: use `GET /api/v2/shelves/{id}`.",
        "Please use the `/api/v2/shelves/{shelfId}`.",
        "Use api/v2/shelves/{id}.",
    ],
)
def test_a_path_in_the_words_is_found(words: str) -> None:
    assert replacement(words) == "shelves.get_shelf"


def test_the_named_method_counts_more_than_the_operations_own() -> None:
    assert replacement("Old, use PATCH /api/v2/shelves/{id}") == "shelves.update_shelf"


def test_an_update_may_have_become_a_patch() -> None:
    words = "Old, use /api/v2/shelves/{id} instead"
    assert replacement(words, method="put") == "shelves.update_shelf"


@pytest.mark.parametrize(
    ("words", "deprecated"),
    [
        ("Old, use /api/v2/nowhere instead", True),
        ("Old, and nothing takes its place", True),
        ("You may use /api/v2/shelves/{id} too", False),
    ],
    ids=["no such path", "no path", "not deprecated"],
)
def test_nothing_is_invented(words: str, deprecated: bool) -> None:
    assert replacement(words, deprecated=deprecated) is None
