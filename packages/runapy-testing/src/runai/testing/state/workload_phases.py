"""The phases of workloads: what comes after what, when, and for whom there are resources."""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from runai.testing.state.quota_status import tell_quota_statuses
from runai.testing.state.store import Record
from runai.testing.state.workload_facts import facts_at_submission, facts_in_phase, quotas_of
from runai.testing.state.workload_log import (
    COMPLETED,
    CREATING,
    DELETING,
    FAILED,
    INITIALIZING,
    PENDING,
    RESUMING,
    RUNNING,
    STOPPED,
    STOPPING,
    UNSCHEDULABLE,
    Change,
    Life,
    Revision,
)
from runai.testing.state.workload_quotas import Allotments, named
from runai.testing.state.workload_submissions import Submissions

if TYPE_CHECKING:
    from runai.testing.state.state import State

PHASE_SECONDS = 1.0
"""How long a workload is in each phase that ends by itself, such as Creating and Stopping."""
ENDS = (COMPLETED, FAILED, STOPPED)
"""The phases in which nothing is allocated to a workload any more."""

_AFTER = {
    CREATING: INITIALIZING,
    INITIALIZING: PENDING,
    RESUMING: PENDING,
    STOPPING: STOPPED,
}
_REASONS = {
    CREATING: "Submitted",
    INITIALIZING: "Created",
    PENDING: "Scheduled",
    RUNNING: "Started",
    COMPLETED: "Completed",
    FAILED: "Failed",
    STOPPING: "Suspended",
    STOPPED: "Stopped",
    RESUMING: "Resumed",
    DELETING: "Deleted",
}


class Phases:
    """Takes lives from phase to phase, each change at its own time.

    What becomes of a workload is written into its record by `tell` alone, once for all changes
    since the last time: a workload may go through all of its phases in one step of the clock.

    Args:
        state: that the workloads are part of.
        running_time: how long trainings run, in seconds.
        cluster_gpus: the GPUs of each cluster.
    """

    def __init__(self, state: State, running_time: float, cluster_gpus: float) -> None:
        self.lives: dict[str, Life] = {}
        self.gone: dict[str, Life] = {}
        """Of workloads that were deleted."""
        self.running_time = running_time
        self.cluster_gpus = cluster_gpus
        self._state = state
        self.submissions = Submissions(state)
        self._due: list[tuple[float, int, str]] = []
        self._untold: dict[int, Life] = {}
        self._number = 0
        self._ticket = 0
        self._allotments = Allotments(
            lambda request: quotas_of(state, request), lambda: self.cluster_gpus
        )

    @property
    def are_due(self) -> bool:
        """Whether anything will change by itself."""
        return bool(self._due)

    def go_on(self, now: float) -> None:
        """Make the changes that are due, in the order of their times."""
        while self._due and self._due[0][0] <= now:
            time, ticket, identity = heapq.heappop(self._due)
            life = self.lives.get(identity)
            if life is not None and life.due is not None and life.ticket == ticket:
                self.enter(life, life.due[1], time)

    def begin(self, record: Record, now: float) -> None:
        """Begin a life; raises Refusal where its request is no good."""
        request = self.submissions.request(record.collection, record.facts)
        self._number += 1
        life = self.lives[str(record.id)] = Life(record, self._number, request)
        record.own.update(facts_at_submission(self._state, life))
        life.revise(now)
        self.enter(life, CREATING, now)

    def enter(self, life: Life, phase: str, now: float, message: str = "") -> None:
        """Let a life come into a phase."""
        reason, due, life.lack = _REASONS[phase], None, None
        if phase == PENDING:
            life.lack = self._allotments.lack(life.request)
            if life.lack is None:
                self._allotments.take(life)
                due = now + PHASE_SECONDS, RUNNING
            else:
                self._allotments.wait(life)
                reason, message = UNSCHEDULABLE, life.lack.message
        elif phase == RUNNING:
            seconds = life.request.running_seconds
            if seconds is None and life.request.ends:
                seconds = self.running_time
            if seconds is not None and math.isfinite(seconds):
                due = now + seconds, COMPLETED
        elif phase in _AFTER:
            due = now + PHASE_SECONDS, _AFTER[phase]
        had = life.holds
        if phase in ENDS or (phase == STOPPING and not had):
            self._allotments.give_back(life)
        self._note(life, Change(now, phase, reason, message), due)
        if had and not life.holds:
            self.serve(now)

    def end(self, record: Record, now: float) -> None:
        """End a life, if the record has one, and keep what became of it."""
        life = self.lives.pop(str(record.id), None)
        if life is not None:
            had = life.holds
            self._allotments.give_back(life)
            life.lack = None
            self._note(life, Change(now, DELETING, _REASONS[DELETING], ""), None)
            self.gone[str(record.id)] = life
            if had:
                self.serve(now)

    def ask_anew(self, life: Life, now: float) -> None:
        """Take note that a workload asks for something else."""
        record = life.record
        request = self.submissions.request(record.collection, record.facts)
        if life.holds:
            # What runs goes on, even where there is not enough for it any more.
            self._allotments.give_back(life)
            life.request = request
            self._allotments.take(life)
        else:
            life.request = request
            if life.phase == PENDING:
                self._allotments.wait(life)
                self._wait_on(life, now)
        life.revise(now)
        life.pods = None
        updated = record.own["updatedAt"]
        record.own.update(facts_at_submission(self._state, life))
        record.own.update(facts_in_phase(life), updatedAt=updated)
        record.changed()

    def serve(self, now: float) -> None:
        """Give resources to who waits for them, where there are some."""
        for life in self._allotments.served():
            life.lack = None
            change = Change(now, PENDING, "Scheduled", f"got {named(life.request.gpus)}")
            self._note(life, change, (now + PHASE_SECONDS, RUNNING))

    def bound_anew(self, now: float, owner: tuple[str, str] | None = None) -> None:
        """Serve and tell those that wait after their bounds have changed.

        Args:
            now: when that was.
            owner: project or department, and its id: whose bounds; None for those of all.
        """
        self._allotments.forget_quotas()
        self.serve(now)
        for life in self._allotments.waiting(owner):
            self._wait_on(life, now)

    def tell(self) -> None:
        """Put into the records what became of their workloads."""
        while self._untold:
            _, life = self._untold.popitem()
            life.record.own.update(facts_in_phase(life))
            life.record.changed()
        tell_quota_statuses(self._state, self._allotments.sums)

    def dump(self) -> dict[str, Any]:
        """The lives, as JSON has them."""
        return {
            "lives": [life.dump() for life in self.lives.values()],
            "gone": [life.dump_with_record() for life in self.gone.values()],
        }

    def restore(self, record: Record, dumped: Mapping[str, Any]) -> None:
        """Go on with one life that was dumped."""
        life = self.lives[str(record.id)] = self._restored(record, dumped)
        if dumped["holds"]:
            self._allotments.take(life)
        elif life.phase == PENDING:
            life.lack = self._allotments.lack(life.request)
            self._allotments.wait(life)
        if dumped["due"] is not None:
            self._go_on_at(life, *dumped["due"])

    def restore_gone(self, dumped: Mapping[str, Any]) -> None:
        """Keep a life that had ended when it was dumped."""
        record = Record(dumped["collection"], dumped["id"], dumped["facts"], dumped["own"])
        self.gone[str(record.id)] = self._restored(record, dumped)

    def _restored(self, record: Record, dumped: Mapping[str, Any]) -> Life:
        log = [Change(*change) for change in dumped["log"]]
        request = self.submissions.request(record.collection, record.facts)
        life = Life(record, dumped["number"], request, log)
        life.revisions = [
            Revision(created, facts, self.submissions.request(record.collection, facts))
            for created, facts in dumped.get("revisions", ())
        ]
        self._number = max(self._number, life.number)
        return life

    def _wait_on(self, life: Life, now: float) -> None:
        """Say what a workload waits for by now, where that is something else than before."""
        life.lack = self._allotments.lack(life.request)
        if life.lack is not None and life.lack.message != life.message:
            self._note(life, Change(now, PENDING, UNSCHEDULABLE, life.lack.message), None)

    def _note(self, life: Life, change: Change, due: tuple[float, str] | None) -> None:
        life.log.append(change)
        life.pods = life.due = None
        if due is not None:
            self._go_on_at(life, *due)
        self._untold[life.number] = life

    def _go_on_at(self, life: Life, time: float, phase: str) -> None:
        self._ticket += 1
        life.due, life.ticket = (time, phase), self._ticket
        heapq.heappush(self._due, (time, self._ticket, str(life.record.id)))
