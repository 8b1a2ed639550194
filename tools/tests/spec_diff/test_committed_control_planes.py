"""The committed control planes: facts that were looked up in the documents they come from."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from runapy_tools.imported import imported_versions
from runapy_tools.spec_diff import diff
from runapy_tools.spec_diff.changes import Change, Difference
from runapy_tools.spec_diff.history import Since, history
from runapy_tools.spec_diff.outline import summary
from runapy_tools.spec_diff.rendering import FORMATS

from .descriptions import changes

ROOT = Path(__file__).parents[3]

SUMMARIES = {
    "2.19": "24 added, 2 removed, 12 deprecated, 2 renamed",
    "2.20": "40 added, 3 removed, 9 deprecated, 12 renamed",
    "2.21": "22 added, 2 renamed",
    "2.22": "14 added, 6 removed, 3 renamed",
    "2.23": "46 added, 20 removed, 6 deprecated, 15 renamed",
    "2.24": "34 added, 4 removed, 13 deprecated",
}


@pytest.fixture(scope="module")
def differences() -> dict[str, Difference]:
    """From each control plane's predecessor, by its version."""
    return {newer: diff(ROOT, older, newer) for older, newer in pairwise(imported_versions(ROOT))}


def test_operations(differences: dict[str, Difference]) -> None:
    found = {newer: summary(each) for newer, each in differences.items()}
    expected = {newer: f"Operations: {counts}." for newer, counts in SUMMARIES.items()}
    assert {newer: found[newer] for newer in expected} == expected


def test_names(differences: dict[str, Difference]) -> None:
    renamed = Change("renamed", "operation", before="roles.get_roles", after="roles.get_roles_v1")
    assert renamed in changes(differences["2.21"])["roles.get_roles_v1"]
    name = "workload_properties.list_workload_types"
    moved = Change("moved", "operation", before="workloads.list_workload_types", after=name)
    assert moved in changes(differences["2.23"])[name]


def test_parameters(differences: dict[str, Difference]) -> None:
    token = changes(differences["2.22"])["tokens.grant_token"]
    assert [(each.kind, each.name) for each in token] == [("removed", "User-Agent")]
    listed = changes(differences["2.23"])["policy.list_policies"]
    assert listed == [Change("added", "member", "DistributedInference", of="workloadType")]
    departments = changes(differences["2.19"])["departments.get_departments"]
    assert Change("changed", "parameter", "filterBy", "explode", True, False) in departments


def test_models(differences: dict[str, Difference]) -> None:
    newest = changes(differences["2.24"])
    assert (
        Change("added", "field", "expiresIn", after={"type": "integer", "required": False})
        in (newest["TokenResponse"])
    )
    assert Change("added", "member", "service-account") in newest["SubjectType"]
    create = newest["WorkloadV2MetadataCreateParams"]
    assert Change("changed", "field", "name", "required", True, False) in create
    assert Change("changed", "field", "name", "minLength", 1, None) in create


@pytest.mark.parametrize("form", FORMATS)
def test_every_difference_can_be_written(form: str, differences: dict[str, Difference]) -> None:
    for each in differences.values():
        lines = FORMATS[form](each).splitlines()
        assert len(lines) > 100
        if form == "text":
            assert [line for line in lines if len(line) > 100] == []


def test_history() -> None:
    found = history(ROOT, "2.24")
    assert found.versions[0] == "2.18"
    assert found.operations["POST", "/api/v1/token"] == Since("2.18")
    assert found.operations["POST", "/api/v2/token"] == Since("2.24")
    assert found.operations["GET", "/api/v1/apps"] == Since("2.18", "2.24")
    assert found.operations["GET", "/api/v1/cli-exposer/installer/unix"] == Since("2.20")
    nodes = "/api/v1/clusters/{clusterUuid}/nodes"
    assert found.operations["GET", nodes] == Since("2.18", "2.23")
    assert found.operations["GET", "/api/v1/authorization/roles"] == Since("2.18")
    assert found.parameters["POST", "/api/v2/token", "grant_type"] == Since("2.24")
    assert found.parameters["GET", "/api/v1/ai-applications", "search"] == Since("2.24")
    assert found.fields["TokenResponse", "expiresIn"] == Since("2.24")
    assert found.fields["TokenResponse", "accessToken"] == Since("2.18")
    assert found.fields["MasterSpec", "priorityClass"].deprecated == "2.24"
