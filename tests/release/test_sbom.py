"""Every wheel says what it is made of, where PEP 770 wants it."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from packaging.metadata import Metadata
from packaging.requirements import Requirement

from runapy_tools import sbom

from ..environments import VERSION
from ..installs.archives import Archive, archives
from .tampering import rewrite


@pytest.fixture(scope="module")
def wheels(wheelhouse: Path) -> list[Archive]:
    return [each for each in archives(wheelhouse) if each.is_wheel]


def information(wheel: Archive) -> str:
    return f"{wheel.path.name.rsplit('-py3', 1)[0]}.dist-info"


def bill(wheel: Archive) -> dict[str, Any]:
    place = f"{information(wheel)}/sboms/{wheel.name}.cdx.json"
    found = [path for path in wheel.contents if "/sboms/" in path]
    assert found == [place]
    document: dict[str, Any] = json.loads(wheel.contents[place])
    return document


def test_it_names_the_distribution_and_its_licence(wheels: list[Archive]) -> None:
    assert len(wheels) > 60
    for wheel in wheels:
        document = bill(wheel)
        assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
        component = document["metadata"]["component"]
        assert (component["name"], component["version"]) == (wheel.name, wheel.version)
        assert component["purl"] == f"pkg:pypi/{wheel.name}@{wheel.version}"
        assert component["licenses"] == [{"expression": "Apache-2.0"}]


def test_it_names_what_is_declared_and_nothing_else(wheels: list[Archive]) -> None:
    for wheel in wheels:
        document = bill(wheel)
        declared = Metadata.from_email(wheel.metadata).requires_dist or []
        found = {
            each["name"]: {Requirement(known["value"]) for known in each["properties"]}
            for each in document["components"]
        }
        expected: dict[str, set[Requirement]] = {}
        for each in declared:
            expected.setdefault(each.name, set()).add(each)
        assert found == expected
        own, *others = document["dependencies"]
        assert own["ref"] == document["metadata"]["component"]["bom-ref"]
        references = [each["bom-ref"] for each in document["components"]]
        assert own["dependsOn"] == references
        assert [each["ref"] for each in others] == references


def test_what_only_an_extra_brings_is_optional(wheels: list[Archive]) -> None:
    (core,) = (each for each in wheels if each.name == "runapy-core")
    scopes = {each["name"]: each["scope"] for each in bill(core)["components"]}
    assert scopes.pop("aiohttp") == "optional"
    assert set(scopes) >= {"pydantic", "requests", "urllib3"}
    assert set(scopes.values()) == {"required"}


def test_it_has_nothing_that_differs_between_builds(wheels: list[Archive]) -> None:
    for wheel in wheels:
        document = bill(wheel)
        assert "serialNumber" not in document
        assert "timestamp" not in document["metadata"]


def test_the_record_has_every_file_as_it_is(wheels: list[Archive]) -> None:
    for wheel in wheels:
        record = f"{information(wheel)}/RECORD"
        listed = list(csv.reader(wheel.contents[record].decode().splitlines()))
        assert sorted(path for path, _, _ in listed) == sorted(wheel.contents)
        for path, digest, size in listed:
            if path != record:
                content = wheel.contents[path]
                found = base64.urlsafe_b64encode(hashlib.sha256(content).digest())
                assert digest == f"sha256={found.decode().rstrip('=')}", (wheel.path.name, path)
                assert int(size) == len(content)


@pytest.fixture
def audit(wheelhouse: Path, tmp_path: Path) -> Path:
    name = f"runapy_audit-{VERSION}-py3-none-any.whl"
    return Path(shutil.copy(wheelhouse / name, tmp_path))


def test_one_that_is_right_is_no_problem(audit: Path) -> None:
    assert sbom.problem(audit) is None


def test_one_that_is_missing_is_found(audit: Path) -> None:
    rewrite(audit, {".cdx.json": None})
    assert f"{audit.name} has no runapy_audit" in str(sbom.problem(audit))


def test_one_that_says_something_else_is_found(audit: Path) -> None:
    rewrite(audit, {".cdx.json": b"{}"})
    assert "does not say what METADATA says" in str(sbom.problem(audit))


def test_one_that_is_not_recorded_is_found(audit: Path) -> None:
    rewrite(audit, {"/RECORD": b""})
    assert "RECORD does not have" in str(sbom.problem(audit))
