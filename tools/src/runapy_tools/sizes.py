"""What the built files weigh, and what installing them brings."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from runapy_tools.wheels import Wheel, read, with_needed


def file_list(files: Iterable[Path]) -> str:
    """Every file with its size, and how many there are."""
    lines = [f"{path.stat().st_size:>9,} {path}" for path in files]
    return "\n".join([*lines, f"{len(lines)} files"])


def size_table(files: Iterable[Path]) -> str:
    """Bytes and files that each install brings of ours, as a Markdown table.

    An install is a distribution with those of ours that it needs, without third parties and without
    what Python compiles.
    """
    wheels = wheels_of(files)
    lines = ["| install | bytes | files | of them its own |", "| --- | ---: | ---: | ---: |"]
    for wheel in sorted(wheels, key=lambda each: (each.version, each.name)):
        size, count = brought(wheel, wheels)
        lines.append(f"| `{wheel.name}=={wheel.version}` | {size:,} | {count} | {wheel.size:,} |")
    return "\n".join(lines)


def wheels_of(files: Iterable[Path]) -> list[Wheel]:
    """The wheels among what was built."""
    return [read(path) for path in files if path.suffix == ".whl"]


def brought(wheel: Wheel, wheels: list[Wheel]) -> tuple[int, int]:
    """Bytes and files that an install has of ours."""
    needed = with_needed(wheel, wheels)
    return sum(each.size for each in needed), sum(each.files for each in needed)
