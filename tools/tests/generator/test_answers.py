"""Generated modules, by the answers that they name."""

from __future__ import annotations

import importlib
import subprocess
from pathlib import Path
from typing import get_type_hints

import pytest

from runapy_tools.generator import generate

from .conftest import Recorder
from .descriptions import answers, operation, write_description


def test_an_answer_may_be_a_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    get = operation("count", responses=answers({"type": "number"}))
    write_description(tmp_path, {"/counts": {"get": get}}, package="counts")
    generate(tmp_path)
    monkeypatch.syspath_prepend(tmp_path / "packages" / "runapy-counts" / "src")
    group = importlib.import_module("runai.counts.api.gadgets_api").GadgetsApi
    assert group(Recorder()).count().model() is float
    assert get_type_hints(group.count)["return"] is float


def test_a_name_that_nothing_defines_is_not_written(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    # No API module can say the limits of what is in an answer's list yet.
    words = {"type": "array", "items": {"type": "string", "maxLength": 3}}
    get = operation("words", responses=answers(words))
    write_description(tmp_path, {"/words": {"get": get}})
    with pytest.raises(subprocess.CalledProcessError):
        generate(tmp_path)
    assert "F821 Undefined name `Annotated`" in capfd.readouterr().out
    assert [each.name for each in (tmp_path / "packages").iterdir()] == ["runapy-core"]
