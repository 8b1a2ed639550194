"""What projects and departments say of their quotas: how much of them is asked for, and in use."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from runai.testing.state import organization
from runai.testing.state.paths import DEPARTMENTS, PROJECTS
from runai.testing.state.quota_sums import QuotaSums, Sums, no_sums
from runai.testing.state.scopes import COLLECTIONS
from runai.testing.state.store import Record
from runai.testing.state.workload_facts import NODE_POOL

if TYPE_CHECKING:
    from runai.testing.state.state import State


def begin_quota_status(state: State, record: Record) -> None:
    """Say of a new project or department that nothing is in use; of other records, nothing."""
    if record.collection in (PROJECTS, DEPARTMENTS):
        _write(state, record, no_sums())


def tell_quota_statuses(state: State, sums: QuotaSums) -> None:
    """Put into the records what has changed.

    Args:
        state: that has the projects and departments.
        sums: of their workloads.
    """
    for (kind, identity), each in sums.changed().items():
        record = state.store.get(COLLECTIONS[kind], identity)
        if record is not None:
            _write(state, record, each)


def _write(state: State, record: Record, sums: Sums) -> None:
    status: dict[str, Any] = dict(record.own.get("status") or {})
    status["quotaStatus"] = copy.deepcopy(sums)
    if record.collection == PROJECTS:
        identity = organization.node_pool_id(state, record.facts.get("clusterId"), NODE_POOL)
        in_pool = {"nodePoolName": NODE_POOL, "nodePoolId": identity, **copy.deepcopy(sums)}
        status["nodePoolQuotaStatuses"] = [in_pool]
    record.own["status"] = status
    record.changed()
