"""The description that the repository holds: valid OpenAPI, and read as one document."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openapi_spec_validator import validate

from runapy_tools import yaml_files
from runapy_tools.generator import CONTROL_PLANES, newest_version
from runapy_tools.openapi import Document, operations, referenced

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "spec").glob("[0-9]*/*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_file_is_valid_openapi_with_what_it_refers_to(path: Path) -> None:
    document = yaml_files.parse(path.read_text(encoding="utf-8"))
    assert document["openapi"] == "3.1.0"
    validate(document, base_uri=path.as_uri())


@pytest.fixture(scope="module")
def merged() -> Document:
    path = ROOT / CONTROL_PLANES / f"{newest_version(ROOT)}.json"
    document: Document = json.loads(path.read_text(encoding="utf-8"))
    return document


def test_the_merged_document_is_valid_openapi(merged: Document) -> None:
    validate(merged)


def test_the_merged_document_has_every_operation_of_the_files(merged: Document) -> None:
    files = [
        yaml_files.parse(path.read_text(encoding="utf-8"))
        for path in FILES
        if path.parent.name == newest_version(ROOT)
    ]
    expected = sorted(
        facts["operationId"]
        for file in files
        if "paths" in file
        for _, _, facts in operations(file)
    )
    assert sorted(facts["operationId"] for _, _, facts in operations(merged)) == expected
    assert len(expected) == len(set(expected))


def test_the_merged_document_has_the_schemas_it_needs_and_no_other(merged: Document) -> None:
    assert set(referenced(merged)) == set(merged["components"]["schemas"])


def test_the_merged_document_needs_no_other_rules(merged: Document) -> None:
    text = json.dumps(merged)
    assert '"allOf"' not in text
    assert '"nullable"' not in text
    assert ".yaml#" not in text
