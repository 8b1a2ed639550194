"""Series of measurements: they follow from when a workload, or one of its pods, ran."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from runai.testing.answers import Refusal, shortened
from runai.testing.clock import timestamp
from runai.testing.state.quantities import BYTES_OF_GPU, quantity, quantity_bytes
from runai.testing.state.workload_log import PENDING
from runai.testing.state.workload_pods import Pod

_USUAL_SAMPLES = 20
_WAVE_SECONDS = 300.0
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


def sample_times(query: Mapping[str, Any]) -> list[float]:
    """When the samples are that a query asks for: the first at its start, the last at its end.

    Raises:
        Refusal: 400 where it ends before it starts.
    """
    start, end = _seconds(query["start"]), _seconds(query["end"])
    if end < start:
        raise Refusal(
            400,
            "The end of the series is before its start",
            [f"query parameter end: {shortened(query['end'])} is before {query['start']!r}"],
        )
    count = int(query.get("numberOfSamples", _USUAL_SAMPLES))
    step = (end - start) / (count - 1) if count > 1 else 0.0
    return [start + step * number for number in range(count)]


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


def table(series: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows of a table with the series: one for each sample."""
    labels = dict.fromkeys(name for each in series for name in each.get("labels", ()))
    return [
        {"type": each["type"], **labels, **each.get("labels", {}), **sample}
        for each in series
        for sample in each["values"]
    ]


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
    values = ((time, level(_measured(seed, pods, time))) for time in times)
    if metric in _DIVIDED and parts > 1:
        values = ((time, round(value / parts)) for time, value in values)
    return [{"value": f"{value:.15g}", "timestamp": timestamp(time)} for time, value in values]


def _histogram(
    metric: str, pods: Sequence[Pod], kind: str, times: Sequence[float]
) -> dict[str, Any]:
    level = _level_of(metric, kind)
    values = [
        {
            "timestamp": timestamp(time),
            "data": {
                name: f"{level(_measured(metric, pods, time)) * factor:.15g}"
                for name, factor in (("p50", 1), ("p90", 1.5), ("p99", 2))
            },
        }
        for time in times
    ]
    return {"type": metric, "values": values}


def _measured(seed: str, pods: Sequence[Pod], time: float) -> _Measured:
    running = [pod for pod in pods if _is_running(pod, time)]
    waiting = [pod for pod in pods if _is_waiting(pod, time)]
    hashed = zlib.crc32(f"{seed}-{pods[0].name if pods else ''}".encode())
    turn = 2 * math.pi * (time / _WAVE_SECONDS + hashed % 100 / 100)
    share = round(0.55 + hashed % 30 / 100 + 0.1 * math.sin(turn), 5)
    return _Measured(running, len(waiting), sum(pod.request.gpus for pod in running), share)


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
    # What asks for no core uses some of one nevertheless.
    return round(measured.share * sum(pod.request.cpu or 0.1 for pod in measured.pods), 6)


def _memory_usage(measured: _Measured) -> float:
    usual = quantity_bytes("256Mi")
    return round(measured.share * sum(pod.request.memory or usual for pod in measured.pods))


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


def _seconds(text: str) -> float:
    """A time as RFC 3339 writes it, in seconds since the epoch."""
    # Python before 3.11 reads neither Z nor every length of fractions.
    minute = datetime.fromisoformat(f"{text[:10]}T{text[11:16]}+00:00")
    rest = text[17:].rstrip("zZ")
    seconds, sign, offset = next(
        (rest.partition(sign) for sign in "+-" if sign in rest), (rest, "", "")
    )
    ahead = 60 * (60 * int(offset[:2]) + int(offset[3:])) if sign else 0
    whole = minute.timestamp() + float(seconds)
    return whole + ahead if sign == "-" else whole - ahead
