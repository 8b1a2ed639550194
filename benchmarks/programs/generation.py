"""The generator, on the committed specification."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.worker import Operation


def all_packages(_: str) -> Operation:
    """All that `generate` does but writing: every file made, formatted and compared."""
    root = Path(__file__).parents[2]

    def operation(count: int) -> None:
        from runapy_tools.generator import check

        for _ in range(count):
            check(root)

    return operation
