"""What telemetry sums up of nodes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from runai.testing.request_check import CheckedRequest
from runai.testing.specification import Operation
from runai.testing.state import organization
from runai.testing.state.gpu_slots import Part, slots
from runai.testing.state.groups import Item, Label
from runai.testing.state.node_answers import seen_nodes
from runai.testing.state.nodes import CORES, MEMORY, Node
from runai.testing.state.quantities import BYTES_OF_GPU
from runai.testing.state.series import share
from runai.testing.state.usage import seed_of, usable_cores, usable_memory
from runai.testing.state.workload_facts import NODE_POOL
from runai.testing.state.workload_log import RUNNING, Life
from runai.testing.state.workload_pods import placed_requests
from runai.testing.state.workload_resources import PodRequest

if TYPE_CHECKING:
    from runai.testing.state.state import State


class _Pod(NamedTuple):
    life: Life
    request: PodRequest


class _Load(NamedTuple):
    """A node, and what has its resources."""

    node: Node
    parts: Sequence[Part]
    """Of its GPUs."""
    pods: Sequence[_Pod]
    now: float


def node_items(state: State, operation: Operation, request: CheckedRequest) -> Iterator[Item]:
    """What every node that is asked for adds to the sum.

    Args:
        state: that has the nodes.
        operation: that asks for them.
        request: its filters, and what it asks for.
    """
    amount = _AMOUNTS[request.query["telemetryType"]]
    if request.query.get("nodepoolName", NODE_POOL) != NODE_POOL:
        return
    holding: dict[str, list[Life]] = defaultdict(list)
    for life in state.life.lives():
        if life.holds:
            holding[organization.cluster_of(life)].append(life)
    by_cluster: dict[str, list[Node]] = defaultdict(list)
    for node in seen_nodes(state, operation):
        by_cluster[node.cluster_id].append(node)
    for identity, nodes in by_cluster.items():
        if str(request.query.get("clusterId", identity)) == identity:
            for load in _loads(nodes, holding[identity], state.clock()):
                yield Item(float(amount(load)), _labels(load.node))


def _loads(nodes: Sequence[Node], lives: Sequence[Life], now: float) -> Iterator[_Load]:
    pods: dict[int, list[_Pod]] = defaultdict(list)
    for life in lives:
        for request, _, place in placed_requests(life):
            pods[place].append(_Pod(life, request))
    for node, gpus in zip(nodes, slots(nodes, lives)):
        parts = [part for gpu in gpus for part in gpu]
        yield _Load(node, parts, pods[node.place], now)


def _labels(node: Node) -> dict[str, Label]:
    return {
        "ClusterId": Label(node.cluster_id, str(node.cluster.name)),
        "Nodepool": Label(NODE_POOL),
        "Node": Label(node.name),
    }


def _gpus(load: _Load) -> float:
    return load.node.gpus


def _gpu_nodes(load: _Load) -> float:
    return load.node.gpus > 0


def _allocated(load: _Load) -> float:
    return sum(part.share for part in load.parts)


def _idle(load: _Load) -> float:
    """GPUs of what does not run yet, or any more."""
    return sum(part.share for part in load.parts if part.life.phase != RUNNING)


def _used_gpu_memory(load: _Load) -> float:
    used = (
        part.share * share(seed_of("GPU_MEMORY_USAGE_BYTES", part.life), load.now)
        for part in load.parts
        if part.life.phase == RUNNING
    )
    return round(BYTES_OF_GPU * sum(used))


def _requested(amount: Callable[[PodRequest], float]) -> Callable[[_Load], float]:
    return lambda load: sum(amount(pod.request) for pod in load.pods)


def _used(
    metric: str, amount: Callable[[PodRequest], float], whole: float
) -> Callable[[_Load], float]:
    def used(load: _Load) -> float:
        parts = (
            amount(pod.request) * share(seed_of(metric, pod.life), load.now)
            for pod in load.pods
            if pod.life.phase == RUNNING
        )
        return min(whole, sum(parts))

    return used


_AMOUNTS: Mapping[str, Callable[[Any], float]] = {
    "READY_GPU_NODES": _gpu_nodes,
    "TOTAL_GPU_NODES": _gpu_nodes,
    "FULLY_FREE_GPU_NODES": lambda load: load.node.gpus > 0 and not load.parts,
    "READY_GPUS": _gpus,
    "TOTAL_GPUS": _gpus,
    "ALLOCATED_GPUS": _allocated,
    "IDLE_ALLOCATED_GPUS": _idle,
    "FREE_GPUS": lambda load: load.node.gpus - _allocated(load),
    "TOTAL_GPU_MEMORY_BYTES": lambda load: load.node.gpus * BYTES_OF_GPU,
    "USED_GPU_MEMORY_BYTES": _used_gpu_memory,
    "TOTAL_CPU_CORES": lambda load: CORES,
    "ALLOCATED_CPU_CORES": _requested(lambda pod: pod.cpu),
    "USED_CPU_CORES": _used("CPU_USAGE_CORES", usable_cores, CORES),
    "TOTAL_CPU_MEMORY_BYTES": lambda load: MEMORY,
    "ALLOCATED_CPU_MEMORY_BYTES": _requested(lambda pod: pod.memory),
    "USED_CPU_MEMORY_BYTES": _used("CPU_MEMORY_USAGE_BYTES", usable_memory, MEMORY),
}
