"""Sums of what the workloads of projects and departments ask for, and have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Dict, NamedTuple, Tuple

from runai.testing.state.workload_log import Life

REQUESTED, ALLOCATED = "requested", "allocated"
NOT_PREEMPTIBLE = "allocatedNonPreemptible"
KINDS = ("gpu", "cpu", "memory")
"""Of resources: GPUs, thousandths of cores, megabytes."""
Owner = Tuple[str, str]
"""project or department, and its id."""
Sums = Dict[str, Dict[str, float]]
"""By what is summed up, and the kind of resource."""


class _Entry(NamedTuple):
    """What was added for a workload, and to what."""

    owners: list[Owner]
    names: list[str]
    amounts: Mapping[str, float]


class QuotaSums:
    """Keeps the sums as workloads come to ask for resources, get them, and give them back."""

    def __init__(self) -> None:
        self._sums: dict[Owner, Sums] = {}
        self._entries: dict[int, _Entry] = {}
        self._changed: dict[Owner, None] = {}

    def count(self, life: Life, owners: Iterable[Owner]) -> None:
        """Add what a workload asks for, and has if it holds it, in place of what it did before.

        Args:
            life: of the workload.
            owners: whose sums it is part of.
        """
        self.forget(life)
        names = [REQUESTED]
        if life.holds:
            names += [ALLOCATED] if life.request.preemptible else [ALLOCATED, NOT_PREEMPTIBLE]
        pods = life.request.pods
        amounts = {
            "gpu": life.request.gpus,
            "cpu": 1000 * sum(pod.count * pod.cpu for pod in pods),
            "memory": sum(pod.count * pod.memory for pod in pods) / 1e6,
        }
        entry = self._entries[life.number] = _Entry(list(owners), names, amounts)
        self._add(entry, 1)

    def forget(self, life: Life) -> None:
        """Take away what was added for a workload, if anything was."""
        entry = self._entries.pop(life.number, None)
        if entry is not None:
            self._add(entry, -1)

    def changed(self) -> dict[Owner, Sums]:
        """The sums that have changed since this was asked the last time."""
        found = {owner: self._sums[owner] for owner in self._changed}
        self._changed.clear()
        return found

    def _add(self, entry: _Entry, sign: int) -> None:
        for owner in entry.owners:
            sums = self._sums.setdefault(owner, no_sums())
            self._changed[owner] = None
            for name in entry.names:
                for kind, amount in entry.amounts.items():
                    # Portions of GPUs are sums of floats.
                    sums[name][kind] = round(sums[name][kind] + sign * amount, 6)


def no_sums() -> Sums:
    """Those of what has no workloads."""
    return {name: dict.fromkeys(KINDS, 0.0) for name in (ALLOCATED, NOT_PREEMPTIBLE, REQUESTED)}
