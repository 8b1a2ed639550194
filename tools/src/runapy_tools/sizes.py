"""What the built files weigh, and what installing them brings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from runapy_tools.wheels import Wheel, read, with_needed

_NO_CATEGORIES = ("runapy-core", "runapy-common", "runapy-testing", "runapy")
_BEGIN, _END = "<!-- begin sizes -->\n", "<!-- end sizes -->\n"


def file_list(files: Iterable[Path]) -> str:
    """Every file with its size, and how many there are."""
    lines = [f"{path.stat().st_size:>9,} {path}" for path in files]
    return "\n".join([*lines, f"{len(lines)} files"])


def size_table(files: Iterable[Path]) -> str:
    """Bytes and files that each install brings of ours, as a Markdown table.

    An install is a distribution with those of ours that it needs, without third parties and without
    what Python compiles.
    """
    wheels = _wheels(files)
    lines = ["| install | bytes | files | of them its own |", "| --- | ---: | ---: | ---: |"]
    for wheel in sorted(wheels, key=lambda each: (each.version, each.name)):
        size, count = _brought(wheel, wheels)
        lines.append(f"| `{wheel.name}=={wheel.version}` | {size:,} | {count} | {wheel.size:,} |")
    return "\n".join(lines)


def image_table(files: Iterable[Path]) -> str:
    """The same for people who choose what to put into an image: megabytes, the smallest first.

    Args:
        files: what was built for one control plane.
    """
    wheels = _wheels(files)
    categories = [each for each in wheels if each.name not in _NO_CATEGORIES]
    ends = {each.name: each for each in wheels if each.name in ("runapy-core", "runapy")}
    categories.sort(key=lambda each: (_brought(each, wheels), each.name))
    lines = ["| install | MB | files |", "| --- | ---: | ---: |"]
    for wheel in [ends["runapy-core"], *categories, ends["runapy"]]:
        size, count = _brought(wheel, wheels)
        lines.append(f"| `{wheel.name}` | {size / 1e6:.2f} | {count} |")
    return "\n".join(lines)


def write_table(document: Path, table: str) -> None:
    """Put a table between the marks of a document.

    Raises:
        ValueError: the document does not have them, once.
    """
    text = document.read_text(encoding="utf-8")
    changed, count = re.subn(
        f"{_BEGIN}.*?{_END}",
        lambda _: f"{_BEGIN}{table}\n{_END}",
        text,
        flags=re.DOTALL,
    )
    if count != 1:
        raise ValueError(
            f"{document} has {count} places for the table; it needs one: {_BEGIN.strip()}"
        )
    document.write_text(changed, encoding="utf-8")


def _wheels(files: Iterable[Path]) -> list[Wheel]:
    return [read(path) for path in files if path.suffix == ".whl"]


def _brought(wheel: Wheel, wheels: list[Wheel]) -> tuple[int, int]:
    """Bytes and files of an install."""
    brought = with_needed(wheel, wheels)
    return sum(each.size for each in brought), sum(each.files for each in brought)
