"""What was built is verified, and sorted so that nothing is published before what it needs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from packaging.metadata import Metadata

from runapy_tools.__main__ import main
from runapy_tools.release.stages import stage

from ..environments import RELEASE, VERSION
from ..installs.archives import NO_CATEGORIES, Archive, archives
from .tampering import rewrite
from .workflow import PUBLISHING


def copied(wheelhouse: Path, target: Path, *names: str) -> Path:
    """Some of the files, or all, as `build` leaves them."""
    target.mkdir()
    for path in wheelhouse.iterdir():
        if not names or path.name.startswith(names):
            shutil.copy(path, target)
    return target


def test_everything_is_published_after_what_it_needs(
    wheelhouse: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dist = copied(wheelhouse, tmp_path / "dist")
    stale = dist / "stage-9"
    stale.mkdir()
    (stale / "runapy-0.1.tar.gz").write_bytes(b"")
    assert main(["--root", str(tmp_path), "release", "stage"]) == 0

    folders = [path.name for path in sorted(dist.iterdir())]
    assert folders == [name.replace("publish", "stage") for name in PUBLISHING]
    stages = [archives(dist / folder) for folder in folders]
    staged = [each.path.name for files in stages for each in files]
    assert sorted(staged) == sorted(path.name for path in wheelhouse.iterdir())
    published: set[str] = set()
    for files in stages:
        for each in files:
            assert needed(each) <= published, each.path.name
        published |= {each.name for each in files}
    assert {each.name for each in stages[0]} == {"runapy-core"}
    assert {each.name for each in stages[-1]} == {"runapy"}
    categories = {each.name for each in stages[2]}
    assert categories
    assert not categories & set(NO_CATEGORIES)

    printed = capsys.readouterr().out.splitlines()
    assert [line.strip() for line in printed if not line.endswith(":")] == staged
    assert [line for line in printed if line.endswith(":")] == [f"{name}:" for name in folders]


def needed(archive: Archive) -> set[str]:
    """Names of ours that it needs without an extra."""
    declared = Metadata.from_email(archive.metadata).requires_dist or []
    return {
        each.name for each in declared if each.name.startswith("runapy") and each.marker is None
    }


FEW = ("runapy_core", f"runapy_common-{VERSION}", f"runapy_audit-{VERSION}")


def test_a_file_that_is_missing_is_named(wheelhouse: Path, tmp_path: Path) -> None:
    dist = copied(wheelhouse, tmp_path / "dist", *FEW)
    (dist / f"runapy_audit-{VERSION}.tar.gz").unlink()
    (dist / f"runapy_common-{VERSION}.tar.gz").rename(dist / f"runapy_common-{RELEASE}.9.tar.gz")
    with pytest.raises(ValueError, match="is missing") as refused:
        stage(dist)
    assert str(refused.value).splitlines() == [
        f"runapy_common-{RELEASE}.9.tar.gz has no wheel",
        f"runapy_audit-{VERSION}.tar.gz is missing",
        f"runapy_common-{VERSION}.tar.gz is missing",
    ]
    assert list(dist.glob("stage-*")) == []


def test_what_is_needed_must_have_been_built(wheelhouse: Path, tmp_path: Path) -> None:
    dist = copied(wheelhouse, tmp_path / "dist", *FEW[1:])
    with pytest.raises(ValueError, match=r"needs runapy-core, which was not built"):
        stage(dist)


def test_a_wheel_without_its_materials_is_refused(wheelhouse: Path, tmp_path: Path) -> None:
    dist = copied(wheelhouse, tmp_path / "dist", *FEW)
    rewrite(dist / f"runapy_audit-{VERSION}-py3-none-any.whl", {".cdx.json": None})
    with pytest.raises(ValueError, match=rf"runapy_audit-{VERSION}-\S+ has no .*\.cdx\.json"):
        stage(dist)


def test_what_twine_refuses_is_refused(wheelhouse: Path, tmp_path: Path) -> None:
    dist = copied(wheelhouse, tmp_path / "dist", "runapy_core")
    (wheel,) = dist.glob("*.whl")
    rewrite(wheel, {"/METADATA": b"Metadata-Version: 2.4\nName: runapy-core\nVersion: 1.0.0\n"})
    with pytest.raises(ValueError, match="long_description"):
        stage(dist)


def test_nothing_built_is_nothing_to_publish(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--root", str(tmp_path), "release", "stage"]) == 1
    assert "has nothing to publish: run `hatch run build` first" in capsys.readouterr().err
