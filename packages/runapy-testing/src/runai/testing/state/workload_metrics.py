"""Series of measurements: they follow from when a workload, or one of its pods, ran."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from runai.testing.clock import timestamp
from runai.testing.state.quantities import BYTES_OF_GPU, quantity
from runai.testing.state.series import number, samples, share
from runai.testing.state.usage import usable_cores, usable_memory
from runai.testing.state.workload_log import PENDING
from runai.testing.state.workload_pods import Pod

_PER_GPU = "_PER_GPU"
_PERCENTILES = "_PERCENTILES"


class _Measured(NamedTuple):
    """What is measured at one time."""

    pods: Sequence[Pod]
    """Those that run."""
    waiting: int
    """How many pods there are that do not run yet."""
    gpus: float
    share: float
    """Of what is asked for, how much is in use: from 0 to 1, different at any time."""


def measurements(
    types: Sequence[str], pods: Sequence[Pod], kind: str, times: Sequence[float]
) -> dict[str, list[dict[str, Any]]]:
    """The answer's series, and its histograms.

    Values are 0 when nothing runs, and the same for the same question.

    Args:
        types: the metrics that are asked for.
        pods: that are measured.
        kind: the type of their workload.
        times: of the samples.
    """
    found: dict[str, list[dict[str, Any]]] = {"measurements": [], "histogram": []}
    for metric in dict.fromkeys(types):
        if metric.endswith(_PERCENTILES):
            found["histogram"].append(_histogram(metric, pods, kind, times))
        else:
            found["measurements"] += _series(metric, pods, kind, times)
    return found


def _series(
    metric: str, pods: Sequence[Pod], kind: str, times: Sequence[float]
) -> Iterator[dict[str, Any]]:
    if not metric.endswith(_PER_GPU):
        yield {"type": metric, "values": _samples(metric, metric, pods, kind, times)}
        return
    gpus = math.ceil(max((pod.request.gpus for pod in pods), default=0))
    for gpu in range(gpus):
        seed = f"{metric}-{gpu}"
        values = _samples(metric[: -len(_PER_GPU)], seed, pods, kind, times, gpus)
        yield {"type": metric, "labels": {"gpu": str(gpu)}, "values": values}


def _samples(
    metric: str, seed: str, pods: Sequence[Pod], kind: str, times: Sequence[float], parts: int = 1
) -> list[dict[str, Any]]:
    level = _level_of(metric, kind)
    values = (level(_measured(seed, pods, time)) for time in times)
    if metric in _DIVIDED and parts > 1:
        values = (round(value / parts) for value in values)
    return samples(values, times)


def _histogram(
    metric: str, pods: Sequence[Pod], kind: str, times: Sequence[float]
) -> dict[str, Any]:
    level = _level_of(metric, kind)
    values = [
        {
            "timestamp": timestamp(time),
            "data": {
                name: number(level(_measured(metric, pods, time)) * factor)
                for name, factor in (("p50", 1), ("p90", 1.5), ("p99", 2))
            },
        }
        for time in times
    ]
    return {"type": metric, "values": values}


def _measured(seed: str, pods: Sequence[Pod], time: float) -> _Measured:
    running = [pod for pod in pods if _is_running(pod, time)]
    waiting = [pod for pod in pods if _is_waiting(pod, time)]
    used = share(f"{seed}-{pods[0].name if pods else ''}", time)
    return _Measured(running, len(waiting), sum(pod.request.gpus for pod in running), used)


def _is_running(pod: Pod, time: float) -> bool:
    started, stopped = pod.attempt.started, pod.attempt.stopped
    return started is not None and started <= time and (stopped is None or time < stopped)


def _is_waiting(pod: Pod, time: float) -> bool:
    created, started, _, outcome, since = pod.attempt
    if started is not None:
        return created <= time < started
    return created <= time and (outcome == PENDING or time < since)


def _level_of(metric: str, kind: str) -> Callable[[_Measured], float]:
    if metric in _LEVELS:
        return _LEVELS[metric]
    if metric.startswith("NIM_") and kind != "NIMService":
        return lambda measured: 0.0
    if metric.startswith("NIM_") or metric in ("THROUGHPUT", "LATENCY"):
        return lambda measured: round(10 * measured.share) if measured.pods else 0.0
    if "BANDWIDTH" in metric and "UTILIZATION" not in metric:
        return lambda measured: round(measured.share * 1e9) if measured.gpus else 0.0
    return _utilization


def _utilization(measured: _Measured) -> float:
    return round(100 * measured.share, 3) if measured.gpus else 0.0


def _of_compute(name: str) -> Callable[[_Measured], float]:
    return lambda measured: sum(
        quantity(pod.request.compute.get(name) or 0) for pod in measured.pods
    )


def _cpu_usage(measured: _Measured) -> float:
    return round(measured.share * sum(usable_cores(pod.request) for pod in measured.pods), 6)


def _memory_usage(measured: _Measured) -> float:
    return round(measured.share * sum(usable_memory(pod.request) for pod in measured.pods))


_DIVIDED = ("GPU_MEMORY_USAGE_BYTES",)
_LEVELS: Mapping[str, Callable[[_Measured], float]] = {
    "GPU_ALLOCATION": lambda measured: measured.gpus,
    "GPU_MEMORY_REQUEST_BYTES": lambda measured: round(measured.gpus * BYTES_OF_GPU),
    "GPU_MEMORY_USAGE_BYTES": lambda measured: round(measured.share * measured.gpus * BYTES_OF_GPU),
    "CPU_USAGE_CORES": _cpu_usage,
    "CPU_REQUEST_CORES": _of_compute("cpuCoreRequest"),
    "CPU_LIMIT_CORES": _of_compute("cpuCoreLimit"),
    "CPU_MEMORY_USAGE_BYTES": _memory_usage,
    "CPU_MEMORY_REQUEST_BYTES": _of_compute("cpuMemoryRequest"),
    "CPU_MEMORY_LIMIT_BYTES": _of_compute("cpuMemoryLimit"),
    "POD_COUNT": lambda measured: len(measured.pods) + measured.waiting,
    "RUNNING_POD_COUNT": lambda measured: len(measured.pods),
}
