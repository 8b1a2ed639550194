"""Reading what the wheels and source archives hold."""

from __future__ import annotations

import tarfile
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from packaging.utils import parse_sdist_filename, parse_wheel_filename

LIBRARIES = ("runapy-core", "runapy-testing")
"""Distributions with versions of their own."""
NO_CATEGORIES = (*LIBRARIES, "runapy", "runapy-common")


@dataclass(frozen=True)
class Archive:
    """One built file."""

    path: Path

    @property
    def is_wheel(self) -> bool:
        return self.path.suffix == ".whl"

    @cached_property
    def name(self) -> str:
        return self._parsed[0]

    @cached_property
    def version(self) -> str:
        return self._parsed[1]

    @property
    def control_plane(self) -> str:
        """Such as 2.19; only for what is made for one."""
        minor = self.version.split(".")[1]
        return f"{minor[0]}.{minor[1:]}"

    @cached_property
    def contents(self) -> dict[str, bytes]:
        """The files by their paths; in a source archive, below its one folder."""
        if self.is_wheel:
            with zipfile.ZipFile(self.path) as wheel:
                return {name: wheel.read(name) for name in wheel.namelist()}
        found: dict[str, bytes] = {}
        with tarfile.open(self.path) as archive:
            for member in archive:
                file = archive.extractfile(member)
                if file is not None:
                    found[member.name.partition("/")[2]] = file.read()
        return found

    @cached_property
    def metadata(self) -> bytes:
        """As it is stored."""
        (content,) = (
            content
            for path, content in self.contents.items()
            if path.endswith(".dist-info/METADATA") or path == "PKG-INFO"
        )
        return content

    @cached_property
    def _parsed(self) -> tuple[str, str]:
        if self.is_wheel:
            name, version, _, _ = parse_wheel_filename(self.path.name)
        else:
            name, version = parse_sdist_filename(self.path.name)
        return str(name), str(version)


def archives(folder: Path) -> list[Archive]:
    """All that were built, sorted by file name."""
    return [Archive(path) for path in sorted(folder.iterdir())]
