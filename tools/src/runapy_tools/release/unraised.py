"""Versions that were released already, of distributions that have changed since.

The upload skips what an index has under the same version: such a change would never be published.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

from runapy_tools.imported import imported_versions, newest_version
from runapy_tools.versions import OWN, PATCHES, patch, written_version

# How a release is made changes nothing that it publishes.
_GENERATOR = ("tools/src", ":!tools/src/runapy_tools/release", "tools/pyproject.toml", "LICENSE")


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
    for name, file in OWN.items():
        folder = f"packages/{name}"
        made_of = [folder, f":!{folder}/tests"]
        if name == "runapy-testing":
            # It ships what the descriptions of the control planes say, and none of our words.
            made_of += ["spec", f":!{PATCHES}", ":!spec/words"]
        was, now = (written_version(text, file) for text in _texts(root, before, file))
        if was == now and _changed(root, before, *made_of):
            yield f"{name} has changed since {before}: raise its version in {file}"
    was_patches, patches = _texts(root, before, PATCHES)
    # They need the core that they are written for, whatever its patch.
    cores = _texts(root, before, OWN["runapy-core"])
    was_core, core = (written_version(text, "core").rpartition(".")[0] for text in cores)
    for version in imported_versions(root):
        is_new = not _git(root, "ls-tree", before, f"spec/{version}")
        if is_new or patch(was_patches, version) != patch(patches, version):
            continue
        is_older = version != newest_version(root)
        if (is_older and was_core != core) or _changed(root, before, *_made_of(root, version)):
            yield (
                f"what the distributions for {version} are made of has changed since {before}: "
                f"raise their patch in {PATCHES}"
            )


def _made_of(root: Path, version: str) -> list[str]:
    """What decides what the distributions for a control plane hold, as git's pathspecs."""
    known = imported_versions(root)
    if version == known[-1]:
        return ["packages/runapy*", *(f":!packages/{name}" for name in OWN)]
    # They say since when everything is there, and keep former names.
    told_of = known[: known.index(version) + 1]
    return [*(f"spec/{each}" for each in told_of), "spec/words", *_GENERATOR]


def _texts(root: Path, before: str, file: str) -> tuple[str, str]:
    """What a file said in a release, and what it says now."""
    return _git(root, "show", f"{before}:{file}"), (root / file).read_text(encoding="utf-8")


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
