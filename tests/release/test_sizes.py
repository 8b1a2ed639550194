"""The sizes in the documentation are those of what is built, near enough between two releases."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from runapy_tools.sizes import image_table, write_table

from ..environments import RELEASE, ROOT

DOCUMENT = ROOT / "docs" / "slim-images.md"
MARKED = "before\n<!-- begin sizes -->\nold\n<!-- end sizes -->\nafter\n"


def sizes(table: str) -> dict[str, tuple[float, int]]:
    """Megabytes and files by install."""
    found = re.findall(r"^\| `([\w-]+)` \| ([\d.]+) \| (\d+) \|$", table, re.MULTILINE)
    return {name: (float(size), int(files)) for name, size, files in found}


@pytest.fixture(scope="module")
def table(wheelhouse: Path) -> str:
    once = ("runapy_core-", "runapy_testing-")
    newest = [
        path
        for path in wheelhouse.iterdir()
        if f"-{RELEASE}." in path.name or path.name.startswith(once)
    ]
    return image_table(newest)


def test_the_document_has_the_sizes(table: str) -> None:
    built, written = sizes(table), sizes(DOCUMENT.read_text("utf-8"))
    assert set(written) == set(built)
    assert len(built) == 11
    for name, (size, files) in built.items():
        assert written[name][0] == pytest.approx(size, rel=0.15), name
        assert written[name][1] == pytest.approx(files, rel=0.15), name


def test_an_install_weighs_more_than_what_it_needs(table: str) -> None:
    built = sizes(table)
    core, everything = built.pop("runapy-core"), built.pop("runapy")
    assert len(built) == 9
    for size, files in built.values():
        assert core[0] < size < everything[0]
        assert core[1] < files < everything[1]


def test_the_table_goes_between_its_marks(tmp_path: Path) -> None:
    document = tmp_path / "page.md"
    document.write_text(MARKED)
    for rows in ("| new |", "| newer |"):
        write_table(document, rows)
        assert document.read_text() == MARKED.replace("old", rows)
    document.write_text("no marks")
    with pytest.raises(ValueError, match="has 0 places for the table; it needs one: <!-- begin"):
        write_table(document, "| new |")
