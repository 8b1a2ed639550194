"""Workloads as they are listed, counted and got: the deleted ones, and totals of the moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runai.testing.answers import JSON
from runai.testing.contents import Content, Handler
from runai.testing.queries import select, total
from runai.testing.request_check import CheckedRequest
from runai.testing.specification import Operation
from runai.testing.state.listings import table_of
from runai.testing.state.paths import WORKLOADS
from runai.testing.state.workload_facts import totals
from runai.testing.state.workload_log import PENDING, RUNNING

if TYPE_CHECKING:
    from runai.testing.state.state import State

_COUNT = f"{WORKLOADS}/count"
_ITEM = f"{WORKLOADS}/{{workloadId}}"
_GROWING = (PENDING, RUNNING)
_TOTAL = "totalRunningTimeSeconds"
_TOTALS = (_TOTAL, "totalPendingTimeSeconds")


def told(state: State, operation: Operation, usual: Handler) -> Handler:
    """Carries out an operation on workloads of any kind; gives `usual` back for every other.

    Args:
        state: that has the workloads.
        operation: of the specification.
        usual: knows records alone.
    """
    if operation.method != "GET" or operation.path not in (WORKLOADS, _COUNT, _ITEM):
        return usual

    def carry_out(operation: Operation, request: CheckedRequest) -> Content:
        if request.query.get("deleted") is True:
            return _deleted(state, operation, request)
        if _asks_for_totals(request):
            _write_totals(state)
        content = usual(operation, request)
        return content._replace(value=_current(state, content.value))

    return carry_out


def _deleted(state: State, operation: Operation, request: CheckedRequest) -> Content:
    """The page or the count of deleted workloads that is asked for."""
    schemas, rendering = state.specification.response_schemas, state.rendering
    schema = operation.answer_schemas[JSON]
    listing = _listing(state)
    items = schemas.resolved(schemas.resolved(listing)["properties"]["workloads"])["items"]
    records = state.rights.seen(operation, [life.record for life in state.life.gone()])
    table = table_of(records, items, rendering)
    if operation.path == _COUNT:
        counted = {"count": total(table, operation, request.query)}
        return Content(rendering.render(schema, counted, {}))
    selection = select(table, operation, request.query)
    envelope = rendering.envelope(schema, "workloads", {"next": selection.next})
    return Content({**envelope, "workloads": selection.records})


def _listing(state: State) -> Any:
    """The schema of the list."""
    return state.specification.by_place[WORKLOADS, "GET"].answer_schemas[JSON]


def _asks_for_totals(request: CheckedRequest) -> bool:
    asked = [str(request.query.get("sortBy")), *map(str, request.query.get("filterBy") or ())]
    return any(each.startswith(_TOTALS) for each in asked)


def _write_totals(state: State) -> None:
    """Bring the totals of all records up to now, which costs their forms: only if need be."""
    now = state.clock()
    for life in state.life.lives():
        if life.phase in _GROWING:
            current = totals(life, now)
            if not current.items() <= life.record.own.items():
                life.record.own.update(current)
                life.record.changed()


def _current(state: State, shown: Any) -> Any:
    """What is shown of workloads, with the totals of now: the forms of records have older ones."""
    if "workloads" in shown:
        return {**shown, "workloads": [_current(state, each) for each in shown["workloads"]]}
    if _TOTAL not in shown or shown["phase"] not in _GROWING:
        return shown
    return {**shown, **totals(state.life.with_id(shown["id"]), state.clock())}
