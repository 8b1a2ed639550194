"""Documents that cannot be imported, and whether the error says where."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError

from runapy_tools.__main__ import main
from runapy_tools.openapi import Document
from runapy_tools.spec_import import source

from .documents import answer, document, imported, operation, reference


def test_a_reference_to_nowhere_is_refused_with_its_place() -> None:
    get = operation(responses=answer(reference("Gone")))
    with pytest.raises(LookupError) as caught:
        imported(document({"/api/shelves": {"get": get}}))
    assert caught.value.args[0] == (
        "#/paths/~1api~1shelves/get/responses/200/content/application~1json/schema:"
        " the reference #/components/schemas/Gone leads nowhere"
    )


def test_a_reference_from_an_unused_schema_is_refused_too() -> None:
    shelf = {"type": "object", "properties": {"rows": {"items": reference("Gone")}}}
    with pytest.raises(LookupError, match=r"^#/components/schemas/Shelf/properties/rows/items: "):
        imported(document(schemas={"Shelf": shelf}))


def test_references_that_go_in_a_circle_are_refused() -> None:
    with pytest.raises(LookupError, match=r"#/components/schemas/One: .* go in a circle"):
        imported(document(schemas={"One": reference("Two"), "Two": reference("One")}))


def test_an_invalid_document_is_refused_with_its_place() -> None:
    get = operation()
    del get["responses"]
    with pytest.raises(OpenAPIValidationError) as caught:
        imported(document({"/shelves": {"get": get}}))
    # One of two libraries validates, and each has its own quotes.
    assert re.search(r"[\"']responses[\"'] is a required property", str(caught.value))
    assert re.search(r"\[.paths.\]\[.(/|~1)shelves.\]\[.get.\]", str(caught.value))


def test_a_tag_of_no_category_is_refused_with_its_operation() -> None:
    get = operation(tags=["Cellar"])
    with pytest.raises(
        ValueError, match=r"^get /shelves: the tag 'Cellar' belongs to no category$"
    ):
        imported(document({"/shelves": {"get": get}}))


@pytest.mark.parametrize("key", ["operationId", "tags"])
def test_an_operation_without_a_name_is_refused(key: str) -> None:
    get = operation()
    del get[key]
    with pytest.raises(ValueError, match=f"^get /shelves has no {key}"):
        imported(document({"/shelves": {"get": get}}))


def test_a_document_without_categories_is_refused() -> None:
    given = document()
    del given["x-tagGroups"]
    with pytest.raises(ValueError, match="the document has no x-tagGroups"):
        imported(given)


@pytest.mark.parametrize(
    "content",
    ['{"openapi": "2.0"}', '{"swagger": "2.0"}', "[]", "openapi: 4.0.0", "plain text"],
)
def test_what_is_no_openapi_3_document_is_refused(content: str, tmp_path: Path) -> None:
    location = tmp_path / "document"
    location.write_text(content)
    with pytest.raises(ValueError, match=r"document is no OpenAPI 3\.0 or 3\.1 document"):
        source.read(str(location))


STRING = {"type": "string"}


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"name": "a", "in": "cookie", "schema": STRING}, "a: a parameter in cookie"),
        (
            {
                "name": "a",
                "in": "query",
                "style": "pipeDelimited",
                "schema": {"type": "array", "items": STRING},
            },
            "a: the style pipeDelimited",
        ),
        (
            {"name": "a", "in": "query", "content": {"application/json": {"schema": STRING}}},
            "a: a parameter with a media type",
        ),
        ({"name": "a", "in": "query", "schema": {"type": "object"}}, "a: an object cannot be sent"),
        ({"name": "self", "in": "query", "schema": STRING}, "the name self is taken"),
        ({"name": "timeout", "in": "query", "schema": STRING}, "the name timeout is taken"),
    ],
)
def test_a_parameter_that_cannot_be_sent_is_refused(facts: dict[str, Any], words: str) -> None:
    get = operation(parameters=[facts])
    with pytest.raises(ValueError, match=f"^get /shelves.*{words}"):
        imported(document({"/shelves": {"get": get}}))


def test_names_that_become_equal_are_refused() -> None:
    parameters = [{"name": name, "in": "query", "schema": STRING} for name in ("fooBar", "foo_bar")]
    with pytest.raises(ValueError, match="the name foo_bar is taken"):
        imported(document({"/shelves": {"get": operation(parameters=parameters)}}))
    properties = {"fooBar": STRING, "foo_bar": STRING}
    with pytest.raises(ValueError, match=r"^Shelf: the name foo_bar is taken"):
        imported(document(schemas={"Shelf": {"type": "object", "properties": properties}}))
    with pytest.raises(ValueError, match=r"^Shelf: the name A_B is taken"):
        imported(document(schemas={"Shelf": {"type": "string", "enum": ["a_b", "a b"]}}))


def test_an_enum_of_numbers_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^Shelf: 1 in an enum is no string"):
        imported(document(schemas={"Shelf": {"type": "integer", "enum": [1, 2]}}))


def test_a_body_that_cannot_be_sent_is_refused() -> None:
    body = {"content": {"application/xml": {"schema": {"type": "object"}}}}
    with pytest.raises(ValueError, match=r"^post /shelves: no body of application/xml"):
        imported(document({"/shelves": {"post": operation(requestBody=body)}}))


def test_an_operation_without_a_success_is_refused() -> None:
    get = operation(responses={"default": {"description": ""}})
    with pytest.raises(ValueError, match=r"^get /shelves: no status of success"):
        imported(document({"/shelves": {"get": get}}))


def test_a_schema_that_is_part_of_itself_is_refused() -> None:
    schemas = {
        "One": {"allOf": [reference("Two"), {"type": "object", "properties": {"a": STRING}}]},
        "Two": {"allOf": [reference("One"), {"type": "object", "properties": {"b": STRING}}]},
    }
    with pytest.raises(ValueError, match="a schema is part of itself"):
        imported(document(schemas=schemas))


def test_a_refused_document_leaves_the_files_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    location = tmp_path / "document.json"
    (tmp_path / "spec" / "9.1").mkdir(parents=True)
    kept = tmp_path / "spec" / "9.1" / "warehouse.yaml"
    kept.write_text("as it was")
    location.write_text(json.dumps(document({"/a": {"get": operation(tags=["Cellar"])}})))
    assert main(["--root", str(tmp_path), "import", str(location), "--version", "9.1"]) == 1
    told = capsys.readouterr().err
    assert told == "runapy-tools import: get /a: the tag 'Cellar' belongs to no category\n"
    assert kept.read_text() == "as it was"


@pytest.mark.parametrize("version", ["banana", "../../evil", "2", "2.24.1", "v2.24", "2.24\n", ""])
def test_what_is_no_version_of_a_control_plane_is_refused(
    version: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    location = tmp_path / "document.json"
    location.write_text(json.dumps(document()))
    root = tmp_path / "below" / "root"
    arguments = ["--root", str(root), "import", str(location), f"--version={version}"]
    assert main(arguments) == 1
    assert capsys.readouterr().err == (
        f"runapy-tools import: {version!r} is no version of a control plane:"
        " give its two numbers, such as 2.24\n"
    )
    assert list(tmp_path.iterdir()) == [location]


def test_a_version_written_as_a_number_is_repaired() -> None:
    given = document()
    given["info"]["version"] = 2.2
    result = imported(given)
    rule = "a version written as a number, where OpenAPI wants text"
    assert result.report.places(rule) == ["info.version"]
    # The files have the version that the import was asked for.
    assert result.files["warehouse"]["info"]["version"] == "9.1"


def test_the_given_document_is_not_changed() -> None:
    given: Document = document({"/api/v1/token": {"post": operation("get_token")}})
    before: Any = json.loads(json.dumps(given))
    imported(given)
    assert given == before
