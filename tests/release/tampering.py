"""Wheels that are not what was built."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path


def rewrite(wheel: Path, changes: Mapping[str, bytes | None]) -> None:
    """Change files by the ends of their names, or leave them out where there is no content."""
    with zipfile.ZipFile(wheel) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in contents.items():
            ending = next((each for each in changes if name.endswith(each)), None)
            written = content if ending is None else changes[ending]
            if written is not None:
                archive.writestr(name, written)
