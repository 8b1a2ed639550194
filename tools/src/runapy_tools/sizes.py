"""What the built files weigh, and what installing them brings."""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.parser import HeaderParser
from pathlib import Path

_OURS = re.compile(r"(runapy[a-z-]*)(?:\[[a-z,]*\])?([^;]*)(;.*)?")


@dataclass(frozen=True)
class _Wheel:
    name: str
    version: str
    size: int
    files: int
    requires: list[str] = field(default_factory=list)
    """Names of our distributions that it needs."""

    @property
    def minor(self) -> str:
        return ".".join(self.version.split(".")[:2])


def file_list(files: Iterable[Path]) -> str:
    """Every file with its size, and how many there are."""
    lines = [f"{path.stat().st_size:>9,} {path}" for path in files]
    return "\n".join([*lines, f"{len(lines)} files"])


def size_table(files: Iterable[Path]) -> str:
    """Bytes and files that each install brings of ours, as a Markdown table.

    An install is a distribution with those of ours that it needs, without third parties and without
    what Python compiles.
    """
    wheels = [_read(path) for path in files if path.suffix == ".whl"]
    by_name: dict[str, list[_Wheel]] = defaultdict(list)
    for wheel in wheels:
        by_name[wheel.name].append(wheel)
    lines = ["| install | bytes | files | of them its own |", "| --- | ---: | ---: | ---: |"]
    for wheel in sorted(wheels, key=lambda each: (each.version, each.name)):
        brought = _with_needed(wheel, by_name)
        size, count = (sum(each.size for each in brought), sum(each.files for each in brought))
        lines.append(f"| `{wheel.name}=={wheel.version}` | {size:,} | {count} | {wheel.size:,} |")
    return "\n".join(lines)


def _with_needed(wheel: _Wheel, by_name: dict[str, list[_Wheel]]) -> list[_Wheel]:
    found = {wheel.name: wheel}
    for name in wheel.requires:
        # Those with versions of their own, core above all, are built once.
        same = [each for each in by_name[name] if each.minor == wheel.minor] or by_name[name]
        for each in same:
            found.update({needed.name: needed for needed in _with_needed(each, by_name)})
    return list(found.values())


def _read(path: Path) -> _Wheel:
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        (metadata,) = [each for each in members if each.filename.endswith(".dist-info/METADATA")]
        headers = HeaderParser().parsestr(archive.read(metadata).decode())
    matches = [_OURS.match(each) for each in headers.get_all("Requires-Dist", [])]
    requires = [match[1] for match in matches if match and not match[3]]
    size = sum(each.file_size for each in members)
    return _Wheel(headers["Name"], headers["Version"], size, len(members), requires)
