"""The dry run: everything that a release does but the upload, and no trace of it."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from runapy_tools.__main__ import main
from runapy_tools.changelog import collect
from runapy_tools.imported import imported_versions
from runapy_tools.release.links import unlinked
from runapy_tools.release.readiness import tree_version

from .trees import add_fragment, unreleased
from .workflow import PUBLISHING


def digests(tree: Path) -> dict[str, str]:
    return {
        str(path.relative_to(tree)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in tree.rglob("*")
        if path.is_file()
    }


def test_the_dry_run(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    tree = unreleased(tmp_path, "packages", "spec")
    # Two control planes have everything that seven have, in a third of the time.
    for older in imported_versions(tree)[:-2]:
        shutil.rmtree(tree / "spec" / older)
    assert main(["--root", str(tree), "generate"]) == 0
    capfd.readouterr()
    before = digests(tree)
    assert main(["--root", str(tree), "release", "dry-run"]) == 0
    assert digests(tree) == before

    version = tree_version(tree)
    printed = capfd.readouterr().out
    said = [
        f"## {version} (",
        "Something that users notice.",
        "### API changes",
        f"$ runapy-tools release check v{version}\nthe tree can be released as v{version}\n",
        "$ runapy-tools release links\n",
        "$ runapy-tools build --control-plane all\n",
        " files\n$ runapy-tools release stage\n",
        *(f"{name.replace('publish', 'stage')}:\n" for name in PUBLISHING),
        f"runapy-{version}.tar.gz\nv{version} can be released{condition(tree)};",
    ]
    places = [printed.find(each) for each in said]
    assert -1 not in places
    assert places == sorted(places)


def condition(tree: Path) -> str:
    return " once every distribution has its links" if unlinked(tree) else ""


def test_the_dry_run_tells_of_links_and_goes_on(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    tree = unreleased(tmp_path, "packages", "spec")
    for older in imported_versions(tree)[:-1]:
        shutil.rmtree(tree / "spec" / older)
    path = tree / "packages" / "runapy-core" / "pyproject.toml"
    text = path.read_text("utf-8").replace("[project.urls]", "[tool.other]")
    path.write_text(text, "utf-8")
    assert main(["--root", str(tree), "generate"]) == 0
    assert main(["--root", str(tree), "release", "dry-run"]) == 0
    printed = capfd.readouterr().out
    assert "no [project.urls]: packages/runapy" in printed
    assert " can be released once every distribution has its links;" in printed


def test_a_step_that_fails_ends_it(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    tree = unreleased(tmp_path, "packages", "spec")
    (tree / "packages" / "runapy-audit" / "README.md").unlink()
    assert main(["--root", str(tree), "release", "dry-run"]) == 1
    found = capfd.readouterr()
    assert "missing: packages/runapy-audit/README.md" in found.out
    assert "`release check v" in found.err
    assert "build" not in found.out.partition("$ ")[2]


def test_a_version_that_was_released_is_refused(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    tree = unreleased(tmp_path, "packages", "spec")
    collect(tree, tree_version(tree))
    add_fragment(tree)
    assert main(["--root", str(tree), "release", "dry-run"]) == 1
    assert "already" in capfd.readouterr().err
