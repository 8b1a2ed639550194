"""Policies: one of each type of workload for each scope."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from runai.testing.answers import JSON, Refusal
from runai.testing.clock import timestamp
from runai.testing.contents import Content, Handler
from runai.testing.request_check import CheckedRequest
from runai.testing.specification import Operation
from runai.testing.state.changes import merged
from runai.testing.state.paths import CLUSTERS
from runai.testing.state.references import demand_references
from runai.testing.state.store import Record

if TYPE_CHECKING:
    from runai.testing.state.state import State

_ALL = "/api/v2/policy"
_TYPES = {
    "distributed": "distributed",
    "distributed-inferences": "distributedInference",
    "inferences": "inference",
    "nim-services": "nimService",
    "trainings": "training",
    "workspaces": "workspace",
}
_SCOPE = ("scope", "clusterId", "departmentId", "projectId")


def handler(state: State, operation: Operation) -> Handler | None:
    """Reads, writes or deletes policies; None for every other operation."""
    above, _, kind = operation.path.rpartition("/")
    if operation.path == _ALL and operation.method == "GET":
        return lambda op, request: _list(state, op, request)
    if above != _ALL or kind not in _TYPES:
        return None
    carry_out = {"GET": _get, "DELETE": _delete}.get(operation.method, _write)
    return lambda op, request: carry_out(state, op, request)


def _list(state: State, operation: Operation, request: CheckedRequest) -> Content:
    wanted = {name: str(request.query[name]) for name in _SCOPE if name in request.query}
    kinds = request.query.get("workloadType")
    found: list[dict[str, Any]] = []
    for path, records in state.store.collections().items():
        kind = _TYPES.get(path.rpartition("/")[2])
        if not path.startswith(f"{_ALL}/") or (kinds is not None and kind not in kinds):
            continue
        for record in records.values():
            place = _place(record.facts["meta"])
            if all(place.get(name) == value for name, value in wanted.items()):
                found.append(_entry(state, record, kind))
    schema = operation.answer_schemas[JSON]
    return Content(state.rendering.render(schema, {"policies": found}, {}))


def _entry(state: State, record: Record, kind: str | None) -> dict[str, Any]:
    clusters = [{"clusterId": each, "status": "Ready"} for each in _clusters(state, record)]
    meta = {**record.own, **record.facts["meta"]}
    return {"type": kind, "meta": meta, "status": {"clusters": clusters}}


def _clusters(state: State, record: Record) -> list[str]:
    """The clusters that a policy is in force in."""
    wanted = record.facts["meta"].get("clusterId")
    known = state.store.collections().get(CLUSTERS, {})
    return [each for each in known if wanted in (None, each)]


def _get(state: State, operation: Operation, request: CheckedRequest) -> Content:
    record = _found(state, operation, request.query)
    if record is None:
        raise Refusal(404, "There is no policy of this scope", [str(_place(request.query))])
    return _answer(state, operation, record)


def _delete(state: State, operation: Operation, request: CheckedRequest) -> Content:
    record = _found(state, operation, request.query)
    if record is None:
        raise Refusal(404, "There is no policy of this scope", [str(_place(request.query))])
    state.delete(record)
    return Content(None)


def _write(state: State, operation: Operation, request: CheckedRequest) -> Content:
    """Overwrite by PUT, merge by PATCH."""
    body = request.body or {}
    meta = dict(body.get("meta") or {})
    facts = {"meta": meta, "policy": body.get("policy")}
    demand_references(state, facts)
    known = _found(state, operation, meta)
    if known is not None and operation.method == "PATCH":
        facts = merged(known.facts, facts)
    if known is None or request.query.get("validateOnly"):
        identity, now = str(uuid.uuid4()), timestamp(state.clock())
        times = {"createdAt": now, "updatedAt": now, "tenantId": 1, "id": identity}
        by = {"createdBy": state.subject.name, "updatedBy": state.subject.name}
        new = Record(operation.path, identity, facts, {**times, **by})
        if not request.query.get("validateOnly"):
            state.store.add(new)
        return _answer(state, operation, new)
    state.store.change(known, facts)
    state.touch(known)
    return _answer(state, operation, known)


def _found(state: State, operation: Operation, place: Mapping[str, Any]) -> Record | None:
    records = state.store.collections().get(operation.path, {}).values()
    return next((r for r in records if _place(r.facts["meta"]) == _place(place)), None)


def _place(meta: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(meta[name]) for name in _SCOPE if meta.get(name) is not None}


def _answer(state: State, operation: Operation, record: Record) -> Content:
    own = {**record.own, "effective": record.facts["policy"]}
    own["effectiveUpdatedAt"] = record.own["updatedAt"]
    return Content(state.rendering.render(operation.answer_schemas[JSON], record.facts, own))
