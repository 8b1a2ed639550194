"""Fragments and changes of the API become a release's section."""

from __future__ import annotations

from pathlib import Path

import pytest

from runapy_tools.__main__ import main
from runapy_tools.changelog import collect, fragments, section

from ..environments import RELEASE, ROOT
from .trees import START, add_fragment, unreleased

FIRST, SECOND = f"{RELEASE}.1", f"{RELEASE}.2"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return unreleased(tmp_path, "spec")


def api_changes(older: str, newer: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What the command line says of two control planes."""
    capsys.readouterr()
    command = ["--root", str(ROOT), "diff", older, newer, "--format", "changelog"]
    assert main(command) == 0
    return capsys.readouterr().out


def test_a_release_has_its_fragments_and_what_changed_in_the_api(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changes = api_changes("2.23", "2.24", capsys)
    assert changes.startswith("### API changes\n\nFrom control plane 2.23 to 2.24.")
    assert main(["--root", str(tree), "changelog", FIRST]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"## {FIRST} (")
    assert "\n### Added\n\n- Something that users notice.\n" in printed
    assert printed.endswith(f"\n\n{changes}\n")

    written = (tree / "CHANGELOG.md").read_text("utf-8")
    assert written.partition(START)[2].strip() == printed.strip()
    assert fragments(tree) == []
    assert (tree / "changelog.d" / "README.md").exists()


def test_a_patch_comes_before_the_first_release_and_has_the_same_api(tree: Path) -> None:
    first = collect(tree, FIRST)
    add_fragment(tree, "It works now.\n")
    second = collect(tree, SECOND)
    assert "It works now." in second
    assert "API changes" not in second
    assert section(tree, FIRST).rstrip() == first.rstrip()
    written = (tree / "CHANGELOG.md").read_text("utf-8")
    assert written.index(second.rstrip()) < written.index(first.rstrip())


def test_nothing_is_released_twice(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    collect(tree, FIRST)
    add_fragment(tree)
    before = (tree / "CHANGELOG.md").read_bytes()
    assert main(["--root", str(tree), "changelog", FIRST]) == 1
    assert f"has a section for {FIRST} already" in capsys.readouterr().err
    assert (tree / "CHANGELOG.md").read_bytes() == before
    assert fragments(tree) == ["+something.added.md"]


def test_what_towncrier_refuses_is_said(tree: Path) -> None:
    (tree / "pyproject.toml").write_text("[tool.towncrier]\ndirectory = 5\n")
    with pytest.raises(RuntimeError, match=r"(?s)^towncrier fails: .+"):
        collect(tree, FIRST)
