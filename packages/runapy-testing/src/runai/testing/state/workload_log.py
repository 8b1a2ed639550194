"""The life of one workload: what became of it, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from runai.testing.state.store import Record
from runai.testing.state.workload_requests import WorkloadRequest

CREATING, INITIALIZING, PENDING = "Creating", "Initializing", "Pending"
RUNNING, COMPLETED, FAILED = "Running", "Completed", "Failed"
STOPPING, STOPPED, RESUMING = "Stopping", "Stopped", "Resuming"
DELETING = "Deleting"
"""The phase of what was deleted: the API has no other for it."""
UNSCHEDULABLE = "Unschedulable"
"""The reason of a change to Pending, of a workload that has to wait there."""
_WITH_REVISIONS = "Inference"


class Change(NamedTuple):
    """One thing that happened to a workload."""

    time: float
    phase: str
    """The phase it is in from then on."""
    reason: str
    message: str


class Lack(NamedTuple):
    """Why a workload waits."""

    message: str
    phase_reason: str | None = None
    """As the API calls it; None for what it has no word for."""
    kind: str | None = None
    """Of what the quota is of."""


class Revision(NamedTuple):
    """What was asked for from one change of an inference to the next."""

    created: float
    facts: Mapping[str, Any]
    """Of its workload's record."""
    request: WorkloadRequest


@dataclass
class Life:
    """What became of a workload so far."""

    record: Record
    number: int
    """Of all workloads, in the order of their submission."""
    request: WorkloadRequest
    log: list[Change] = field(default_factory=list)
    due: tuple[float, str] | None = None
    """When it goes on by itself, and to which phase."""
    holds: bool = False
    """Whether its resources are allocated to it."""
    lack: Lack | None = None
    """What it waits for, while it does."""
    ticket: int = 0
    """Of its latest entry among what is due; those before do not count."""
    pods: list[dict[str, Any]] | None = None
    """What was told of its pods; None after a change."""
    revisions: list[Revision] = field(default_factory=list)
    """Of inferences alone, oldest first."""

    @property
    def phase(self) -> str:
        """The phase it is in."""
        return self.log[-1].phase if self.log else CREATING

    @property
    def message(self) -> str:
        """Of the latest change."""
        return self.log[-1].message if self.log else ""

    @property
    def ended(self) -> float | None:
        """When it completed or failed; None if it did not."""
        times = (change.time for change in self.log if change.phase in (COMPLETED, FAILED))
        return next(times, None)

    @property
    def deleted(self) -> float | None:
        """When it was deleted; None while it is there."""
        return self.log[-1].time if self.phase == DELETING else None

    def seconds_in(self, phase: str, until: float) -> float:
        """How long it was in a phase, up to a time that is not before its latest change."""
        ends = [change.time for change in self.log[1:]] + [until]
        return sum(
            end - change.time for change, end in zip(self.log, ends) if change.phase == phase
        )

    def revise(self, now: float) -> None:
        """Take note that there is something else to run, where that makes a revision."""
        if self.request.type == _WITH_REVISIONS:
            self.revisions.append(Revision(now, self.record.facts, self.request))

    def dump(self) -> dict[str, Any]:
        """What became of it, as JSON has it."""
        return {
            "id": str(self.record.id),
            "number": self.number,
            "log": [list(change) for change in self.log],
            "due": self.due,
            "holds": self.holds,
            "revisions": [[each.created, each.facts] for each in self.revisions],
        }

    def dump_with_record(self) -> dict[str, Any]:
        """The same with its record, of which nothing else keeps track."""
        record = self.record
        whole = {"collection": record.collection, "facts": record.facts, "own": record.own}
        return {**self.dump(), **whole}

    def phases(self) -> list[Change]:
        """The changes of phase, without what happened in between."""
        before = [""] + [change.phase for change in self.log]
        return [change for change, last in zip(self.log, before) if change.phase != last]


class Attempt(NamedTuple):
    """One time that a workload had pods: from waiting for resources until it ended or stopped."""

    created: float
    started: float | None
    stopped: float | None
    """When it did not run any more."""
    outcome: str
    """The phase that it is in, or ended with."""
    since: float
    """When it came into that phase."""


def attempts(log: Sequence[Change]) -> list[Attempt]:
    """The times that a workload had pods, in order."""
    found: list[Attempt] = []
    is_open = False
    for change in log:
        if change.phase == PENDING and not is_open:
            found.append(Attempt(change.time, None, None, PENDING, change.time))
            is_open = True
        elif is_open and change.phase != found[-1].outcome:
            found[-1] = _continued(found[-1], change)
            is_open = change.phase not in (STOPPED, COMPLETED, FAILED, DELETING)
    return found


def _continued(attempt: Attempt, change: Change) -> Attempt:
    attempt = attempt._replace(outcome=change.phase, since=change.time)
    if change.phase == RUNNING:
        return attempt._replace(started=change.time)
    if attempt.started is not None and attempt.stopped is None:
        return attempt._replace(stopped=change.time)
    return attempt
