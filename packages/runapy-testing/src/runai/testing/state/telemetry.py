"""Telemetry: what there is now, counted and summed by groups."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from runai.testing.answers import Refusal
from runai.testing.clock import timestamp
from runai.testing.contents import Content, Handler
from runai.testing.request_check import CheckedRequest
from runai.testing.specification import Operation
from runai.testing.state.groups import Item, grouped, row
from runai.testing.state.node_telemetry import node_items
from runai.testing.state.paths import DEPARTMENTS, PROJECTS, WORKLOADS
from runai.testing.state.series import asked
from runai.testing.state.unit_telemetry import department_items, project_items
from runai.testing.state.workload_telemetry import PENDING_TIME, PENDING_TIMES, workload_items

if TYPE_CHECKING:
    from runai.testing.state.state import State

_MOST_GROUPS = 2


def handler(state: State, operation: Operation) -> Handler | None:
    """Answers with telemetry; None for every other operation.

    Args:
        state: that has what is counted.
        operation: of the specification.
    """
    items_of = _ITEMS.get(operation.path)
    if items_of is None:
        return None

    def carry_out(op: Operation, request: CheckedRequest) -> Content:
        kind = request.query["telemetryType"]
        now = timestamp(state.clock())
        values = grouped(items_of(state, op, request), _keys(request, kind))
        rows = [{"type": kind, "timestamp": now, **row(value)} for value in values]
        return Content({"type": kind, "timestamp": now, "values": values}, rows=rows)

    return carry_out


def _keys(request: CheckedRequest, kind: str) -> list[str]:
    keys = asked(request, "groupBy")
    if kind == PENDING_TIMES:
        # Which is always grouped by them.
        keys = [PENDING_TIME, *keys]
    if len(keys) > _MOST_GROUPS:
        raise Refusal(
            400,
            f"{kind} cannot be grouped by {', '.join(keys)} at once",
            [f"query parameter groupBy: values have {_MOST_GROUPS} groups at most"],
        )
    return keys


_ITEMS: Mapping[str, Callable[[State, Operation, CheckedRequest], Iterable[Item]]] = {
    f"{WORKLOADS}/telemetry": workload_items,
    "/api/v1/nodes/telemetry": node_items,
    f"{PROJECTS}/telemetry": project_items,
    f"{DEPARTMENTS}/telemetry": department_items,
}
