"""Wheels and source archives: the same bytes each time, from sources that anybody has."""

from __future__ import annotations

import os
import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest

from runapy_tools.__main__ import main
from runapy_tools.build import build, chosen_versions
from runapy_tools.imported import imported_versions

ROOT = Path(__file__).parents[2]
VERSIONS = imported_versions(ROOT)
OLDEST, NEWEST = VERSIONS[0], VERSIONS[-1]
BROKEN = (
    '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
    '[project]\nname = "runapy-broken"\nversion = "one"\n'
)


def copy_of_sources(target: Path, time: float) -> Path:
    """The sources in another place, at another time, with what running them leaves behind."""
    ignored = shutil.ignore_patterns("__pycache__", "dist", ".*_cache")
    for folder in ("packages", "spec"):
        shutil.copytree(ROOT / folder, target / folder, ignore=ignored)
    for file in (".gitignore", "LICENSE"):
        shutil.copy(ROOT / file, target)
    for path in target.rglob("*"):
        os.utime(path, (time, time))
    return target


def bytes_of(paths: list[Path]) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in paths}


def test_every_build_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere, at another time, for other users, and with other control planes."""
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    root = copy_of_sources(tmp_path / "one", 1.5e9)
    files = build(root, root / "dist", [OLDEST])
    assert files == sorted(files)
    first = bytes_of(files)

    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1234567890")
    root = copy_of_sources(tmp_path / "another place", 1.6e9)
    cache = root / "packages" / "runapy-core" / "src" / "runai" / "__pycache__"
    cache.mkdir()
    (cache / "exceptions.cpython-311.pyc").write_bytes(b"")
    umask = os.umask(0o077)
    try:
        second = bytes_of(build(root, root / "dist", [NEWEST, OLDEST]))
    finally:
        os.umask(umask)
    assert [name for name in first if first[name] != second[name]] == []

    release = f"-1.{OLDEST.replace('.', '')}."
    once = {name for name in second if name.startswith(("runapy_core", "runapy_testing"))}
    assert len(once) == 4
    assert set(first) == {name for name in second if release in name} | once


def test_a_source_archive_builds_the_same_wheel(tmp_path: Path) -> None:
    packages = tmp_path / "packages"
    for name in ("runapy-audit", "runapy-core"):
        shutil.copytree(ROOT / "packages" / name, packages / name)
    first = build(tmp_path, tmp_path / "dist")
    shutil.rmtree(packages)
    for path in first:
        if path.suffix == ".gz":
            with tarfile.open(path) as archive:
                archive.extractall(packages, filter="data")
    second = build(tmp_path, tmp_path / "again")
    assert len(first) == 4
    wheels = {name: content for name, content in bytes_of(first).items() if name[-4:] == ".whl"}
    assert {name: bytes_of(second)[name] for name in wheels} == wheels


def test_the_newest_is_built_from_the_committed_sources(tmp_path: Path) -> None:
    root = copy_of_sources(tmp_path, 1.5e9)
    module = root / "packages" / "runapy-audit" / "src" / "runai" / "audit" / "category.py"
    module.write_text(module.read_text("utf-8") + "# changed\n", "utf-8")
    for name in VERSIONS[:-1]:
        shutil.rmtree(root / "spec" / name)
    files = build(root, root / "dist", [NEWEST])
    assert len(files) == 2 * len(list(root.glob("packages/*/pyproject.toml")))
    (wheel,) = (path for path in files if path.match("runapy_audit-*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        assert archive.read("runai/audit/category.py").endswith(b"# changed\n")


def test_files_of_an_earlier_build_go(tmp_path: Path) -> None:
    (tmp_path / "packages").mkdir()
    output = tmp_path / "dist"
    output.mkdir()
    for stale in ("runapy-0.1-py3-none-any.whl", "runapy-0.1.tar.gz"):
        (output / stale).write_bytes(b"")
    assert build(tmp_path, output) == []


def test_a_build_that_fails_says_which_and_why(tmp_path: Path) -> None:
    project = tmp_path / "packages" / "runapy-broken"
    project.mkdir(parents=True)
    (project / "pyproject.toml").write_text(BROKEN)
    with pytest.raises(RuntimeError, match=r"(?s)^runapy-broken cannot be built:.*version"):
        build(tmp_path, tmp_path / "dist")


def test_control_planes_are_chosen_by_name() -> None:
    assert chosen_versions(ROOT, None) == [NEWEST]
    assert chosen_versions(ROOT, OLDEST) == [OLDEST]
    assert chosen_versions(ROOT, "all") == VERSIONS
    with pytest.raises(ValueError, match=rf"no control plane '9\.9'; there are: {OLDEST}, "):
        chosen_versions(ROOT, "9.9")


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("runapy-audit", "runapy-common", "runapy-core"):
        shutil.copytree(ROOT / "packages" / name, tmp_path / "packages" / name)
    common = ["--root", str(tmp_path), "build", "--out", str(tmp_path / "dist")]
    assert main(common) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[-1] == "6 files"
    assert [line.rsplit("/", 1)[1] for line in printed[:-1]] == sorted(
        path.name for path in (tmp_path / "dist").iterdir()
    )
    assert main([*common, "--control-plane", "9.9"]) == 1
    assert "no control plane '9.9'" in capsys.readouterr().err

    assert main([*common, "--sizes"]) == 0
    rows = capsys.readouterr().out.splitlines()[2:]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    sizes = {row[0].strip("`").partition("==")[0]: int(row[1].replace(",", "")) for row in cells}
    own = {row[0].strip("`").partition("==")[0]: int(row[3].replace(",", "")) for row in cells}
    assert sizes["runapy-core"] == own["runapy-core"] > 100_000
    assert sizes["runapy-audit"] == sum(own.values())
