"""Which control planes `spec/` describes, and in which files."""

from __future__ import annotations

from pathlib import Path

COMMON = "common"
"""The file, beside those of the categories, with the schemas that two or more of them use."""
UNREACHED = "unreached"
"""And with those that no operation uses."""


def imported_versions(root: Path) -> list[str]:
    """The control planes that were imported, oldest first."""
    versions = [path.name for path in (root / "spec").glob("[0-9]*.[0-9]*")]
    return sorted(versions, key=lambda version: [int(part) for part in version.split(".")])


def newest_version(root: Path) -> str:
    """The newest control plane that was imported.

    Raises:
        FileNotFoundError: none was.
    """
    versions = imported_versions(root)
    if not versions:
        raise FileNotFoundError(f"{root / 'spec'} holds no control plane: run `import` first")
    return versions[-1]
