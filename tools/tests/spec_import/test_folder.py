"""A control plane that is published as one document for each group."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from runapy_tools import yaml_files
from runapy_tools.__main__ import main
from runapy_tools.imported import newest_version
from runapy_tools.openapi import Document
from runapy_tools.spec_import import import_document
from runapy_tools.spec_import.committed import check_imports

from .documents import VERSION, answer, document, operation, reference
from .per_group import write_groups

ROOT = Path(__file__).parents[3]
NEWEST = newest_version(ROOT)
SOURCE = ROOT.parent / "shared" / "specs" / f"{NEWEST}.json"
TEXT: Any = {"type": "string", "example": "a word"}


def warehouse() -> Document:
    """What 3.0 says in other words than 3.1, shared models, and equal objects without a name."""
    part = {"type": "object", "properties": {"id": TEXT}}
    box: Any = {
        "type": "object",
        "properties": {
            "name": {**TEXT, "nullable": True},
            "size": {"type": "integer", "minimum": 0, "exclusiveMinimum": True, "default": 3},
            "colour": {"type": "string", "enum": ["red", "blue"], "nullable": True},
            "lid": {"type": "object", "nullable": True, "allOf": [reference("Lid")]},
            "kind": {"type": "string", "nullable": True, "allOf": [reference("Kind")]},
            "next": {**reference("Lid"), "nullable": True},
            "parts": {"type": "array", "nullable": True, "items": part},
            "free": {**part, "nullable": True},
        },
    }
    lid = {"nullable": True, "allOf": [reference("Kind2"), {"properties": {"row": TEXT}}]}
    paths = {
        "/racks": {"get": operation("list_racks", tags=["Racks"], responses=answer(part))},
        "/shelves": {
            "parameters": [{"$ref": "#/components/parameters/Limit"}],
            "get": operation(responses=answer(reference("Box"))),
            "post": operation("create_order", tags=["Orders"], responses=answer(reference("Box"))),
        },
        "/orders": {"get": operation("list_orders", tags=["Orders"], responses=answer(part))},
    }
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer"}}
    whole = document(
        paths,
        {
            "Lid": {"type": "object", **lid},
            "Box": box,
            "Kind": {"type": "string", "enum": ["a", "b"]},
            "Kind2": {"type": "object", "properties": {"kind": reference("Kind")}},
            "Unused": box,
        },
        components={"parameters": {"Limit": limit}},
    )
    whole["x-tagGroups"][0]["tags"].insert(0, "Racks")
    return whole


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def imported_whole(target: Path, whole: Document) -> dict[str, bytes]:
    location = target / "whole.json"
    location.write_text(json.dumps(whole), encoding="utf-8")
    import_document(str(location), VERSION, target / "spec")
    return contents(target / "spec" / VERSION)


def flattened(folder: Path) -> Path:
    for path in sorted(folder.rglob("*.json")):
        path.rename(folder / path.name)
    return folder


@pytest.mark.parametrize("in_subfolders", [True, False])
def test_the_groups_of_a_document_give_what_the_document_gives(
    in_subfolders: bool, tmp_path: Path
) -> None:
    expected = imported_whole(tmp_path, warehouse())
    groups = tmp_path / "groups"
    write_groups(warehouse(), groups)
    assert sorted(path.relative_to(groups).as_posix() for path in groups.rglob("*.json")) == [
        "front-office/orders.json",
        "warehouse/racks.json",
        "warehouse/shelves.json",
    ]
    if not in_subfolders:
        flattened(groups)
    import_document(str(groups), VERSION, tmp_path / "spec")
    found = contents(tmp_path / "spec" / VERSION)
    # What no operation uses is in no group's document.
    assert b"Unused" in expected.pop("unreached.yaml")
    assert b"Unused" not in found.pop("unreached.yaml")
    assert found == expected


def test_an_object_without_a_name_keeps_the_name_that_it_had(tmp_path: Path) -> None:
    """In the order of the files, the equal answer of the orders would give its own name."""
    imported_whole(tmp_path, warehouse())
    write_groups(warehouse(), tmp_path / "groups")
    report = import_document(str(tmp_path / "groups"), "9.2", tmp_path / "spec")
    rule = "an object without a name, to the name it had"
    assert report.places(rule) == ["ListOrders200Response -> ListRacks200Response"]


def test_a_newer_control_plane_is_no_guide(tmp_path: Path) -> None:
    imported_whole(tmp_path, warehouse())
    write_groups(warehouse(), tmp_path / "groups")
    report = import_document(str(tmp_path / "groups"), "9.0", tmp_path / "spec")
    assert report.places("an object without a name, to the name it had") == []


def test_what_is_new_stands_after_what_it_follows(tmp_path: Path) -> None:
    imported_whole(tmp_path, warehouse())
    whole = warehouse()
    del whole["paths"]["/shelves"]["post"]
    whole["paths"] = {"/boxes": {"get": operation("list_boxes")}} | whole["paths"]
    whole["paths"]["/shelves/all"] = {"delete": operation("delete_shelves")}
    write_groups(whole, tmp_path / "groups")
    import_document(str(tmp_path / "groups"), "9.2", tmp_path / "spec")
    file = yaml_files.parse((tmp_path / "spec" / "9.2" / "warehouse.yaml").read_bytes())
    assert list(file["paths"]) == ["/racks", "/boxes", "/shelves", "/shelves/all"]


def group(tag: str = "Shelves", **facts: Any) -> Document:
    return {
        "openapi": "3.1.0",
        "info": {"title": tag, "version": "1"},
        "paths": {f"/{tag.lower()}": {"get": operation(f"list_{tag.lower()}", tags=[tag])}},
        **facts,
    }


def written(folder: Path, **documents: Document) -> Path:
    for name, content in documents.items():
        path = folder / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml_files.write(content), encoding="utf-8")
    return folder


def categories(folder: Path, target: Path) -> dict[str, str]:
    import_document(str(folder), VERSION, target)
    files = [yaml_files.parse(path.read_bytes()) for path in (target / VERSION).iterdir()]
    return {tag["name"]: file["info"]["title"] for file in files for tag in file.get("tags", [])}


def test_a_first_import_takes_the_categories_from_the_subfolders(tmp_path: Path) -> None:
    folder = written(
        tmp_path / "groups", warehouse__shelves=group(), front_office__a__orders=group("Orders")
    )
    found = categories(folder, tmp_path / "spec")
    assert found == {"Shelves": "Warehouse", "Orders": "Front office"}


def test_tag_groups_say_more_than_a_subfolder(tmp_path: Path) -> None:
    said: Document = {"x-tagGroups": [{"name": "Store", "tags": ["Shelves"]}]}
    folder = written(tmp_path / "groups", warehouse__shelves=group(**said))
    assert categories(folder, tmp_path / "spec") == {"Shelves": "Store"}


def refused(folder: Path, target: Path, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["--root", str(target), "import", str(folder), "--version", VERSION]) == 1
    assert not (target / "spec").exists()
    return capsys.readouterr().err.removeprefix("runapy-tools import: ")


def test_a_tag_of_no_category_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(tmp_path / "groups", shelves=group())
    assert refused(folder, tmp_path, capsys) == (
        "shelves.yaml: nothing says which category the tag 'Shelves' is of;"
        " put the file into a folder with the category's name\n"
    )


def test_a_document_may_have_no_components(tmp_path: Path) -> None:
    folder = written(tmp_path / "groups", warehouse__shelves=group())
    import_document(str(folder), VERSION, tmp_path / "spec")
    file = yaml_files.parse((tmp_path / "spec" / VERSION / "warehouse.yaml").read_bytes())
    assert file["components"] == {"schemas": {}}


def test_documents_that_contradict_each_other_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    box, crate = ({"schemas": {"Box": {"type": kind}}} for kind in ("string", "integer"))
    folder = written(
        tmp_path / "groups", a__one=group(components=box), a__two=group("Orders", components=crate)
    )
    told = "a/two.yaml and a/one.yaml say different things of schemas/Box\n"
    assert refused(folder, tmp_path, capsys) == told


def described(**facts: Any) -> Document:
    """Components with a failure that says what it is for."""
    properties: Document = {"description": {"type": "string", **facts}, "example": {}}
    return {"schemas": {"Error": {"type": "object", "properties": properties, **facts}}}


def test_documents_may_say_the_same_in_other_words(tmp_path: Path) -> None:
    folder = written(
        tmp_path / "groups",
        a__one=group(components=described(description="What went wrong.", title="Error")),
        a__two=group("Orders", components=described(description="The failure", example="x")),
    )
    import_document(str(folder), VERSION, tmp_path / "spec")
    (file,) = (tmp_path / "spec" / VERSION).glob("unreached.yaml")
    properties: Document = {"description": {"type": "string"}, "example": {}}
    schemas = yaml_files.parse(file.read_bytes())["components"]["schemas"]
    assert schemas == {"Error": {"type": "object", "properties": properties}}


def test_a_field_is_no_word_whatever_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = described()
    del other["schemas"]["Error"]["properties"]["example"]
    folder = written(
        tmp_path / "groups", a__one=group(components=described()), a__two=group(components=other)
    )
    told = "a/two.yaml and a/one.yaml say different things of schemas/Error\n"
    assert refused(folder, tmp_path, capsys) == told


def test_a_check_imports_folders_too(tmp_path: Path) -> None:
    documents = tmp_path / "documents"
    write_groups(warehouse(), documents / "9.2")
    (documents / "9.1.json").write_text(json.dumps(warehouse()), encoding="utf-8")
    for version, location in (("9.1", "9.1.json"), ("9.2", "9.2")):
        import_document(str(documents / location), version, tmp_path / "spec")
    assert check_imports(tmp_path, documents) == []
    file = tmp_path / "spec" / "9.2" / "warehouse.yaml"
    file.write_text(file.read_text("utf-8") + "# by hand\n", "utf-8")
    assert check_imports(tmp_path, documents) == [
        "not what `import` writes: spec/9.2/warehouse.yaml"
    ]


def test_one_operation_of_two_documents_has_to_be_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = group()
    other["paths"]["/shelves"]["get"]["deprecated"] = True
    folder = written(tmp_path / "groups", a__one=group(), a__two=other)
    told = "a/two.yaml and a/one.yaml say different things of get /shelves\n"
    assert refused(folder, tmp_path, capsys) == told


def test_documents_of_two_openapi_versions_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(tmp_path / "groups", a__one=group(), a__two=group("Orders", openapi="3.0.3"))
    assert refused(folder, tmp_path, capsys) == "a/two.yaml is OpenAPI 3.0.3, and others are not\n"


def test_a_folder_without_documents_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "groups").mkdir()
    told = refused(tmp_path / "groups", tmp_path, capsys)
    assert "holds no document: no .json, .yaml, .yml file" in told


@pytest.mark.skipif(not SOURCE.exists(), reason="the control planes' documents are not here")
def test_the_newest_control_plane_by_its_groups(tmp_path: Path) -> None:
    """The committed files, but for models that no operation uses: no group's document has them."""
    committed = contents(ROOT / "spec" / NEWEST)
    (tmp_path / "spec" / NEWEST).mkdir(parents=True)
    for name, content in committed.items():
        (tmp_path / "spec" / NEWEST / name).write_bytes(content)
    write_groups(json.loads(SOURCE.read_text(encoding="utf-8")), tmp_path / "groups")
    import_document(str(tmp_path / "groups"), NEWEST, tmp_path / "spec")
    found = contents(tmp_path / "spec" / NEWEST)
    fewer, more = found.pop("unreached.yaml"), committed.pop("unreached.yaml")
    assert found == committed
    # All that it still has is as it was: each line, and in the same order.
    lines = iter(more.splitlines())
    assert all(line in lines for line in fewer.splitlines())
