"""Events and phases of a workload, as the API lists them."""

from __future__ import annotations

import uuid
from typing import Any

from runai.testing.clock import timestamp
from runai.testing.state.workload_log import FAILED, UNSCHEDULABLE, Change, Life

_WARNINGS = (FAILED, UNSCHEDULABLE)


def events(life: Life) -> list[dict[str, Any]]:
    """What happened to a workload, oldest first: one event for each change."""
    return [_event(life, number, change) for number, change in enumerate(life.log)]


def history(life: Life) -> list[dict[str, Any]]:
    """The events and the updates of the phase, oldest first."""
    records: list[dict[str, Any]] = []
    before = None
    for number, change in enumerate(life.log):
        if change.phase != before:
            update = {"phase": change.phase, "phaseMessage": change.message}
            records.append(_record(change, "PhaseUpdate", {"phaseUpdate": update}))
        records.append(_record(change, "Event", {"event": _event(life, number, change)}))
        before = change.phase
    return records


def _record(change: Change, kind: str, spec: dict[str, Any]) -> dict[str, Any]:
    meta = {"creationTimestamp": timestamp(change.time), "type": kind}
    return {"meta": meta, "spec": spec}


def _event(life: Life, number: int, change: Change) -> dict[str, Any]:
    own = life.record.own
    identity = uuid.UUID(str(life.record.id))
    return {
        "id": str(uuid.uuid5(identity, f"event-{number}")),
        "createdAt": timestamp(change.time),
        "type": "Warning" if change.reason in _WARNINGS else "Normal",
        "clusterId": own.get("clusterId") or life.record.facts.get("clusterId"),
        "reason": change.reason,
        "message": change.message or f"{own['name']} is {change.phase}",
        "source": "runai-workload-controller",
        "involvedObject": {
            "uid": str(identity),
            "kind": life.request.type,
            "name": own["name"],
            "namespace": own.get("namespace") or "",
        },
    }
