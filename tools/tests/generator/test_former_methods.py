"""Methods that keep the names which operations had in older control planes."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runai._core.call import Call
from runai._core.operation import Operation
from runapy_tools import yaml_files
from runapy_tools.__main__ import main
from runapy_tools.generator import generate

from .descriptions import answers, json_body, operation, parameter, reference, write_description

PART = {"type": "object", "properties": {"size": {"type": "integer"}}}


class Recorder:
    """A client that prepares calls and sends nothing."""

    def call(self, operation: Operation, arguments: Any, **options: Any) -> Call:
        return operation.prepare(arguments)


def in_group(tag: str, name: str, **facts: Any) -> dict[str, Any]:
    return operation("", **{"operationId": name, "tags": [tag], **facts})


def paths(*, older: bool) -> dict[str, Any]:
    """Two control planes: names changed, an operation changed its group, and a group went."""
    code = parameter("code", {"type": "string"}, "path")
    body = {"x-name": "part_1" if older else "part"}
    return {
        "/parts/{code}": {
            "put": in_group(
                "Parts",
                "parts.put_part_0" if older else "parts.put_part",
                parameters=[code],
                requestBody={**json_body("part", reference("Part")), **body},
                responses=answers(reference("Part")),
            )
        },
        "/parts": {
            "get": in_group("Parts", "parts.list_0" if older else "parts.list", deprecated=True)
        },
        "/sizes": {
            "get": in_group("Parts", "parts.sizes") if older else in_group("Kinds", "kinds.sizes")
        },
        "/colours": {
            "get": (
                in_group("Paints", "paints.colours") if older else in_group("Kinds", "kinds.paint")
            )
        },
    }


@pytest.fixture(scope="module")
def category(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    root = tmp_path_factory.mktemp("renaming")
    write_description(root, paths(older=False), {"Part": PART}, package="renamed_parts")
    set_tags(root / "spec" / "9.1", ["Parts", "Kinds"])
    newest = root / "spec" / "9.2"
    (root / "spec" / "9.1").rename(newest)
    write_description(root, paths(older=True), {"Part": PART}, package="renamed_parts")
    set_tags(root / "spec" / "9.1", ["Parts", "Paints"])
    generate(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(root / "packages" / "runapy-renamed-parts" / "src")
        yield importlib.import_module("runai.renamed_parts").GadgetShop(Recorder())


def set_tags(folder: Path, tags: list[str]) -> None:
    file = folder / "renamed_parts.yaml"
    content = yaml_files.parse(file.read_text())
    content["tags"] = [{"name": tag} for tag in tags]
    file.write_text(yaml_files.write(content))


def test_it_calls_the_operation_and_warns_of_the_new_name(category: Any) -> None:
    with pytest.deprecated_call(
        match=r"^parts\.put_part_0 was renamed with control plane 9\.2; use parts\.put_part$"
    ) as caught:
        call = category.parts.put_part_0("a", {"size": 1})
    assert caught[0].filename == __file__
    assert (call.operation, call.method, call.target) == ("parts.put_part", "PUT", "/parts/a")
    assert call == category.parts.put_part("a", {"size": 1})


def test_its_body_has_the_name_that_it_had(category: Any) -> None:
    before = inspect.signature(category.parts.put_part_0)
    now = inspect.signature(category.parts.put_part)
    assert list(before.parameters) == ["code", "part_1", "options"]
    assert list(now.parameters) == ["code", "part", "options"]
    with pytest.deprecated_call():
        assert category.parts.put_part_0(code="a", part_1={"size": 1}).body == b'{"size":1}'
    text = inspect.getdoc(category.parts.put_part_0) or ""
    assert "has `part` for `part_1`" in " ".join(text.split())


def test_an_operation_in_another_group(category: Any) -> None:
    with pytest.deprecated_call(match=r"use kinds\.sizes$"):
        assert category.parts.sizes().target == "/sizes"


def test_an_operation_that_went_to_another_category_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_description(tmp_path, paths(older=True))
    newest = tmp_path / "spec" / "9.1"
    newest.rename(tmp_path / "spec" / "9.0")
    write_description(tmp_path, paths(older=True), package="yard")
    assert main(["--root", str(tmp_path), "generate"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 4
    assert said[0] == (
        "runapy-tools generate: paints.colours of gadgets is paints.colours of yard since control"
        " plane 9.1, and scripts that call it where it was would fail: leave the tag 'Paints' in"
        " its category, by an entry in spec_import/repairs.py that changes the document's"
        " x-tagGroups, and import again"
    )
    assert [each.name for each in (tmp_path / "packages").iterdir()] == ["runapy-core"]


def test_a_group_that_is_gone_has_former_names_alone(category: Any) -> None:
    assert category.options() == ["kinds", "parts"]
    assert category.options(include_deprecated=True) == ["kinds", "paints", "parts"]
    with pytest.deprecated_call(match=r"paints\.colours was .* use kinds\.paint$"):
        assert category.paints.colours().target == "/colours"


def test_an_operation_that_is_deprecated_itself(category: Any) -> None:
    with pytest.deprecated_call(match=r"use parts\.list, which the control plane has deprecated$"):
        assert category.parts.list_0().target == "/parts"


def test_former_names_are_listed_with_what_is_deprecated(category: Any) -> None:
    assert category.parts.options() == ["put_part"]
    everything = category.parts.options(include_deprecated=True)
    assert everything == ["list", "list_0", "put_part", "put_part_0", "sizes"]
