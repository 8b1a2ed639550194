"""Whether a tree is what its tag says."""

from __future__ import annotations

from pathlib import Path

from runapy_tools import changelog
from runapy_tools.generator import check
from runapy_tools.release.unraised import unraised
from runapy_tools.versions import written_version


def tree_version(root: Path) -> str:
    """The version of `runapy`, which is that of the release.

    Raises:
        ValueError: its pyproject.toml says none.
    """
    path = root / "packages" / "runapy" / "pyproject.toml"
    return written_version(path.read_text(encoding="utf-8"), str(path))


def obstacles(root: Path, tag: str) -> list[str]:
    """What keeps the tree from being released under a tag, a line each."""
    version = tree_version(root)
    found: list[str] = []
    if tag != f"v{version}":
        found.append(
            f"the tag is {tag}, the tree is {version}: tag it v{version}, or change "
            "the patch in spec/releases.yaml and generate"
        )
    if not changelog.section(root, version):
        found.append(
            f"CHANGELOG.md has no section for {version}: run `hatch run changelog {version}`"
        )
    waiting = changelog.fragments(root)
    if waiting:
        found.append(f"changelog.d has fragments that no release has: {', '.join(waiting)}")
    stale = check(root)
    if stale:
        found.append(f"packages/ is not what `hatch run generate` writes: {', '.join(stale[:5])}")
    return [*found, *unraised(root, tag)]
