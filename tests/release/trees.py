"""Copies of what a release is made of."""

from __future__ import annotations

import shutil
from pathlib import Path

from runapy_tools.archives import BY_PRODUCTS

from ..environments import ROOT

START = "<!-- releases -->\n"
FRAGMENT = "Something that users notice.\n"


def unreleased(target: Path, *folders: str) -> Path:
    """A tree before its first release, with one fragment that waits for it.

    Args:
        target: where it goes.
        folders: of the repository, to be copied as they are.
    """
    for name in folders:
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns(*BY_PRODUCTS))
    for name in (".gitignore", "LICENSE", "pyproject.toml"):
        shutil.copy(ROOT / name, target)
    head = (ROOT / "CHANGELOG.md").read_text("utf-8").partition(START)[0]
    (target / "CHANGELOG.md").write_text(head + START, "utf-8")
    (target / "changelog.d").mkdir()
    shutil.copy(ROOT / "changelog.d" / "README.md", target / "changelog.d")
    add_fragment(target)
    return target


def add_fragment(tree: Path, text: str = FRAGMENT) -> None:
    (tree / "changelog.d" / "+something.added.md").write_text(text, "utf-8")
