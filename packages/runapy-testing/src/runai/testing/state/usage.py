"""What workloads had and used, at the times of samples or now."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Callable, NamedTuple

from runai.testing.state.quantities import quantity_bytes
from runai.testing.state.series import share
from runai.testing.state.workload_log import PENDING, Attempt, Life, attempts
from runai.testing.state.workload_resources import PodRequest

Amount = Callable[[Life], float]
"""Of one resource, what a workload asks for."""

_USUAL_CORES = 0.1
_USUAL_MEMORY = quantity_bytes("256Mi")


def gpus(life: Life) -> float:
    """GPUs of all pods."""
    return life.request.gpus


def of_pods(amount: Callable[[PodRequest], float]) -> Amount:
    """The sum of what all pods ask for."""
    return lambda life: sum(pod.count * amount(pod) for pod in life.request.pods)


def cores(pod: PodRequest) -> float:
    """CPU cores of a pod."""
    return pod.cpu


def memory(pod: PodRequest) -> float:
    """Bytes of a pod's CPU memory."""
    return pod.memory


def usable_cores(pod: PodRequest) -> float:
    """CPU cores of a pod; what asks for none uses some of one nevertheless."""
    return pod.cpu or _USUAL_CORES


def usable_memory(pod: PodRequest) -> float:
    """Bytes of a pod's CPU memory; what asks for none uses some nevertheless."""
    return pod.memory or _USUAL_MEMORY


def seed_of(metric: str, life: Life) -> str:
    """The seed of a workload's own series of a metric: it is named like its first pod."""
    return f"{metric}-{life.record.own['name']}-{life.request.pods[0].role}-0"


def sums(parts: Iterable[tuple[float, float | None, float]], times: Sequence[float]) -> list[float]:
    """The sum at each time of amounts that count from a start to an end.

    Args:
        parts: start, end and amount; an end that is None is not there yet.
        times: in order.
    """
    changes = [0.0] * (len(times) + 1)
    for start, end, amount in parts:
        changes[bisect_left(times, start)] += amount
        if end is not None:
            changes[bisect_left(times, end)] -= amount
    # Portions of GPUs are sums of floats.
    return [round(value, 6) for value in accumulate(changes[:-1])]


class Run(NamedTuple):
    """One time that a workload had pods, and they ran."""

    life: Life
    attempt: Attempt
    started: float

    def is_on(self, time: float) -> bool:
        """Whether it ran at a time."""
        stopped = self.attempt.stopped
        return self.started <= time and (stopped is None or time < stopped)


class Usage:
    """What workloads had and used at the times of samples.

    Args:
        lives: of the workloads.
        times: of the samples, in order.
    """

    def __init__(self, lives: Iterable[Life], times: Sequence[float]) -> None:
        self.times = times
        self.lives = list(lives)
        self.runs = [
            Run(life, attempt, attempt.started)
            for life in self.lives
            for attempt in attempts(life.log)
            if attempt.started is not None
        ]

    def waiting(self) -> list[float]:
        """How many workloads waited for their resources, or for their pods to start."""
        waits = (
            (attempt.created, _start_of(attempt), 1)
            for life in self.lives
            for attempt in attempts(life.log)
        )
        return sums(waits, self.times)

    def running(self) -> list[float]:
        """How many workloads ran."""
        return sums(((run.started, run.attempt.stopped, 1) for run in self.runs), self.times)

    def waited(self) -> list[float]:
        """How long those that ran had waited for their resources, in seconds on average."""
        waits = [
            (run.started, run.attempt.stopped, run.started - run.attempt.created)
            for run in self.runs
        ]
        counts = self.running()
        return [
            round(total / count, 3) if count else 0.0
            for total, count in zip(sums(waits, self.times), counts)
        ]

    def allocated(self, amount: Amount) -> list[float]:
        """What those that ran had of a resource."""
        parts = ((run.started, run.attempt.stopped, amount(run.life)) for run in self.runs)
        return sums(parts, self.times)

    def used(self, metric: str, amount: Amount) -> list[float]:
        """What they used of it: the sum of what their own series of the metric say."""
        totals = [0.0] * len(self.times)
        for run in self.runs:
            part, stopped = amount(run.life), run.attempt.stopped
            if not part:
                continue
            seed = seed_of(metric, run.life)
            end = len(totals) if stopped is None else bisect_left(self.times, stopped)
            for position in range(bisect_left(self.times, run.started), end):
                totals[position] += part * share(seed, self.times[position])
        return totals


def _start_of(attempt: Attempt) -> float | None:
    """When it waited no more; None while it does."""
    if attempt.started is not None:
        return attempt.started
    return None if attempt.outcome == PENDING else attempt.since
