"""Which former names are free in a control plane, and which call something else now."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runapy_tools.openapi import Document
from runapy_tools.spec_diff.former_names import FormerName, former_names

from .descriptions import file, operation, write

ROOT = Path(__file__).parents[3]


def plane(**names: str) -> dict[str, Document]:
    """A control plane whose paths have these methods in its client."""
    paths: dict[str, Any] = {f"/{path}": {"get": operation(name)} for path, name in names.items()}
    return {"warehouse": file("Warehouse", paths)}


def found(root: Path, *planes: dict[str, Document]) -> tuple[set[str], set[str]]:
    """Free and reused names of the last control plane."""
    for position, files in enumerate(planes):
        write(root, f"9.{8 + position}", files)
    result = former_names(root, f"9.{7 + len(planes)}")
    return set(told(result.free)), set(told(result.reused))


def told(names: list[FormerName]) -> Iterator[str]:
    for each in names:
        now = each.now.id if each.now else "nothing"
        yield f"{each.before.id} is {now} since {each.since}"


def test_a_name_that_stays_is_none(tmp_path: Path) -> None:
    assert found(tmp_path, plane(a="shelves.a"), plane(a="shelves.a")) == (set(), set())


def test_the_oldest_control_plane_has_none(tmp_path: Path) -> None:
    assert found(tmp_path, plane(a="shelves.a")) == (set(), set())


def test_a_name_that_changed_twice(tmp_path: Path) -> None:
    planes = [plane(a="shelves.a"), plane(a="shelves.b"), plane(a="shelves.c")]
    free = {"shelves.a is shelves.c since 9.9", "shelves.b is shelves.c since 9.10"}
    assert found(tmp_path, *planes) == (free, set())


def test_a_name_that_came_back(tmp_path: Path) -> None:
    planes = [plane(a="shelves.a"), plane(a="shelves.b"), plane(a="shelves.a")]
    assert found(tmp_path, *planes) == ({"shelves.b is shelves.a since 9.10"}, set())


def test_a_name_of_another_group(tmp_path: Path) -> None:
    planes = [plane(a="shelves.a", b="boxes.b"), plane(a="boxes.a", b="boxes.b")]
    assert found(tmp_path, *planes) == ({"shelves.a is boxes.a since 9.9"}, set())


def test_a_parameter_of_the_path_may_have_another_name(tmp_path: Path) -> None:
    write(tmp_path, "9.8", plane(**{"a/{id}": "shelves.a"}))
    write(tmp_path, "9.9", plane(**{"a/{shelf}": "shelves.b"}))
    assert list(told(former_names(tmp_path, "9.9").free)) == ["shelves.a is shelves.b since 9.9"]


def test_another_operation_has_the_name_now(tmp_path: Path) -> None:
    planes = [plane(a="shelves.a", b="shelves.b"), plane(a="shelves.b", c="shelves.a")]
    reused = {"shelves.a is shelves.b since 9.9", "shelves.b is nothing since 9.9"}
    assert found(tmp_path, *planes) == (set(), reused)


def test_an_operation_that_is_gone_has_no_former_name(tmp_path: Path) -> None:
    assert found(tmp_path, plane(a="shelves.a"), plane(b="shelves.b")) == (set(), set())


def test_the_last_meaning_of_a_name_counts(tmp_path: Path) -> None:
    planes = [
        plane(a="shelves.x", b="shelves.y"),
        plane(a="shelves.a", b="shelves.x"),
        plane(a="shelves.a", b="shelves.b"),
    ]
    free = {"shelves.x is shelves.b since 9.10", "shelves.y is shelves.b since 9.9"}
    assert found(tmp_path, *planes) == (free, set())


def test_a_name_that_last_meant_what_is_gone(tmp_path: Path) -> None:
    planes = [plane(a="shelves.x"), plane(a="shelves.a", b="shelves.x"), plane(a="shelves.a")]
    assert found(tmp_path, *planes) == (set(), set())


def test_another_category_cannot_have_the_method(tmp_path: Path) -> None:
    write(tmp_path, "9.8", {"yard": file("Yard", {"/a": {"get": operation("shelves.a")}})})
    write(tmp_path, "9.9", plane(a="shelves.b"))
    names = former_names(tmp_path, "9.9")
    assert (names.free, names.reused) == ([], [])
    assert list(told(names.lost)) == ["shelves.a is shelves.b since 9.9"]


def test_a_control_plane_that_was_not_imported(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no control plane 9\.9"):
        former_names(tmp_path, "9.9")


@pytest.mark.parametrize(
    ("version", "free", "reused"),
    [
        ("2.18", 0, 0),
        ("2.19", 1, 1),
        ("2.20", 2, 12),
        ("2.21", 4, 12),
        ("2.22", 7, 12),
        ("2.23", 22, 21),
        ("2.24", 22, 21),
    ],
)
def test_committed_control_planes(version: str, free: int, reused: int) -> None:
    names = former_names(ROOT, version)
    assert (len(names.free), len(names.reused)) == (free, reused)
    assert names.lost == []
