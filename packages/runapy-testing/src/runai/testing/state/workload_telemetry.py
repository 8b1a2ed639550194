"""What telemetry sums up of workloads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from runai.testing.request_check import CheckedRequest
from runai.testing.specification import Operation
from runai.testing.state import organization
from runai.testing.state.groups import Item, Label
from runai.testing.state.series import asked
from runai.testing.state.workload_log import PENDING, Life

if TYPE_CHECKING:
    from runai.testing.state.state import State

PENDING_TIME, PENDING_TIMES = "PendingTime", "PENDING_TIME_DISTRIBUTION"
"""What the second is grouped by, whatever else it is grouped by."""
_BUCKETS = {"less than 5m": 300.0, "5m to 1h": 3600.0, "1h to 24h": 86400.0}
_LONGER = "24h or more"


def workload_items(state: State, operation: Operation, request: CheckedRequest) -> Iterator[Item]:
    """What every workload that is asked for adds to the sum.

    Args:
        state: that has the workloads.
        operation: that asks for them.
        request: its filters, and what it asks for.
    """
    kind, now = request.query["telemetryType"], state.clock()
    names = {str(each.id): str(each.name) for each in organization.clusters(state)}
    if kind == PENDING_TIMES and not asked(request, "groupBy"):
        for bucket in (*_BUCKETS, _LONGER):
            yield Item(0.0, {PENDING_TIME: Label(bucket)})
    present = {str(life.record.id): life for life in state.life.lives()}
    records = [life.record for life in present.values()]
    for record in state.rights.seen(operation, records):
        life = present[str(record.id)]
        if not _is_asked(life, request):
            continue
        labels = _labels(life, names)
        if kind != PENDING_TIMES:
            has_gpus = life.request.gpus if life.holds else 0.0
            yield Item(1.0 if kind == "WORKLOADS_COUNT" else has_gpus, labels)
        elif life.phase == PENDING:
            waited = now - life.phases()[-1].time
            bucket = next((name for name, most in _BUCKETS.items() if waited < most), _LONGER)
            yield Item(1.0, {**labels, PENDING_TIME: Label(bucket)})


def _is_asked(life: Life, request: CheckedRequest) -> bool:
    query, phases = request.query, asked(request, "filterByPhases")
    wanted = {
        "clusterId": [organization.cluster_of(life)],
        "departmentId": [organization.department_of(life)],
        "nodepoolName": _node_pools(life) or life.record.own["requestedNodePools"],
    }
    if phases and life.phase not in phases:
        return False
    return all(str(query[name]) in values for name, values in wanted.items() if name in query)


def _labels(life: Life, clusters: Mapping[str, str]) -> dict[str, Label]:
    own, cluster = life.record.own, organization.cluster_of(life)
    department = organization.department_of(life)
    return {
        "ClusterId": Label(cluster, clusters.get(cluster)),
        "DepartmentId": Label(department, own.get("departmentName")),
        "ProjectId": Label(organization.project_of(life), own.get("projectName")),
        "Type": Label(life.request.type),
        "CurrentNodepools": Label(",".join(_node_pools(life))),
        "Phase": Label(life.phase),
        "Category": Label(life.request.category),
    }


def _node_pools(life: Life) -> list[str]:
    found: list[str] = life.record.own["currentNodePools"]
    return found
