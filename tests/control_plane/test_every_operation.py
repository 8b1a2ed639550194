"""Every operation is answered as its document has it, on every control plane that was imported."""

from __future__ import annotations

from typing import Any

import pytest

from runai.testing import ControlPlane
from runai.testing.specification import Operation
from runai.testing.state.resources import Resource
from runai.testing.token_endpoints import TOKEN_ENDPOINTS

from .calls import Calls, Reply
from .collection import Collection, name_of
from .conftest import Serve
from .documents import VERSIONS

# By the ends of paths: what is not there although everything was created, and what does not fit.
_REFUSED = {
    "/departments/{department-id}": 404,
    "/departments/{department-id}/access-control": 404,
    "{clusterUuid}/departments/{departmentId}/metrics": 404,
    "{clusterUuid}/projects/{projectId}/metrics": 404,
    "/me/password": 403,
    "/pods/{podId}/metrics": 404,
    "/node-pools/{id}": 404,
    "/node-pools/{id}/labels": 404,
    "/nodepools/{nodepoolName}/metrics": 404,
    "/nodes/{nodeId}/metrics": 404,
    "/projects/{id}": 404,
    "/resume": 409,
    "/setting/{settingKey}": 404,
    "/{aiApplicationId}": 404,
}


@pytest.mark.parametrize("version", VERSIONS)
def test_answers_validly_where_nothing_was_created(serve: Serve, version: str) -> None:
    control_plane, calls = serve(version)
    failures = []
    refused = 0
    for operation in _operations(control_plane):
        try:
            refused += calls(operation, body=calls.body(operation)).status >= 400
        except AssertionError as failure:
            failures.append(str(failure)[:600])
    assert not failures, "\n".join(failures)
    # The operations on single records, mostly.
    assert 0 < refused < len(_operations(control_plane)) * 3 / 4


@pytest.mark.parametrize("version", VERSIONS)
def test_answers_validly_where_everything_was_created(serve: Serve, version: str) -> None:
    control_plane, calls = serve(version)
    failures = []
    for operation in _operations(control_plane):
        control_plane.reset()
        try:
            reply = _call_on_what_is_there(operation, control_plane, calls)
            ends = (status for end, status in _REFUSED.items() if operation.path.endswith(end))
            expected = next(ends, None)
            if operation.method in ("GET", "DELETE") and "/policy/" in operation.path:
                expected = 404
            is_expected = reply.status < 400 if expected is None else reply.status == expected
            assert is_expected, f"{operation.method} {operation.path}: {reply}"
        except AssertionError as failure:
            failures.append(str(failure)[:600])
    assert not failures, "\n".join(failures)


def _call_on_what_is_there(
    operation: Operation, control_plane: ControlPlane, calls: Calls
) -> Reply:
    path: dict[str, Any] = {}
    resources = control_plane.state.resources.values()
    for resource in resources:
        if f"{operation.path}/".startswith(f"{resource.item_path}/"):
            path[resource.identity_parameter] = _identity_there(resource, control_plane, calls)
    if "revisionId" in operation.parameters_in("path"):
        path["revisionId"] = _revision_there(control_plane, calls)
    any_collection = Collection(next(iter(resources)), control_plane, calls)
    for name in ("clusterId", "clusterUuid"):
        if name in operation.parameters_in("path"):
            path.setdefault(name, any_collection.existing("clusterId"))
    body = any_collection.referring(calls.body(operation))
    return calls(operation, path=path, query=any_collection.scope(operation), body=body)


def _identity_there(resource: Resource, control_plane: ControlPlane, calls: Calls) -> Any:
    """The id of a record that the resource has, or gets."""
    listed = Collection(resource, control_plane, calls).list()
    if listed and not resource.creates:
        return listed[0]["id"]
    makers = [
        each
        for each in control_plane.state.resources.values()
        if each.creates and resource.holds(each.path)
    ]
    if not makers:
        return calls.samples.of(resource.identity_schema)
    maker = Collection(makers[0], control_plane, calls)
    return maker.identity(maker.create(), name_of(maker.new_body()))


def _revision_there(control_plane: ControlPlane, calls: Calls) -> Any:
    """The id of the one revision of a new inference."""
    inferences = "/api/v1/workloads/inferences"
    resource = control_plane.state.resources[inferences]
    workload = _identity_there(resource, control_plane, calls)
    path = f"{inferences}/{{workloadId}}/revisions"
    listing = next(each for each in _operations(control_plane) if each.path == path)
    return calls(listing, path={"workloadId": workload}).content["revisions"][0]["id"]


def _operations(control_plane: ControlPlane) -> list[Operation]:
    operations = control_plane.state.specification.operations.values()
    return [each for each in operations if each.path not in TOKEN_ENDPOINTS]
