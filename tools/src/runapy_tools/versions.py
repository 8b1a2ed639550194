"""Which version each distribution has, and which file says so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from runapy_tools import yaml_files

MAJOR = 1
PATCHES = "spec/releases.yaml"
"""The file with the patches of what is made for a control plane."""
OWN = {
    "runapy-core": "packages/runapy-core/src/runai/_core/version.py",
    "runapy-testing": "packages/runapy-testing/pyproject.toml",
}
"""The files with the versions of the distributions that are written by hand."""


def release(root: Path, control_plane: str) -> str:
    """The version of everything that is made for a control plane, such as 1.224.1."""
    text = (root / PATCHES).read_text(encoding="utf-8")
    return f"{minor(control_plane)}.{patch(text, control_plane)}"


def minor(control_plane: str) -> str:
    """Its first two numbers: 1.224 for 2.24."""
    return f"{MAJOR}.{control_plane.replace('.', '')}"


def patch(text: str, control_plane: str) -> int:
    """Its third number.

    Args:
        text: of the file with the patches.
        control_plane: such as 2.24.
    """
    releases: dict[str, Any] = yaml_files.parse(text)
    return int(releases["patches"].get(control_plane, releases["first_patch"]))


def own_version(root: Path, distribution: str) -> str:
    """The version of core or testing.

    Raises:
        ValueError: its file says none.
    """
    path = root / OWN[distribution]
    return written_version(path.read_text(encoding="utf-8"), str(path))


def written_version(text: str, place: str) -> str:
    """The version that a pyproject.toml, or core's own module, says.

    Raises:
        ValueError: it says none.
    """
    found = re.search(r'^(?:VERSION|version) = "(.+)"$', text, re.MULTILINE)
    if not found:
        raise ValueError(f"{place} has no version")
    return found[1]
