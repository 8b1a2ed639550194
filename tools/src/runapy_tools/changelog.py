"""The changelog of a release: the fragments of changelog.d, and what changed in the API."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from runapy_tools.imported import imported_versions, newest_version
from runapy_tools.spec_diff import diff
from runapy_tools.spec_diff.rendering import as_changelog

_FILE = "CHANGELOG.md"


def collect(root: Path, version: str) -> str:
    """Move the fragments into `CHANGELOG.md`, under a heading with the version and the date.

    The first release for a control plane gets the changes of the API since the control plane before
    it as well.

    Returns:
        The section, as it stands in the file.

    Raises:
        ValueError: there is a section for that version already.
        RuntimeError: towncrier refuses.
    """
    if section(root, version):
        raise ValueError(f"{_FILE} has a section for {version} already")
    is_first = not re.search(rf"^## {_minor(version)}\.", _text(root), re.MULTILINE)
    command = [sys.executable, "-m", "towncrier", "build", "--yes", "--version", version]
    done = subprocess.run(
        [*command, "--dir", str(root)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"towncrier fails: {done.stdout}{done.stderr}")
    written = section(root, version)
    changes = _api_changes(root) if is_first else ""
    if changes:
        whole = f"{written.rstrip()}\n\n{changes.rstrip()}\n\n"
        path = root / _FILE
        path.write_text(_text(root).replace(written, whole), encoding="utf-8")
    return section(root, version)


def section(root: Path, version: str) -> str:
    """What `CHANGELOG.md` has under a version, its heading included; nothing if it is not there."""
    pattern = rf"^## {re.escape(version)} \(.*?(?=^## |\Z)"
    found = re.search(pattern, _text(root), re.MULTILINE | re.DOTALL)
    return found[0] if found else ""


def fragments(root: Path) -> list[str]:
    """Names of the files that wait for a release."""
    return sorted(
        path.name for path in (root / "changelog.d").glob("*.md") if path.name != "README.md"
    )


def _api_changes(root: Path) -> str:
    """Nothing where there is no control plane to compare with."""
    newest = newest_version(root)
    before = imported_versions(root)[:-1]
    return as_changelog(diff(root, before[-1], newest)) if before else ""


def _minor(version: str) -> str:
    return re.escape(version.rpartition(".")[0])


def _text(root: Path) -> str:
    return (root / _FILE).read_text(encoding="utf-8")
