"""The tables of docs/reliability.md, which the tests run."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

DOCUMENT = Path(__file__).parents[2] / "docs" / "reliability.md"
_TEXT = DOCUMENT.read_text("utf-8")
DASH = "\N{EN DASH}"
_CODE = re.compile(r"`([^`]+)`")


def table(heading: str) -> list[dict[str, str]]:
    """The rows of the one table under a heading, each by the names of its columns."""
    start = _TEXT.index(f"\n## {heading}\n")
    end = _TEXT.find("\n## ", start + 1)
    lines = [line for line in _TEXT[start : end if end > 0 else None].splitlines() if line]
    head, ruler, *rows = [_cells(line) for line in lines if line.startswith("|")]
    assert set("".join(ruler)) <= set("-:"), f"{heading}: {ruler}"
    assert {len(row) for row in rows} == {len(head)}, f"{heading}: rows of another length"
    return [dict(zip(head, row)) for row in rows]


def words_in_code(cell: str) -> list[str]:
    """What a cell holds between backticks."""
    return _CODE.findall(cell)


def keywords(cell: str) -> dict[str, Any]:
    """The keyword arguments that a cell holds between backticks."""
    found: dict[str, Any] = {}
    for code in words_in_code(cell):
        call = ast.parse(f"call({code})", mode="eval").body
        assert isinstance(call, ast.Call)
        found.update({str(each.arg): ast.literal_eval(each.value) for each in call.keywords})
    return found


def bounds(cell: str) -> list[tuple[float, float]]:
    """The shortest and the longest of each wait: `0.25 to 0.5` with a dash; empty for `none`."""
    if cell == "none":
        return []
    pairs = [part.strip().split(DASH) for part in cell.split(",")]
    return [(float(pair[0]), float(pair[-1])) for pair in pairs]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]
