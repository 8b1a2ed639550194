"""Versions that were released already, of distributions that have changed since.

The upload skips what an index has under the same version: such a change would never be published.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from runapy_tools import yaml_files
from runapy_tools.imported import imported_versions

_PATCHES = "spec/releases.yaml"
_VERSIONS = {
    "runapy-core": "packages/runapy-core/src/runai/_core/version.py",
    "runapy-testing": "packages/runapy-testing/pyproject.toml",
}
"""The files that have the versions of the distributions which are written by hand."""


def unraised(root: Path, tag: str) -> list[str]:
    """Compare with the release before the one of a tag; a line for each version to raise.

    A tree that is no git repository, or has no release yet, has nothing to compare with.
    """
    if not (root / ".git").exists():
        return []
    released = _git(root, "tag", "--list", "v*", "--merged", "HEAD", "--sort=-v:refname").split()
    before = [each for each in released if each != tag]
    return list(_unraised(root, before[0])) if before else []


def _unraised(root: Path, before: str) -> Iterator[str]:
    for name, file in _VERSIONS.items():
        folder = f"packages/{name}"
        made_of = [folder, f":!{folder}/tests"]
        if name == "runapy-testing":
            # It ships what the descriptions of the control planes say.
            made_of += ["spec", f":!{_PATCHES}"]
        was, now = _git(root, "show", f"{before}:{file}"), (root / file).read_text("utf-8")
        if _version(was) == _version(now) and _changed(root, before, *made_of):
            yield f"{name} has changed since {before}: raise its version in {file}"
    was_patches = yaml_files.parse(_git(root, "show", f"{before}:{_PATCHES}"))
    patches = yaml_files.parse((root / _PATCHES).read_text("utf-8"))
    for version in imported_versions(root):
        made_of = [f"spec/{version}", "spec/words", "tools/src/runapy_tools/generator"]
        if not _git(root, "ls-tree", before, f"spec/{version}"):
            continue
        if _patch(was_patches, version) == _patch(patches, version) and _changed(
            root, before, *made_of
        ):
            yield (
                f"what the distributions for {version} are made of has changed since {before}: "
                f"raise their patch in {_PATCHES}"
            )


def _patch(releases: dict[str, dict[str, int]], version: str) -> object:
    return releases["patches"].get(version, releases["first_patch"])


def _version(text: str) -> str | None:
    found = re.search(r'^(?:VERSION|version) = "(.+)"$', text, re.MULTILINE)
    return found[1] if found else None


def _changed(root: Path, before: str, *paths: str) -> bool:
    return bool(_git(root, "diff", "--name-only", before, "--", *paths))


def _git(root: Path, *arguments: str) -> str:
    """What git prints.

    Raises:
        RuntimeError: it fails.
    """
    done = subprocess.run(
        ["git", "-C", str(root), *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"git {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout
