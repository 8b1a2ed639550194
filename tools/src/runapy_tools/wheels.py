"""What a built wheel says of itself."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path

from packaging.requirements import Requirement


@dataclass(frozen=True)
class Wheel:
    """Its metadata, and what it brings."""

    path: Path
    metadata: Message
    size: int
    """Bytes of its files, once installed."""
    files: int

    @property
    def name(self) -> str:
        return str(self.metadata["Name"])

    @property
    def version(self) -> str:
        return str(self.metadata["Version"])

    @property
    def minor(self) -> str:
        """The version up to the control plane, such as 1.224."""
        return ".".join(self.version.split(".")[:2])

    @property
    def requirements(self) -> list[Requirement]:
        """Everything that it declares, extras included."""
        return [Requirement(each) for each in self.metadata.get_all("Requires-Dist", [])]

    @property
    def needed_of_ours(self) -> list[str]:
        """Names of our distributions that are always installed with it."""
        found = {
            each.name
            for each in self.requirements
            if each.marker is None and each.name.startswith("runapy")
        }
        return sorted(found)


def read(path: Path) -> Wheel:
    """Read a wheel's metadata."""
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        (metadata,) = [each for each in members if each.filename.endswith(".dist-info/METADATA")]
        headers = HeaderParser().parsestr(archive.read(metadata).decode())
    return Wheel(path, headers, sum(each.file_size for each in members), len(members))


def with_needed(wheel: Wheel, wheels: list[Wheel]) -> list[Wheel]:
    """A wheel and those of ours that an install of it brings.

    Raises:
        ValueError: one that it needs is not among the wheels.
    """
    found = {wheel.name: wheel}
    for name in wheel.needed_of_ours:
        named = [each for each in wheels if each.name == name]
        # Those with versions of their own, core above all, are built once.
        same = [each for each in named if each.minor == wheel.minor] or named
        if not same:
            raise ValueError(f"{wheel.path.name} needs {name}, which was not built")
        for each in same:
            found.update({needed.name: needed for needed in with_needed(each, wheels)})
    return list(found.values())
