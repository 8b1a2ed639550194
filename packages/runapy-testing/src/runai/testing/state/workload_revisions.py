"""Revisions of inferences: what each was asked to be, from one change of it to the next."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from runai.testing.answers import JSON, Refusal, shortened
from runai.testing.clock import timestamp
from runai.testing.contents import Content, Handler
from runai.testing.request_check import CheckedRequest
from runai.testing.specification import Operation
from runai.testing.state.paths import WORKLOADS
from runai.testing.state.workload_answers import newest_first, page
from runai.testing.state.workload_facts import variables
from runai.testing.state.workload_history import events, history
from runai.testing.state.workload_log import STOPPED, Life
from runai.testing.state.workload_pods import shown_pods
from runai.testing.state.workload_resources import allocated, largest_group, requested

if TYPE_CHECKING:
    from runai.testing.state.state import State

_INFERENCES = f"{WORKLOADS}/inferences"
_OF_WORKLOAD = f"{_INFERENCES}/{{workloadId}}/revisions"
_REVISION = f"{_INFERENCES}/revisions/{{revisionId}}"


def handler(state: State, operation: Operation) -> Handler | None:
    """Carries out an operation on revisions; None for every other."""
    answer = _ANSWERS.get(operation.path)
    return None if answer is None else lambda op, request: answer(state, op, request)


def _list(state: State, operation: Operation, request: CheckedRequest) -> Content:
    life = _inference(state, operation, request)
    shown = [_shown(life, index) for index in range(len(life.revisions))]
    return page(state, operation, request, shown, "revisions")


def _count(state: State, operation: Operation, request: CheckedRequest) -> Content:
    count = {"count": len(_inference(state, operation, request).revisions)}
    return Content(state.rendering.render(operation.answer_schemas[JSON], count, {}))


def _get(state: State, operation: Operation, request: CheckedRequest) -> Content:
    shown = _shown(*_revision(state, operation, request))
    return Content(state.rendering.render(operation.answer_schemas[JSON], shown, {}))


def _pods(state: State, operation: Operation, request: CheckedRequest) -> Content:
    life, index = _revision(state, operation, request)
    # A change gives the pods to what was changed.
    told = shown_pods(life) if _is_latest(life, index) else []
    return page(state, operation, request, told, "pods")


def _events(state: State, operation: Operation, request: CheckedRequest) -> Content:
    life, index = _revision(state, operation, request)
    told = [each for each in events(life) if _is_of(life, index, each["createdAt"])]
    return newest_first(state, operation, request, told)


def _history(state: State, operation: Operation, request: CheckedRequest) -> Content:
    life, index = _revision(state, operation, request)
    told = [
        each for each in history(life) if _is_of(life, index, each["meta"]["creationTimestamp"])
    ]
    return page(state, operation, request, told, "records")


def _inference(state: State, operation: Operation, request: CheckedRequest) -> Life:
    """The workload of a path: one that is there, or one that was where the query says so."""
    identity = request.path_parameters["workloadId"]
    if request.query.get("deleted") is True:
        past = state.life.past(identity)
        if past is not None and past.revisions and state.rights.seen(operation, [past.record]):
            return past
    return state.life.of(state.store.find(state.resources[_INFERENCES], identity))


def _revision(state: State, operation: Operation, request: CheckedRequest) -> tuple[Life, int]:
    wanted = str(request.path_parameters["revisionId"]).lower()
    for life in [*state.life.lives(), *state.life.gone()]:
        for index in range(len(life.revisions)):
            if _id(life, index) == wanted and state.rights.seen(operation, [life.record]):
                return life, index
    raise Refusal(
        404,
        f"There is no revision {shortened(wanted)}",
        ["those of an inference are listed by revisions.get_inference_workload_revisions"],
    )


def _shown(life: Life, index: int) -> dict[str, Any]:
    revision, own, facts = life.revisions[index], life.record.own, life.record.facts
    request, latest = revision.request, _is_latest(life, index)
    spec = request.spec
    shown = {
        "type": "runai-revision",
        "name": _name(life, index),
        "id": _id(life, index),
        "workloadId": str(life.record.id),
        "tenantId": own.get("tenantId", 1),
        **{
            name: own.get(name) or facts.get(name)
            for name in ("clusterId", "projectId", "departmentId")
        },
        "createdAt": timestamp(revision.created),
        "deletedAt": own["deletedAt"],
        "revisionRequestedResources": requested(request.pods),
        "podsRequestedResources": requested([largest_group(request.pods)]),
        "requestedPods": {"number": request.pod_count},
        "requestedNodePools": own["requestedNodePools"],
        "images": list(dict.fromkeys(pod.image for pod in request.pods if pod.image)),
        "environmentVariables": variables(spec),
        "command": spec.get("command") or "",
        "arguments": spec.get("args") or "",
        "additionalFields": {},
    }
    return {**shown, **(_running(own) if latest else _replaced(life, index))}


def _running(own: Mapping[str, Any]) -> dict[str, Any]:
    """What is the case of a workload is so of its latest revision."""
    names = ("allocatedResources", "currentNodePools", "runningPods", "conditions")
    return {name: own[name] for name in (*names, "phase", "phaseMessage", "phaseUpdatedAt")}


def _replaced(life: Life, index: int) -> dict[str, Any]:
    successor = life.revisions[index + 1]
    return {
        "allocatedResources": allocated(()),
        "currentNodePools": [],
        "runningPods": 0,
        "conditions": [],
        "phase": STOPPED,
        "phaseMessage": f"{_name(life, index + 1)} has replaced it",
        "phaseUpdatedAt": timestamp(successor.created),
    }


def _is_latest(life: Life, index: int) -> bool:
    return index == len(life.revisions) - 1


def _is_of(life: Life, index: int, time: str) -> bool:
    """Whether something happened while a revision was the latest; times are text."""
    if index and time < timestamp(life.revisions[index].created):
        return False
    return _is_latest(life, index) or time < timestamp(life.revisions[index + 1].created)


def _id(life: Life, index: int) -> str:
    return str(uuid.uuid5(uuid.UUID(str(life.record.id)), f"revision-{index}"))


def _name(life: Life, index: int) -> str:
    return f"{life.record.own['name']}-{index + 1:05}"


_ANSWERS: Mapping[str, Callable[[State, Operation, CheckedRequest], Content]] = {
    _OF_WORKLOAD: _list,
    f"{_OF_WORKLOAD}/count": _count,
    _REVISION: _get,
    f"{_REVISION}/pods": _pods,
    f"{_REVISION}/events": _events,
    f"{_REVISION}/history": _history,
}
