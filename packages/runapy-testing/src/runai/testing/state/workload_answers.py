"""Operations on the lives of workloads: stops, resumes, and tells what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Callable

from runai.testing.answers import JSON, Refusal, shortened
from runai.testing.contents import Content, Handler
from runai.testing.queries import select
from runai.testing.request_check import CheckedRequest
from runai.testing.specification import Operation
from runai.testing.state.paths import WORKLOADS, WORKLOADS_V2
from runai.testing.state.series import answer, asked, sample_times
from runai.testing.state.store import Record
from runai.testing.state.workload_history import events, history
from runai.testing.state.workload_log import Life
from runai.testing.state.workload_metrics import measurements
from runai.testing.state.workload_pods import Pod, pods_of, shown_pods
from runai.testing.table import GivenTable, Row

if TYPE_CHECKING:
    from runai.testing.state.state import State


def handler(state: State, operation: Operation) -> Handler | None:
    """Carries out an operation on a workload's life; None for every other.

    Args:
        state: that has the workloads.
        operation: of the specification.
    """
    path = operation.path
    if not path.startswith((f"{WORKLOADS}/", f"{WORKLOADS_V2}/")):
        return None
    if path == f"{WORKLOADS}/pods":
        return lambda op, request: page(state, op, request, _all_pods(state, op), "pods")
    if path == f"{WORKLOADS}/pods/count":
        return lambda op, request: _count_pods(state, op, request)
    collection, separator, below = path.partition("/{")
    if separator and collection == WORKLOADS_V2 and "/" not in below and operation.method == "GET":
        return lambda op, request: _second_version(state, op, request)
    _, _, part = below.partition("/")
    found = _PARTS.get((operation.method, part))
    return None if found is None else lambda op, request: found(state, op, request)


def _suspend(state: State, operation: Operation, request: CheckedRequest) -> Content:
    record = _record(state, operation, request)
    state.life.suspend(record)
    return _done(state, operation, f"{record.own['name']} is being suspended")


def _resume(state: State, operation: Operation, request: CheckedRequest) -> Content:
    record = _record(state, operation, request)
    state.life.resume(record)
    return _done(state, operation, f"{record.own['name']} is being resumed")


def _events(state: State, operation: Operation, request: CheckedRequest) -> Content:
    return newest_first(state, operation, request, events(_life(state, operation, request)))


def _history(state: State, operation: Operation, request: CheckedRequest) -> Content:
    return page(state, operation, request, history(_life(state, operation, request)), "records")


def _pods(state: State, operation: Operation, request: CheckedRequest) -> Content:
    # Whoever asks for the pods that are there asks of a workload that is there.
    deleted = request.query.get("deleted") is True
    is_there = None if deleted else _record(state, operation, request)
    life = state.life.of(is_there) if is_there else _life(state, operation, request)
    return page(state, operation, request, shown_pods(life), "pods")


def _metrics(state: State, operation: Operation, request: CheckedRequest) -> Content:
    life = _life(state, operation, request)
    return _series(state, operation, request, life, pods_of(life))


def _pod_metrics(state: State, operation: Operation, request: CheckedRequest) -> Content:
    life = _life(state, operation, request)
    wanted = str(request.path_parameters["podId"]).lower()
    pods = [pod for pod in pods_of(life) if pod.id == wanted]
    if not pods:
        raise Refusal(
            404,
            f"Workload {life.record.own['name']} has no pod {shortened(wanted)}",
            ["its pods are listed by pods.get_workload_pods"],
        )
    return _series(state, operation, request, life, pods)


def _series(
    state: State, operation: Operation, request: CheckedRequest, life: Life, pods: list[Pod]
) -> Content:
    types = asked(request, "metricType")
    made = measurements(types, pods, life.request.type, sample_times(request.query))
    schemas = state.specification.response_schemas
    return answer(operation, schemas, made["measurements"], made["histogram"])


def _count_pods(state: State, operation: Operation, request: CheckedRequest) -> Content:
    listing = state.specification.by_place[f"{WORKLOADS}/pods", "GET"]
    query = {"deleted": False, **request.query}
    count = {"count": select(GivenTable(_all_pods(state, listing)), operation, query).total}
    return Content(state.rendering.render(operation.answer_schemas[JSON], count, {}))


def _second_version(state: State, operation: Operation, request: CheckedRequest) -> Content:
    record = _record(state, operation, request)
    metadata = {**(record.facts.get("metadata") or {}), **record.own}
    workload = {**record.facts, **record.own, "metadata": metadata}
    whole = {"workload": workload, "syncInfo": record.own.get("syncInfo")}
    return Content(state.rendering.render(operation.answer_schemas[JSON], whole, {}))


def _all_pods(state: State, operation: Operation) -> list[dict[str, Any]]:
    lives = {str(life.record.id): life for life in [*state.life.lives(), *state.life.gone()]}
    seen = state.rights.seen(operation, [life.record for life in lives.values()])
    return [pod for record in seen for pod in shown_pods(lives[str(record.id)])]


def newest_first(
    state: State, operation: Operation, request: CheckedRequest, told: list[dict[str, Any]]
) -> Content:
    """A page of events, the newest first where nothing else is asked for."""
    # Control planes that cannot sort them have the newest first, too.
    sorted_so = replace(request, query={"sortOrder": "desc", **request.query})
    return page(state, operation, sorted_so, told, "events")


def page(
    state: State,
    operation: Operation,
    request: CheckedRequest,
    facts: Sequence[Row],
    name: str,
) -> Content:
    """A page of what is told of workloads; only that page gets the form of the answer."""
    # Pods that were deleted are only shown to who asks for them.
    query = {"deleted": False, **request.query} if name == "pods" else request.query
    selection = select(GivenTable(facts), operation, query)
    schemas = state.specification.response_schemas
    schema = operation.answer_schemas[JSON]
    items = schemas.resolved(schemas.resolved(schema)["properties"][name])["items"]
    rendered = [state.rendering.render(items, each, {}) for each in selection.records]
    envelope = state.rendering.envelope(schema, name, {"next": selection.next})
    return Content({**envelope, name: rendered})


def _done(state: State, operation: Operation, message: str) -> Content:
    schema = operation.answer_schemas.get(JSON)
    if schema is None:
        return Content(None)
    own = {"code": operation.status, "message": message}
    return Content(state.rendering.render(schema, {}, own))


def _life(state: State, operation: Operation, request: CheckedRequest) -> Life:
    """Of a workload that is there, or was."""
    past = state.life.past(_identity(operation, request))
    if past is not None and state.rights.seen(operation, [past.record]):
        return past
    return state.life.of(_record(state, operation, request))


def _record(state: State, operation: Operation, request: CheckedRequest) -> Record:
    collection = operation.path.partition("/{")[0]
    return state.store.find(state.resources[collection], _identity(operation, request))


def _identity(operation: Operation, request: CheckedRequest) -> Any:
    _, _, rest = operation.path.partition("/{")
    return request.path_parameters[rest.partition("}")[0]]


_PARTS: Mapping[tuple[str, str], Callable[[State, Operation, CheckedRequest], Content]] = {
    ("POST", "suspend"): _suspend,
    ("POST", "resume"): _resume,
    ("GET", "events"): _events,
    ("GET", "history"): _history,
    ("GET", "pods"): _pods,
    ("GET", "metrics"): _metrics,
    ("GET", "pods/{podId}/metrics"): _pod_metrics,
}
