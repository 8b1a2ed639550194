"""What metrics measure of clusters, node pools, departments and projects, at each time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from runai.testing.state import organization
from runai.testing.state.nodes import Capacity
from runai.testing.state.series import seconds
from runai.testing.state.store import Record
from runai.testing.state.usage import (
    Amount,
    Usage,
    cores,
    gpus,
    memory,
    of_pods,
    sums,
    usable_cores,
    usable_memory,
)

NOWHERE = Capacity(0, 0, 0, 0)
"""What there is where no nodes are."""


@dataclass(frozen=True)
class Measured:
    """What is measured."""

    usage: Usage
    owners: Sequence[Record]
    """Whose quotas count: projects, or a department."""
    node_pool: str | None
    """Whose part of the quotas it is; None for all."""
    capacity: Capacity | None
    """None for what has no nodes of its own: that uses a part of what is allocated to it."""
    groups: Sequence[Mapping[str, str]] = ()


def _quota(kind: str) -> Callable[[Measured], list[float]]:
    """What owners deserve, from when they were created."""

    def level(scope: Measured) -> list[float]:
        parts = [
            (
                seconds(owner.own["createdAt"]),
                None,
                organization.owned([owner], kind, scope.node_pool),
            )
            for owner in scope.owners
        ]
        return sums(parts, scope.usage.times)

    return level


def _allocated(amount: Amount, unit: float = 1.0) -> Callable[[Measured], list[float]]:
    return lambda scope: [value / unit for value in scope.usage.allocated(amount)]


def _of_nodes(of: Callable[[Capacity], float]) -> Callable[[Measured], list[float]]:
    return lambda scope: [of(scope.capacity or NOWHERE)] * len(scope.usage.times)


def _unallocated(scope: Measured) -> list[float]:
    total = (scope.capacity or NOWHERE).gpus
    return [max(0.0, round(total - value, 6)) for value in scope.usage.allocated(gpus)]


def _utilization(
    metric: str, amount: Amount, of: Callable[[Capacity], float]
) -> Callable[[Measured], list[float]]:
    """In percent: of what the nodes have, or of what is allocated where they are others' too."""

    def level(scope: Measured) -> list[float]:
        used = scope.usage.used(metric, amount)
        if scope.capacity is None:
            wholes = scope.usage.allocated(amount)
        else:
            wholes = [of(scope.capacity)] * len(used)
        # CPUs are asked for without an end.
        return [
            min(100.0, round(100 * part / whole, 3)) if whole else 0.0
            for part, whole in zip(used, wholes)
        ]

    return level


LEVELS: Mapping[str, Callable[[Measured], list[float]]] = {
    "TOTAL_GPU_NODES": _of_nodes(lambda nodes: nodes.nodes),
    "TOTAL_GPU": _of_nodes(lambda nodes: nodes.gpus),
    "ALLOCATED_GPU": _allocated(gpus),
    "UNALLOCATED_GPU": _unallocated,
    "GPU_UTILIZATION": _utilization("GPU_UTILIZATION", gpus, lambda nodes: nodes.gpus),
    "GPU_MEMORY_UTILIZATION": _utilization(
        "GPU_MEMORY_USAGE_BYTES", gpus, lambda nodes: nodes.gpus
    ),
    "CPU_UTILIZATION": _utilization(
        "CPU_USAGE_CORES", of_pods(usable_cores), lambda nodes: nodes.cores
    ),
    "CPU_MEMORY_UTILIZATION": _utilization(
        "CPU_MEMORY_USAGE_BYTES", of_pods(usable_memory), lambda nodes: nodes.memory
    ),
    "AVG_WORKLOAD_WAIT_TIME": lambda scope: scope.usage.waited(),
    "WORKLOADS_COUNT": lambda scope: scope.usage.running(),
    "GPU_QUOTA": _quota("gpu"),
    "CPU_QUOTA_MILLICORES": _quota("cpu"),
    "CPU_MEMORY_QUOTA_MB": _quota("memory"),
    "GPU_ALLOCATION": _allocated(gpus),
    "CPU_ALLOCATION_MILLICORES": _allocated(of_pods(cores), 1e-3),
    "CPU_MEMORY_ALLOCATION_MB": _allocated(of_pods(memory), 1e6),
}
