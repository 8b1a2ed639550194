"""The descriptions that the repository holds: valid OpenAPI, and read as one document."""

from __future__ import annotations

import ast
import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from openapi_spec_validator import validate

from runapy_tools import yaml_files
from runapy_tools.control_plane import ControlPlane, read
from runapy_tools.generator import CONTROL_PLANES
from runapy_tools.generator.api import load
from runapy_tools.generator.packages import Packages
from runapy_tools.imported import imported_versions, newest_version
from runapy_tools.openapi import Document, operations, referenced

ROOT = Path(__file__).parents[2]
VERSIONS = imported_versions(ROOT)
NEWEST = newest_version(ROOT)
FILES = sorted((ROOT / "spec" / NEWEST).glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_file_is_valid_openapi_with_what_it_refers_to(path: Path) -> None:
    document = yaml_files.parse(path.read_text(encoding="utf-8"))
    assert document["openapi"] == "3.1.0"
    validate(document, base_uri=path.as_uri())


def unlike(plane: ControlPlane, newer: ControlPlane) -> Document:
    """A document of what the next control plane says in other words, or not at all.

    Validation takes long, and what is the same there is validated there.
    """
    paths: Document = {}
    for key, each in plane.operations.items():
        if key not in newer.operations or newer.operations[key].facts != each.facts:
            paths.setdefault(each.path, {})[each.method.lower()] = each.facts
    schemas = {
        name: schema for name, schema in plane.schemas.items() if newer.schemas.get(name) != schema
    }
    stubs: Document = {name: {} for name in set(referenced([paths, schemas])) - set(schemas)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Only what differs", "version": plane.version},
        "paths": paths,
        "components": {"schemas": {**stubs, **schemas}},
    }


@pytest.mark.parametrize(("older", "newer"), list(pairwise(VERSIONS)))
def test_an_older_control_plane_is_valid_openapi(older: str, newer: str) -> None:
    validate(unlike(*(read(ROOT / "spec" / version) for version in (older, newer))))


@pytest.mark.parametrize("version", VERSIONS)
def test_references_lead_to_the_file_that_has_the_schema(version: str) -> None:
    plane = read(ROOT / "spec" / version)
    for path in (ROOT / "spec" / version).glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        assert text.startswith("openapi: 3.1.0\ninfo:\n")
        assert f"\n  version: '{version}'\n" in text
        for file, name in re.findall(r"\$ref: '?([\w.]*)#/components/schemas/(\w+)", text):
            assert plane.places[name] == (file or path.name).removesuffix(".yaml")


@pytest.mark.parametrize("version", VERSIONS[:-1])
def test_an_older_control_plane_has_its_distributions(version: str) -> None:
    """Those of the newest are committed, and tested as what they are."""
    api = load(ROOT, version)
    names = [operation.id for operation in api.operations()]
    assert len(names) == len(set(names)) > 200
    distributions = Packages(api, "1.0.0", "1.0.0", "A licence.").distributions()
    assert {each.distribution for each in api.categories} < set(distributions)
    for files in distributions.values():
        for path, content in files.items():
            if path.endswith(".py"):
                ast.parse(content, path)


@pytest.fixture(scope="module")
def merged() -> Document:
    path = ROOT / CONTROL_PLANES / f"{NEWEST}.json"
    document: Document = json.loads(path.read_text(encoding="utf-8"))
    return document


def test_the_merged_document_is_valid_openapi(merged: Document) -> None:
    validate(merged)


def test_the_merged_document_has_every_operation_of_the_files(merged: Document) -> None:
    expected = sorted(each.id for each in read(ROOT / "spec" / NEWEST).operations.values())
    assert sorted(facts["operationId"] for _, _, facts in operations(merged)) == expected
    assert len(expected) == len(set(expected))


def test_the_merged_document_has_the_schemas_it_needs_and_no_other(merged: Document) -> None:
    assert set(referenced(merged)) == set(merged["components"]["schemas"])


def test_the_merged_document_needs_no_other_rules(merged: Document) -> None:
    text = json.dumps(merged)
    assert '"allOf"' not in text
    assert '"nullable"' not in text
    assert ".yaml#" not in text
