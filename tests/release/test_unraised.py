"""What has changed since the release before gets a new version."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from runapy_tools.__main__ import main
from runapy_tools.release.unraised import unraised

CORE = "packages/runapy-core"
TESTING = "packages/runapy-testing"
FILES = {
    f"{CORE}/src/runai/_core/version.py": 'VERSION = "1.0.0"\n',
    f"{CORE}/src/runai/exceptions.py": "",
    f"{CORE}/tests/test_failures.py": "",
    f"{TESTING}/pyproject.toml": '[project]\nversion = "1.0.0"\n',
    f"{TESTING}/src/runai/testing/__init__.py": "",
    "packages/runapy/pyproject.toml": '[project]\nversion = "1.224.2"\n',
    "packages/runapy-audit/src/runai/audit/category.py": "",
    "spec/2.22/audit.yaml": "",
    "spec/2.23/audit.yaml": "",
    "spec/2.24/audit.yaml": "",
    "spec/words/audit.yaml": "",
    "spec/releases.yaml": "first_patch: 1\npatches: {}\n",
    "tools/src/runapy_tools/spec_diff/history.py": "",
    "tools/src/runapy_tools/release/stages.py": "",
    "tools/tests/test_build.py": "",
    "LICENSE": "",
}
TAG = "v1.224.2"


def git(tree: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=someone", "-c", "user.email=someone@example.com"]
    command = ["git", "-C", str(tree), *identity, *arguments]
    subprocess.run(command, check=True, capture_output=True)


def change(tree: Path, path: str, content: str = "changed\n") -> None:
    (tree / path).parent.mkdir(parents=True, exist_ok=True)
    (tree / path).write_text(content)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree that was released as v1.224.1, and v1.223.1 before that."""
    for path, content in FILES.items():
        change(tmp_path, path, content)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    for tag in ("v1.223.1", "v1.224.1"):
        git(tmp_path, "commit", "--quiet", "--allow-empty", "-m", tag)
        git(tmp_path, "tag", tag)
    return tmp_path


def raised(tree: Path, changes: dict[str, str]) -> list[str]:
    """What is to be raised after these changes: the same before and after their commit."""
    for path, content in changes.items():
        change(tree, path, content)
    git(tree, "add", ".")
    found = [line.partition(":")[0] for line in unraised(tree, TAG)]
    git(tree, "commit", "--quiet", "--allow-empty", "-m", "changes")
    git(tree, "tag", TAG)
    assert [line.partition(":")[0] for line in unraised(tree, TAG)] == found
    return found


SINCE = "since v1.224.1"
CORE_CHANGED = f"runapy-core has changed {SINCE}"
TESTING_CHANGED = f"runapy-testing has changed {SINCE}"
OLDEST_CHANGED, OLDER_CHANGED, NEWEST_CHANGED = (
    f"what the distributions for {version} are made of has changed {SINCE}"
    for version in ("2.22", "2.23", "2.24")
)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("README.md", []),
        (f"{CORE}/tests/test_failures.py", []),
        (f"{CORE}/src/runai/exceptions.py", [CORE_CHANGED]),
        (f"{CORE}/src/runai/added.py", [CORE_CHANGED]),
        (f"{TESTING}/src/runai/testing/__init__.py", [TESTING_CHANGED]),
        # Docstrings and former names come from all control planes up to their own.
        ("spec/2.22/audit.yaml", [TESTING_CHANGED, OLDEST_CHANGED, OLDER_CHANGED]),
        ("spec/2.23/audit.yaml", [TESTING_CHANGED, OLDER_CHANGED]),
        ("spec/words/audit.yaml", [OLDEST_CHANGED, OLDER_CHANGED]),
        ("LICENSE", [OLDEST_CHANGED, OLDER_CHANGED]),
        ("tools/src/runapy_tools/spec_diff/history.py", [OLDEST_CHANGED, OLDER_CHANGED]),
        # It pins what formats the sources, and what builds.
        ("tools/pyproject.toml", [OLDEST_CHANGED, OLDER_CHANGED]),
        ("tools/src/runapy_tools/release/stages.py", []),
        ("tools/tests/test_build.py", []),
        # Those of the newest are committed.
        ("packages/runapy-audit/src/runai/audit/category.py", [NEWEST_CHANGED]),
        ("packages/runapy/README.md", [NEWEST_CHANGED]),
        ("packages/runapy-added/README.md", [NEWEST_CHANGED]),
    ],
)
def test_what_changed_is_to_be_raised(tree: Path, path: str, expected: list[str]) -> None:
    assert raised(tree, {path: "changed\n"}) == expected


def test_what_was_raised_is_not(tree: Path) -> None:
    changes = {
        f"{CORE}/src/runai/exceptions.py": "changed\n",
        f"{CORE}/src/runai/_core/version.py": 'VERSION = "1.0.1"\n',
        "packages/runapy-audit/src/runai/audit/category.py": "changed\n",
        "spec/words/audit.yaml": "changed\n",
        "spec/releases.yaml": 'first_patch: 1\npatches: {"2.22": 2, "2.24": 2}\n',
        f"{TESTING}/pyproject.toml": '[project]\nversion = "1.1.0"\n',
    }
    assert raised(tree, changes) == [OLDER_CHANGED]


@pytest.mark.parametrize(("core", "expected"), [("1.0.1", []), ("1.1.0", ["2.22", "2.23"])])
def test_all_need_the_core_that_they_are_written_for(
    tree: Path, core: str, expected: list[str]
) -> None:
    """Those of the newest control plane say so in `packages/`."""
    found = raised(tree, {f"{CORE}/src/runai/_core/version.py": f'VERSION = "{core}"\n'})
    assert [line.split()[4] for line in found] == expected


def test_a_patch_alone_changes_nothing_else(tree: Path) -> None:
    assert raised(tree, {"spec/releases.yaml": 'first_patch: 1\npatches: {"2.24": 2}\n'}) == []


def test_a_control_plane_that_is_new_has_no_version_to_raise(tree: Path) -> None:
    changes = {
        "spec/2.25/audit.yaml": "new\n",
        "packages/runapy-audit/src/runai/audit/category.py": "changed\n",
    }
    assert raised(tree, changes) == [TESTING_CHANGED]


def test_the_first_release_has_nothing_to_compare_with(tmp_path: Path) -> None:
    for path, content in FILES.items():
        change(tmp_path, path, content)
    assert unraised(tmp_path, TAG) == []
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "first")
    git(tmp_path, "tag", TAG)
    assert unraised(tmp_path, TAG) == []


def test_the_dry_run_refuses(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(tree, f"{CORE}/src/runai/exceptions.py")
    git(tree, "add", ".")
    assert main(["--root", str(tree), "release", "dry-run"]) == 1
    said = capsys.readouterr().err
    assert said == (
        f"runapy-tools release: {CORE_CHANGED}: "
        f"raise its version in {CORE}/src/runai/_core/version.py\n"
    )
