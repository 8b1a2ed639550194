"""Reading a description by its parts gives what reading it whole gives."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from runapy_tools.control_plane import read
from runapy_tools.generator.api import load
from runapy_tools.openapi import Schema

from .descriptions import TEXT, answer, file, operation, reference, warehouse, write

# As a key in YAML, each is written in another way than a plain word.
ODD_NAMES = ["plain", "on", "1", "a: b", "#a", "'a'", "ü", "x" * 200, "a b", "- a", "? a"]


def test_names_that_yaml_quotes(tmp_path: Path) -> None:
    paths: dict[str, Any] = {
        f"/{name}": {"get": operation(f"shelves.m{position}")}
        for position, name in enumerate(ODD_NAMES)
    }
    schemas: dict[str, Schema] = {
        name: {"type": "object", "properties": {name: TEXT}} for name in ODD_NAMES
    }
    plane = read(write(tmp_path, "9.1", {"warehouse": file("Warehouse", paths, schemas)}))
    assert plane.schemas == schemas
    assert {each.path: each.facts for each in plane.operations.values()} == {
        path: item["get"] for path, item in paths.items()
    }
    assert plane.titles == {"warehouse": "Warehouse"}


def test_equal_parts_are_read_once(tmp_path: Path) -> None:
    shelf: Schema = {"type": "object", "properties": {"id": TEXT}}
    files = warehouse(operation(responses={"200": answer(reference("Shelf"))}), {"Shelf": shelf})
    one, two = (read(write(tmp_path, version, files)) for version in ("9.1", "9.2"))
    assert one.schemas["Shelf"] is two.schemas["Shelf"]


def test_two_operations_of_one_method_and_path_are_refused(tmp_path: Path) -> None:
    paths = {f"/shelves/{{{name}}}": {"get": operation(f"shelves.{name}")} for name in ("a", "b")}
    folder = write(tmp_path, "9.1", {"warehouse": file("Warehouse", paths)})
    with pytest.raises(ValueError, match=r"9\.1 has two operations at GET /shelves/\{\}"):
        read(folder)


def test_a_control_plane_that_was_not_imported(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"import 9\.3 first"):
        read(tmp_path / "spec" / "9.3")


@pytest.mark.parametrize("module", ["spec_diff.history", "spec_import.guide"])
def test_each_package_can_be_imported_first(module: str) -> None:
    """They use each other."""
    subprocess.run([sys.executable, "-c", f"import runapy_tools.{module}"], check=True)


def test_a_committed_control_plane() -> None:
    root = Path(__file__).parents[3]
    whole, parts = load(root, "2.18"), read(root / "spec" / "2.18")
    assert parts.schemas == whole.schemas
    assert parts.places == whole.places
    assert {each.id: (each.method, each.path, each.facts) for each in whole.operations()} == {
        each.id: (each.method, each.path, each.facts) for each in parts.operations.values()
    }
    assert parts.titles == {each.package: each.title for each in whole.categories}
