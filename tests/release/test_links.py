"""Nothing is released that does not lead to the project's pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from runapy_tools.__main__ import main

URLS = '\n[project.urls]\nSource = "https://code.example/runapy"\n'
NAMES = ("runapy", "runapy-audit", "runapy-core")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in NAMES:
        project(tmp_path, name).parent.mkdir(parents=True)
        project(tmp_path, name).write_text(f'[project]\nname = "{name}"\n{URLS}')
    return tmp_path


def project(tree: Path, name: str) -> Path:
    return tree / "packages" / name / "pyproject.toml"


def said(tree: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = main(["--root", str(tree), "release", "links"])
    return code, capsys.readouterr().out


def test_all_lead_to_the_same_pages(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(tree, capsys) == (0, "every distribution links to the project's pages\n")


def test_one_without_links_is_named(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project(tree, "runapy-audit").write_text("[project]\n\n[project.urls]\n\n[tool]\n")
    code, told = said(tree, capsys)
    assert code == 1
    assert told == (
        "no [project.urls]: packages/runapy-audit/pyproject.toml;"
        " RELEASING.md says where to write it\n"
    )


def test_other_pages_are_named(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = project(tree, "runapy-core")
    path.write_text(path.read_text().replace("/runapy", "/other"))
    code, told = said(tree, capsys)
    assert code == 1
    assert told == (
        "[project.urls] is not the same everywhere: compare packages/runapy/pyproject.toml,"
        " packages/runapy-core/pyproject.toml; RELEASING.md says where to write it\n"
    )
