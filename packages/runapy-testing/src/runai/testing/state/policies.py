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
from runai.testing.state.effective_policies import (
    SCOPES,
    ScopedPolicy,
    effective_policy,
    source_of,
)
from runai.testing.state.meta import SCOPE
from runai.testing.state.paths import CLUSTERS, POLICIES
from runai.testing.state.references import demand_references
from runai.testing.state.scopes import COLLECTIONS, Place, place_of_scope
from runai.testing.state.store import Record

if TYPE_CHECKING:
    from runai.testing.state.state import State

_TYPES = {
    "distributed": "distributed",
    "distributed-inferences": "distributedInference",
    "inferences": "inference",
    "nim-services": "nimService",
    "trainings": "training",
    "workspaces": "workspace",
}


def handler(state: State, operation: Operation) -> Handler | None:
    """Reads, writes or deletes policies; None for every other operation."""
    above, _, kind = operation.path.rpartition("/")
    if operation.path == POLICIES and operation.method == "GET":
        return lambda op, request: _list(state, op, request)
    if above != POLICIES or kind not in _TYPES:
        return None
    carry_out = {"GET": _get, "DELETE": _delete}.get(operation.method, _write)
    return lambda op, request: carry_out(state, op, request)


def policies_in(state: State, kind: str, place: Place) -> list[Record]:
    """The policies of a type of workload that count in a place, from the widest scope.

    Args:
        state: that has them.
        kind: of workloads, as paths have it, such as "workspaces".
        place: of the workloads.
    """
    records = state.store.collections().get(f"{POLICIES}/{kind}", {}).values()
    found = [each for each in records if _place(state, each.facts["meta"]) <= place]
    return _from_the_widest(found)


def in_force(policies: list[Record]) -> dict[str, Any]:
    """What these policies are together; see `effective_policy`."""
    return effective_policy(
        [
            ScopedPolicy(source_of(each.facts["meta"]), each.facts["policy"] or {})
            for each in policies
        ]
    )


def _list(state: State, operation: Operation, request: CheckedRequest) -> Content:
    wanted = {name: str(request.query[name]) for name in SCOPE if name in request.query}
    kinds = request.query.get("workloadType")
    found: list[dict[str, Any]] = []
    for path, records in state.store.collections().items():
        kind = _TYPES.get(path.rpartition("/")[2])
        if not path.startswith(f"{POLICIES}/") or (kinds is not None and kind not in kinds):
            continue
        for record in state.rights.seen(operation, list(records.values())):
            meta = record.facts["meta"]
            if all(str(meta.get(name)) == value for name, value in wanted.items()):
                found.append(_entry(state, record, kind))
    schema = operation.answer_schemas[JSON]
    return Content(state.rendering.render(schema, {"policies": found}, {}))


def _entry(state: State, record: Record, kind: str | None) -> dict[str, Any]:
    clusters = [{"clusterId": each, "status": "Ready"} for each in _clusters(state, record)]
    meta = {**record.own, **record.facts["meta"]}
    return {"type": kind, "meta": meta, "status": {"clusters": clusters}}


def _clusters(state: State, record: Record) -> list[str]:
    """The clusters that a policy is in force in."""
    wanted = dict(_place(state, record.facts["meta"])).get("cluster")
    known = state.store.collections().get(CLUSTERS, {})
    return [each for each in known if wanted in (None, each)]


def _get(state: State, operation: Operation, request: CheckedRequest) -> Content:
    """The policy of a scope, or what is in force there without one."""
    _demand_scope(request.query, "query parameter")
    policies = policies_in(state, _kind(operation), _place(state, request.query))
    if not policies or not _is_there(state, request.query):
        raise _missing(request.query)
    return _answer(state, operation, _found(state, operation, request.query), policies)


def _delete(state: State, operation: Operation, request: CheckedRequest) -> Content:
    record = _found(state, operation, request.query)
    if record is None:
        raise _missing(request.query)
    state.delete(record)
    return Content(None)


def _write(state: State, operation: Operation, request: CheckedRequest) -> Content:
    """Overwrite by PUT, merge by PATCH."""
    body = request.body or {}
    meta = dict(body.get("meta") or {})
    facts = {"meta": meta, "policy": body.get("policy")}
    demand_references(state, facts)
    _demand_scope(meta, "body.meta")
    known = _found(state, operation, meta)
    if known is not None and operation.method == "PATCH":
        facts = merged(known.facts, facts)
    is_trial = bool(request.query.get("validateOnly"))
    written = _new(state, operation, facts) if known is None or is_trial else known
    if known is not None and not is_trial:
        state.store.change(known, facts)
        state.touch(known)
    elif not is_trial:
        state.store.add(written)
    around = policies_in(state, _kind(operation), _place(state, meta))
    others = [each for each in around if each not in (known, written)]
    return _answer(state, operation, written, _from_the_widest([*others, written]))


def _new(state: State, operation: Operation, facts: dict[str, Any]) -> Record:
    identity, now = str(uuid.uuid4()), timestamp(state.clock())
    times = {"createdAt": now, "updatedAt": now, "tenantId": 1, "id": identity}
    by = {"createdBy": state.subject.name, "updatedBy": state.subject.name}
    return Record(operation.path, identity, facts, {**times, **by})


def _found(state: State, operation: Operation, place: Mapping[str, Any]) -> Record | None:
    records = state.store.collections().get(operation.path, {}).values()
    wanted = _key(place)
    return next((each for each in records if _key(each.facts["meta"]) == wanted), None)


def _key(place: Mapping[str, Any]) -> tuple[str, ...]:
    """A scope and its id; what the scope is part of may be said besides."""
    return tuple(str(each) for each in source_of(place).values())


def _place(state: State, place: Mapping[str, Any]) -> Place:
    scope = str(place.get("scope"))
    return place_of_scope(state, scope, place.get(f"{scope}Id"))


def _kind(operation: Operation) -> str:
    return operation.path.rpartition("/")[2]


def _from_the_widest(policies: list[Record]) -> list[Record]:
    return sorted(policies, key=lambda each: SCOPES.index(each.facts["meta"]["scope"]))


def _demand_scope(place: Mapping[str, Any], said_in: str) -> None:
    scope = place.get("scope")
    needed = f"{scope}Id" if scope in COLLECTIONS else "scope"
    if place.get(needed) is None:
        problem = f"{said_in} {needed}: missing, a policy is of one scope"
        raise Refusal(400, f"A policy needs {needed}", [problem])


def _is_there(state: State, place: Mapping[str, Any]) -> bool:
    scope = str(place.get("scope"))
    path = COLLECTIONS.get(scope)
    return path is None or state.store.get(path, place.get(f"{scope}Id")) is not None


def _missing(query: Mapping[str, Any]) -> Refusal:
    return Refusal(404, "There is no policy of this scope", [str(source_of(query))])


def _answer(
    state: State, operation: Operation, record: Record | None, policies: list[Record]
) -> Content:
    facts, own = ({}, {}) if record is None else (record.facts, record.own)
    effective = {
        "effective": in_force(policies),
        "effectiveUpdatedAt": max(str(each.own["updatedAt"]) for each in policies),
    }
    schema = operation.answer_schemas[JSON]
    return Content(state.rendering.render(schema, facts, {**own, **effective}))
