"""The older paths below a cluster, to the same projects, departments and node pools."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from runai.testing.answers import JSON, Refusal, shortened
from runai.testing.contents import Content, Handler
from runai.testing.request_check import CheckedRequest
from runai.testing.specification import Operation
from runai.testing.state import organization
from runai.testing.state.changes import merged
from runai.testing.state.older_quotas import newer_parts, older_part
from runai.testing.state.paths import CLUSTERS, DEPARTMENTS, NODE_POOLS, PROJECTS
from runai.testing.state.quota_parts import node_pool_of
from runai.testing.state.store import Record

if TYPE_CHECKING:
    from runai.testing.state.state import State

_COLLECTIONS = {"departments": DEPARTMENTS, "node-pools": NODE_POOLS, "projects": PROJECTS}
_PATH = re.compile(
    r"/v1/k8s/clusters/\{clusterId\}/(?P<kind>[a-z-]+)"
    r"(/\{(?P<item>id|department-id)\}(/(labels|access-control))?)?"
)


def handler(state: State, operation: Operation) -> Handler | None:
    """Carries out an operation at such a path; None for every other."""
    path, parameter = _place(operation)
    if path not in state.resources:
        return None
    below = _BelowCluster(state, path, parameter)
    methods = {"GET": below.get, "PUT": below.change, "DELETE": below.delete}
    if parameter is None:
        methods = {"GET": below.list, "POST": below.create}
    return methods.get(operation.method)


def lists(operation: Operation) -> bool:
    """Whether an operation lists what is below a cluster."""
    path, parameter = _place(operation)
    return operation.method == "GET" and path != "" and parameter is None


class _BelowCluster:
    """One collection, as the older paths have it.

    Args:
        state: that has its records.
        path: of the collection, at its newer place.
        parameter: of the older path, which names a record.
    """

    def __init__(self, state: State, path: str, parameter: str | None) -> None:
        self._state = state
        self._path = path
        self._parameter = parameter

    def list(self, operation: Operation, request: CheckedRequest) -> Content:
        cluster = self._cluster(request)
        items = self._state.specification.response_schemas.resolved(operation.answer_schemas[JSON])[
            "items"
        ]
        there = self._state.store.of(self._state.resources[self._path])
        records = self._state.rights.seen(operation, there)
        here = [each for each in records if each.facts.get("clusterId") == cluster]
        return Content([self._form(each, items) for each in here])

    def create(self, operation: Operation, request: CheckedRequest) -> Content:
        facts = {**self._newer(request.body or {}), "clusterId": self._cluster(request)}
        return self._answer(operation, self._state.create(self._path, facts))

    def get(self, operation: Operation, request: CheckedRequest) -> Content:
        return self._answer(operation, self._found(request))

    def change(self, operation: Operation, request: CheckedRequest) -> Content:
        record = self._found(request)
        facts = merged(record.facts, self._newer(request.body or {}))
        self._state.change(record, facts)
        return self._answer(operation, record)

    def delete(self, operation: Operation, request: CheckedRequest) -> Content:
        record = self._found(request)
        self._state.delete(record)
        return self._answer(operation, record)

    def _cluster(self, request: CheckedRequest) -> str:
        clusters = self._state.resources[CLUSTERS]
        return str(self._state.store.find(clusters, request.path_parameters["clusterId"]).id)

    def _found(self, request: CheckedRequest) -> Record:
        cluster = self._cluster(request)
        identity = request.path_parameters[str(self._parameter)]
        if self._path == DEPARTMENTS:
            identity = self._department(identity)
        record = self._state.store.find(self._state.resources[self._path], identity)
        if record.facts.get("clusterId") != cluster:
            raise Refusal(404, f"{self._path}/{shortened(identity)} is in another cluster")
        return record

    def _department(self, number: Any) -> str:
        """The id of the department that older paths know by a number."""
        departments = self._state.store.of(self._state.resources[DEPARTMENTS])
        return next(
            (each.id for each in departments if department_number(each.id) == number), str(number)
        )

    def _newer(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """What an older body says, with what newer answers have by another name."""
        facts = {name: value for name, value in body.items() if name != "resources"}
        department = facts.pop("departmentId", None)
        # Bodies of departments repeat their own number.
        if department is not None and self._path == PROJECTS:
            facts["parentId"] = self._department(department)
        if body.get("namespace"):
            facts["requestedNamespace"] = body["namespace"]
        parts = newer_parts(body)
        if parts is not None:
            facts["resources"] = parts
        return facts

    def _answer(self, operation: Operation, record: Record) -> Content:
        schema = operation.answer_schemas.get(JSON)
        return Content(None if schema is None else self._form(record, schema))

    def _form(self, record: Record, schema: Any) -> Any:
        own = {**record.own, **_older(record), "nodePoolsResources": _quota(self._state, record)}
        facts = {name: value for name, value in record.facts.items() if name != "resources"}
        return self._state.rendering.render(schema, facts, own)


def _place(operation: Operation) -> tuple[str, str | None]:
    """The newer path of the collection, empty where it is none; the parameter of an item."""
    found = _PATH.fullmatch(operation.path)
    return ("", None) if found is None else (_COLLECTIONS.get(found["kind"], ""), found["item"])


def _quota(state: State, record: Record) -> list[dict[str, Any]]:
    cluster, parts = record.facts.get("clusterId"), record.facts.get("resources") or ()
    pools = [organization.node_pool_id(state, cluster, node_pool_of(part)) for part in parts]
    return [older_part(part, pool) for part, pool in zip(parts, pools)]


def _older(record: Record) -> dict[str, Any]:
    """What older answers say of a record by other names."""
    own, status = record.own, record.own.get("status") or {}
    known = {
        "id": department_number(record.id) if record.collection == DEPARTMENTS else record.id,
        "clusterUuid": record.facts.get("clusterId"),
        "departmentId": department_number(own["parentId"]) if own.get("parentId") else None,
        "departmentName": (own.get("parent") or {}).get("name"),
        "deservedGpus": (own.get("totalResources") or {}).get("gpuQuota"),
        "namespace": status.get("namespace"),
        "phase": status.get("phase"),
    }
    if record.collection == NODE_POOLS:
        known = {"id": record.id, "status": own.get("phase"), "statusMessage": ""}
    return {name: value for name, value in known.items() if value is not None}


def department_number(department: str) -> int:
    """What older paths call a department, which has a UUID; it has to be less than 2^31."""
    return int(department[:7], 16)
