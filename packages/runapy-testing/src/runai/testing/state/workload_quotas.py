"""Which workloads get the GPUs they ask for, and which wait for them."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Dict, NamedTuple, Tuple

from runai.testing.state.quota_sums import QuotaSums
from runai.testing.state.workload_log import Lack, Life
from runai.testing.state.workload_requests import WorkloadRequest

# Portions of GPUs are sums of floats.
_SLACK = 1e-6
_Key = Tuple[str, str]
# A sum, what it is the sum of, and what was added to it.
_Entry = Tuple[Dict[_Key, float], _Key, float]
_Group = Tuple[str, str, float, bool, int]


class Quota(NamedTuple):
    """What a project or a department may have."""

    kind: str
    id: str
    name: str
    deserved: float | None
    """None without limit."""
    limit: float | None
    """What preemptible workloads may have beyond it, at most; None without limit."""
    lends: bool
    """Whether preemptible workloads may have more than is deserved."""


class _Shortage(NamedTuple):
    quota: Quota | None
    """None where it is the cluster that has not enough."""
    bound: str
    used: float
    most: float


class Allotments:
    """Allots GPUs: the highest priority first, and of equals who came first.

    What fits does not wait for what does not, and nothing is preempted for the sake of another.
    What a project and its department deserve bounds the workloads that may not be preempted. It
    bounds the others too, unless their resources have an `overQuotaWeight` above 0; `limit` bounds
    all. The GPUs of a cluster bound what is left.

    Args:
        quotas: gives what bounds a workload's project and department.
        capacity: gives the GPUs of each cluster.
    """

    def __init__(
        self, quotas: Callable[[WorkloadRequest], Sequence[Quota]], capacity: Callable[[], float]
    ) -> None:
        self._read_quotas = quotas
        self._known_quotas: dict[str, Sequence[Quota]] = {}
        self._capacity = capacity
        self.sums = QuotaSums()
        self._used: dict[_Key, float] = defaultdict(float)
        # The part that may not be preempted.
        self._firm: dict[_Key, float] = defaultdict(float)
        self._held: dict[int, list[_Entry]] = {}
        self._waiters: dict[int, Life] = {}
        # Their numbers, each among its equals; numbers of those that wait no more stay a while.
        self._groups: dict[_Group, list[int]] = {}

    def forget_quotas(self) -> None:
        """Read the quotas again where they are needed: they may have changed."""
        self._known_quotas.clear()

    def lack(self, request: WorkloadRequest) -> Lack | None:
        """What a workload would have to wait for; None if there is enough."""
        shortage = self._shortage(request)
        return None if shortage is None else _described(shortage, request)

    def take(self, life: Life) -> None:
        """Give a workload what it asks for."""
        request, gpus = life.request, life.request.gpus
        entries: list[_Entry] = [(self._used, ("cluster", request.cluster), gpus)]
        for quota in self._quotas(request):
            key = quota.kind, quota.id
            entries.append((self._used, key, gpus))
            if not request.preemptible:
                entries.append((self._firm, key, gpus))
        self._held[life.number] = entries
        for sums, key, amount in entries:
            sums[key] = round(sums[key] + amount, 6)
        life.holds = True
        self._waiters.pop(life.number, None)
        self._count(life)

    def give_back(self, life: Life) -> None:
        """Take back what a workload has, and let it wait no more."""
        self._waiters.pop(life.number, None)
        life.holds = False
        self.sums.forget(life)
        # Quotas may have changed since.
        for sums, key, amount in self._held.pop(life.number, ()):
            sums[key] = round(sums[key] - amount, 6)

    def wait(self, life: Life) -> None:
        """Let a workload wait until there is enough for it."""
        self._waiters[life.number] = life
        self._count(life)
        heapq.heappush(self._groups.setdefault(_group_of(life), []), life.number)

    def served(self) -> Iterator[Life]:
        """The waiting workloads that there is enough for by now, after each got it."""
        while True:
            first: Life | None = None
            for group in list(self._groups):
                head = self._head(group)
                if head is None or (first is not None and _order(first) < _order(head)):
                    continue
                if self._shortage(head.request) is None:
                    first = head
            if first is None:
                return
            self.take(first)
            yield first

    def waiting(self, owner: tuple[str, str] | None = None) -> list[Life]:
        """The workloads that wait.

        Args:
            owner: project or department, and its id: of which they are; None for all.
        """
        return [
            life
            for life in self._waiters.values()
            if owner is None or owner in self._owners(life.request)
        ]

    def _quotas(self, request: WorkloadRequest) -> Sequence[Quota]:
        known = self._known_quotas.get(request.project)
        if known is None:
            known = self._known_quotas[request.project] = self._read_quotas(request)
        return known

    def _count(self, life: Life) -> None:
        self.sums.count(life, self._owners(life.request))

    def _owners(self, request: WorkloadRequest) -> list[tuple[str, str]]:
        return [(quota.kind, quota.id) for quota in self._quotas(request)]

    def _head(self, group: _Group) -> Life | None:
        """Who of equals waits the longest."""
        numbers = self._groups[group]
        while numbers:
            life = self._waiters.get(numbers[0])
            if life is not None and _group_of(life) == group:
                return life
            heapq.heappop(numbers)
        del self._groups[group]
        return None

    def _shortage(self, request: WorkloadRequest) -> _Shortage | None:
        gpus = request.gpus
        if gpus <= 0:
            return None
        for quota in self._quotas(request):
            key = quota.kind, quota.id
            if quota.limit is not None and self._used[key] + gpus > quota.limit + _SLACK:
                return _Shortage(quota, "limit", self._used[key], quota.limit)
            if quota.deserved is None or (request.preemptible and quota.lends):
                continue
            used = (self._firm if quota.lends else self._used)[key]
            if used + gpus > quota.deserved + _SLACK:
                return _Shortage(quota, "quota", used, quota.deserved)
        used, capacity = self._used["cluster", request.cluster], self._capacity()
        if used + gpus > capacity + _SLACK:
            return _Shortage(None, "capacity", used, capacity)
        return None


def named(gpus: float) -> str:
    """A number of GPUs in words."""
    return "1 GPU" if gpus == 1 else f"{gpus:g} GPUs"


def _described(shortage: _Shortage, request: WorkloadRequest) -> Lack:
    quota = shortage.quota
    owner = f"{quota.kind} {quota.name}" if quota is not None else "the cluster"
    message = (
        f"waits for {named(request.gpus)}: {shortage.used:g} of {owner}'s {shortage.bound} "
        f"of {shortage.most:g} are in use"
    )
    if quota is None:
        return Lack(message)
    reason = "OverLimit" if shortage.bound == "limit" else None
    if reason is None and not request.preemptible:
        reason = "NonPreemptibleOverQuota"
    return Lack(message, reason, quota.kind.upper())


def _group_of(life: Life) -> _Group:
    request = life.request
    priority = request.priority_number or 0
    return request.cluster, request.project, request.gpus, request.preemptible, priority


def _order(life: Life) -> tuple[int, int]:
    return -(life.request.priority_number or 0), life.number
