"""Distributions of two control planes do not work side by side, and say so."""

from __future__ import annotations

from pathlib import Path
from typing import List

import pytest

from runai._core.one_control_plane import require_one_control_plane


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three distributions, and nothing else that the running Python would find."""
    for name, version in (
        ("runapy-core", "1.0.0"),
        ("runapy-common", "1.219.1"),
        ("runapy-workloads", "1.219.1"),
        ("runapyramid", "3.1"),
    ):
        folder = tmp_path / f"{name.replace('-', '_')}-{version}.dist-info"
        folder.mkdir()
        text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        (folder / "METADATA").write_text(text)
    monkeypatch.setattr("sys.path", [str(tmp_path)])


@pytest.mark.usefixtures("installed")
def test_two_control_planes() -> None:
    with pytest.raises(ImportError) as caught:
        require_one_control_plane("runapy-organizations", "1.224.3", "1.219.1")
    assert str(caught.value) == (
        "runapy-organizations 1.224.3 (control plane 2.24) cannot use runapy-common 1.219.1 "
        "(control plane 2.19). Install all for the same: "
        'pip install "runapy-organizations~=1.224.3" "runapy-workloads~=1.224.3"; '
        "or with ~=1.219.1"
    )


@pytest.mark.usefixtures("installed")
def test_everything_is_installed_by_one_name() -> None:
    with pytest.raises(ImportError, match=r': pip install "runapy~=1.224.3"; or'):
        require_one_control_plane("runapy", "1.224.3", "1.219.1")


@pytest.mark.parametrize("versions", [["1.224.1", "1.224.1"], ["1.224.1", "1.224.12"]])
def test_one_control_plane(versions: List[str]) -> None:
    require_one_control_plane("runapy-organizations", *versions)
