"""All steps of a release but the upload, on a copy of the tree."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from runapy_tools import changelog
from runapy_tools.archives import BY_PRODUCTS
from runapy_tools.release.readiness import tree_version
from runapy_tools.release.unraised import unraised

_LINKS = ("release", "links")
STEPS = (
    ("release", "check", "{tag}"),
    _LINKS,
    ("build", "--control-plane", "all"),
    ("release", "stage"),
)
"""What the workflow's build job runs, as arguments of `runapy-tools`."""

_FOLDERS = ("changelog.d", "packages", "spec")
_FILES = (".gitignore", "CHANGELOG.md", "LICENSE", "pyproject.toml")


def rehearse(root: Path) -> None:
    """Run every step in a copy, where the fragments are collected first if they still wait.

    Raises:
        ValueError: the tree's version was released already, or another that has to be raised.
        RuntimeError: a step fails.
    """
    version = tree_version(root)
    # The copy has no history to compare with.
    to_raise = unraised(root, f"v{version}")
    if to_raise:
        raise ValueError("\n".join(to_raise))
    condition = ""
    with tempfile.TemporaryDirectory() as folder:
        copy, ignored = Path(folder), shutil.ignore_patterns(*BY_PRODUCTS)
        for name in _FOLDERS:
            shutil.copytree(root / name, copy / name, ignore=ignored)
        for name in _FILES:
            shutil.copy(root / name, copy)
        if changelog.fragments(copy):
            changelog.collect(copy, version)
        print(changelog.section(copy, version), flush=True)
        for step in STEPS:
            arguments = [each.format(tag=f"v{version}") for each in step]
            print(f"$ runapy-tools {' '.join(arguments)}", flush=True)
            command = [sys.executable, "-m", "runapy_tools", *arguments]
            if subprocess.run(command, cwd=copy, check=False).returncode:
                if step != _LINKS:
                    raise RuntimeError(f"`{' '.join(arguments)}` fails; nothing was changed")
                # The pages come with the first release, and everything else is tried before.
                condition = " once every distribution has its links"
    print(
        f"v{version} can be released{condition}; the copy is gone, nothing was published or changed"
    )
