"""A tree is released under its own version, with a changelog and what `generate` writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from runapy_tools.__main__ import main
from runapy_tools.changelog import collect
from runapy_tools.release.readiness import tree_version

from ..environments import RELEASE, ROOT
from .trees import unreleased


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unreleased(tmp_path_factory.mktemp("tree"), "packages", "spec")


def check(tree: Path, tag: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    capsys.readouterr()
    code = main(["--root", str(tree), "release", "check", tag])
    return code, capsys.readouterr().out.splitlines()


def test_the_version_is_that_of_the_newest_control_plane() -> None:
    assert tree_version(ROOT).rpartition(".")[0] == RELEASE


def test_each_obstacle_is_named_until_none_is_left(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    version = tree_version(tree)
    module = tree / "packages" / "runapy-audit" / "src" / "runai" / "audit" / "category.py"
    written = module.read_bytes()
    module.write_bytes(written + b"# changed\n")
    code, said = check(tree, "v1.2.3", capsys)
    assert code == 1
    assert [line.split(":")[0] for line in said] == [
        f"the tag is v1.2.3, the tree is {version}",
        f"CHANGELOG.md has no section for {version}",
        "changelog.d has fragments that no release has",
        "packages/ is not what `hatch run generate` writes",
    ]
    assert said[2].endswith(" +something.added.md")
    assert said[3].endswith(" packages/runapy-audit/src/runai/audit/category.py")

    module.write_bytes(written)
    collect(tree, version)
    assert check(tree, f"v{version}", capsys) == (0, [f"the tree can be released as v{version}"])


def test_a_tree_without_a_version_is_none(tmp_path: Path) -> None:
    project = tmp_path / "packages" / "runapy"
    project.mkdir(parents=True)
    (project / "pyproject.toml").write_text("[project]\n")
    with pytest.raises(ValueError, match="has no version"):
        tree_version(tmp_path)
