from __future__ import annotations

from pathlib import Path

import pytest

from runapy_tools import marked_place

TEXT = "a\n<!-- begin one -->\nold\n<!-- end one -->\nb <!-- begin two --> <!-- end two -->\n"


def test_content_between_marks(tmp_path: Path) -> None:
    document = tmp_path / "document.md"
    document.write_text(TEXT)
    marked_place.write(document, "one", r"new \1 |")
    assert document.read_text() == TEXT.replace("old", r"new \1 |")
    marked_place.write(document, "one", "old")
    assert document.read_text() == TEXT


@pytest.mark.parametrize(("name", "text", "count"), [("three", TEXT, 0), ("one", TEXT * 2, 2)])
def test_not_one_place(tmp_path: Path, name: str, text: str, count: int) -> None:
    document = tmp_path / "document.md"
    document.write_text(text)
    with pytest.raises(ValueError, match=f"document.md has {count} places for {name}"):
        marked_place.write(document, name, "new")
    assert document.read_text() == text
