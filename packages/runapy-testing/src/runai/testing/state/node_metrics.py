"""Metrics of a node: they follow from the workloads that ran on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from runai.testing.state.gpu_slots import Part, Slots, slots
from runai.testing.state.nodes import CORES, MEMORY, Node
from runai.testing.state.quantities import BYTES_OF_GPU
from runai.testing.state.series import Series, samples, seconds, share
from runai.testing.state.usage import Usage, seed_of, usable_cores, usable_memory
from runai.testing.state.workload_log import Life
from runai.testing.state.workload_pods import placed_requests
from runai.testing.state.workload_resources import PodRequest

_PER_GPU = "_PER_GPU"
# What workloads call it, where it is not the same name.
_OWN_METRICS = {"GPU_MEMORY_UTILIZATION": "GPU_MEMORY_USAGE_BYTES"}


def node_series(
    types: Sequence[str],
    node: Node,
    cluster: Sequence[Node],
    lives: Iterable[Life],
    times: Sequence[float],
) -> list[Series]:
    """The series of a node's metrics.

    Args:
        types: the metrics that are asked for.
        node: that they are of.
        cluster: all nodes of its cluster.
        lives: of the cluster's workloads.
        times: of the samples, in order.
    """
    measured = _Measured(node, cluster, Usage(lives, times))
    return [series for metric in types for series in measured.series(metric)]


class _Measured:
    """What there is to measure of a node, at each time."""

    def __init__(self, node: Node, cluster: Sequence[Node], usage: Usage) -> None:
        self._node = node
        self._usage = usage
        self._times = usage.times
        known: dict[tuple[int, ...], Slots] = {}
        self._slots: list[Sequence[Sequence[Part]]] = []
        for time in usage.times:
            running = [run for run in usage.runs if run.life.request.gpus and run.is_on(time)]
            key = tuple(run.life.number for run in running)
            if key not in known:
                known[key] = slots(cluster, [run.life for run in running])
            self._slots.append(known[key][node.place])

    def series(self, metric: str) -> Iterator[Series]:
        """The series of a metric: one, or one for each GPU."""
        if metric.endswith(_PER_GPU):
            for gpu in range(self._node.gpus):
                values = self._of_gpu(metric[: -len(_PER_GPU)], gpu)
                labels = {"gpu": str(gpu)}
                yield {"type": metric, "labels": labels, "values": samples(values, self._times)}
            return
        yield {"type": metric, "values": samples(self._of_node(metric), self._times)}

    def _of_node(self, metric: str) -> list[float]:
        if metric.startswith("CPU_MEMORY"):
            used = self._usage.used("CPU_MEMORY_USAGE_BYTES", self._here(usable_memory))
            return _in_unit(metric, used, MEMORY)
        if metric.startswith("CPU"):
            return _in_unit(
                metric, self._usage.used("CPU_USAGE_CORES", self._here(usable_cores)), CORES
            )
        gpus = [self._of_gpu(metric, gpu) for gpu in range(self._node.gpus)]
        totals = [0.0] * len(self._times)
        for values in gpus:
            totals = [total + value for total, value in zip(totals, values)]
        if _unit_of(metric) == 100:
            return [round(total / max(1, len(gpus)), 3) for total in totals]
        return totals

    def _of_gpu(self, metric: str, gpu: int) -> list[float]:
        unit, digits = _unit_of(metric), 3 if _unit_of(metric) == 100 else 0
        values = []
        for time, gpus in zip(self._times, self._slots):
            parts = gpus[gpu]
            if metric == "GPU_ALLOCATION":
                values.append(round(_allocated(parts), 6))
            elif metric == "GPU_MEMORY_ALLOCATION_BYTES":
                values.append(round(_allocated(parts) * BYTES_OF_GPU))
            elif metric == "GPU_IDLE_TIME_SECONDS":
                values.append(0.0 if parts else round(time - self._left(time), 3))
            else:
                own = _OWN_METRICS.get(metric, metric)
                used = sum(part.share * share(seed_of(own, part.life), time) for part in parts)
                values.append(round(unit * used, digits))
        return values

    def _left(self, time: float) -> float:
        """When the last pod with GPUs left the node, or the node came."""
        ends = (
            run.attempt.stopped
            for run in self._usage.runs
            if run.life.request.gpus and self._here(lambda pod: 1)(run.life)
        )
        created = min(time, seconds(self._node.cluster.own["createdAt"]))
        return max((end for end in ends if end is not None and end <= time), default=created)

    def _here(self, amount: Callable[[PodRequest], float]) -> Callable[[Life], float]:
        """What a workload has of a resource on this node."""
        return lambda life: sum(
            amount(replace(pod, count=1))
            for pod, _, place in placed_requests(life)
            if place == self._node.place
        )


def _in_unit(metric: str, used: Iterable[float], whole: float) -> list[float]:
    # CPUs are asked for without an end.
    parts = [min(value, whole) for value in used]
    if metric.endswith("UTILIZATION"):
        return [round(100 * part / whole, 3) for part in parts]
    return [round(part, 6) for part in parts]


def _allocated(parts: Iterable[Part]) -> float:
    return sum(part.share for part in parts)


def _unit_of(metric: str) -> float:
    """What the whole of a GPU is in a metric."""
    if "OOMKILL" in metric:
        return 0.0
    if metric == "GPU_MEMORY_USAGE_BYTES":
        return BYTES_OF_GPU
    if "BANDWIDTH" in metric and "UTILIZATION" not in metric:
        return 1e9
    return 100.0
