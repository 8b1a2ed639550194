"""What becomes of a workload after it was submitted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from runai.testing.answers import Refusal, shortened
from runai.testing.contents import Handler
from runai.testing.specification import Operation
from runai.testing.state import (
    workload_answers,
    workload_catalogues,
    workload_lists,
    workload_revisions,
)
from runai.testing.state.paths import DEPARTMENTS, PROJECTS, WORKLOADS, WORKLOADS_V2
from runai.testing.state.quota_status import begin_quota_status
from runai.testing.state.store import Record
from runai.testing.state.workload_log import (
    CREATING,
    FAILED,
    INITIALIZING,
    PENDING,
    RESUMING,
    RUNNING,
    STOPPED,
    STOPPING,
    Life,
)
from runai.testing.state.workload_phases import ENDS, Phases

if TYPE_CHECKING:
    from runai.testing.state.state import State

RUNNING_TIME = 60.0
"""How long trainings run, in seconds, where nothing else is said."""
CLUSTER_GPUS = 32.0
"""The GPUs of each cluster: four nodes with eight each."""

_COLLECTIONS = (f"{WORKLOADS}/", WORKLOADS_V2)
_OWNERS = {PROJECTS: "project", DEPARTMENTS: "department"}
_SUSPENDABLE = (CREATING, INITIALIZING, RESUMING, PENDING, RUNNING)


class WorkloadLife:
    """Takes workloads through their phases, by the clock.

    Each is Creating, Initializing and Pending for a second; there it waits until its project's
    quota and the cluster have the GPUs that it asks for, and runs a second after it got them. Of
    those that wait the highest priority goes first, and of equals who came first.
    Trainings and distributed trainings complete when they ran for `running_time`, others run until
    they are stopped. The annotation `runapy-testing/running-seconds` makes any workload complete
    after that many seconds of running; what was resumed begins anew.

    Args:
        state: that the workloads are part of.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._phases = Phases(state, RUNNING_TIME, CLUSTER_GPUS)

    @property
    def running_time(self) -> float:
        """How long trainings run, in seconds; set, it is so for those that start from then on."""
        return self._phases.running_time

    @running_time.setter
    def running_time(self, seconds: float) -> None:
        if not seconds >= 0:
            raise ValueError(f"running_time={seconds!r}: give 0 seconds or more")
        with self._state.lock:
            self.go_on()
            self._phases.running_time = seconds

    @property
    def cluster_gpus(self) -> float:
        """The GPUs of each cluster; when there are more of them, waiting workloads start."""
        return self._phases.cluster_gpus

    @cluster_gpus.setter
    def cluster_gpus(self, gpus: float) -> None:
        if not gpus >= 0:
            raise ValueError(f"cluster_gpus={gpus!r}: give 0 or more")
        with self._state.lock:
            self.go_on()
            self._phases.cluster_gpus = gpus
            self._phases.bound_anew(self._state.clock())
            self._phases.tell()

    def fail(self, workload_id: str, reason: str) -> None:
        """Let a workload fail now.

        Args:
            workload_id: its id.
            reason: what its phase message and its event say.

        Raises:
            ValueError: there is no such workload, or it has ended already.
        """
        with self._state.lock:
            self.go_on()
            life = self._phases.lives.get(str(workload_id))
            if life is None:
                raise ValueError(f"workload_id={shortened(workload_id)}: there is no such workload")
            if life.phase in ENDS:
                raise ValueError(
                    f"workload_id={shortened(workload_id)} is {life.phase}: only what has not "
                    "ended can fail"
                )
            self._phases.enter(life, FAILED, self._state.clock(), reason)
            self._phases.tell()

    def go_on(self) -> None:
        """Bring every workload to where it is by now."""
        if self._phases.are_due:
            self._phases.go_on(self._state.clock())
            self._phases.tell()

    def demand(self, collection: str, facts: Mapping[str, Any]) -> None:
        """Refuse facts of a workload that asks for what nobody can give; raises Refusal then."""
        if collection.startswith(_COLLECTIONS):
            self._phases.submissions.request(collection, facts)

    def submitted(self, record: Record) -> None:
        """Begin a life, if the record is a workload; `demand` has looked at its facts before."""
        if record.collection.startswith(_COLLECTIONS):
            self._phases.begin(record, self._state.clock())
            self._phases.tell()
        else:
            begin_quota_status(self._state, record)

    def changed(self, record: Record) -> None:
        """Take note of other facts: of what a workload asks for, or of a quota."""
        now = self._state.clock()
        if record.collection.startswith(_COLLECTIONS):
            self._phases.ask_anew(self.of(record), now)
            self._phases.serve(now)
        elif record.collection in _OWNERS:
            self._phases.bound_anew(now, (_OWNERS[record.collection], str(record.id)))
        else:
            return
        self._phases.tell()

    def deleted(self, record: Record) -> None:
        """End a life; what became of it stays known."""
        self._phases.end(record, self._state.clock())
        self._phases.tell()

    def suspend(self, record: Record) -> None:
        """Stop a workload, and give what it had back.

        Raises:
            Refusal: 409 where it has ended, or stops already.
        """
        self._enter_from(_SUSPENDABLE, record, STOPPING, "suspended")

    def resume(self, record: Record) -> None:
        """Let a stopped workload wait for resources again.

        Raises:
            Refusal: 409 where it is not stopped.
        """
        self._enter_from((STOPPED,), record, RESUMING, "resumed")

    def clear(self) -> None:
        """Forget every life, and what a test has set."""
        self._phases = Phases(self._state, RUNNING_TIME, CLUSTER_GPUS)

    def dump(self) -> dict[str, Any]:
        """What is known of the lives, as JSON has it."""
        return {
            **self._phases.dump(),
            "runningTime": self.running_time,
            "clusterGpus": self.cluster_gpus,
        }

    def restore(self, dumped: Mapping[str, Any]) -> None:
        """Go on with lives that were dumped."""
        running_time = dumped.get("runningTime", RUNNING_TIME)
        self._phases = Phases(self._state, running_time, dumped.get("clusterGpus", CLUSTER_GPUS))
        workloads = {
            str(record.id): record
            for record in self._state.store
            if record.collection.startswith(_COLLECTIONS)
        }
        for each in dumped.get("lives", ()):
            self._phases.restore(workloads.pop(each["id"]), each)
        for each in dumped.get("gone", ()):
            self._phases.restore_gone(each)
        # Written by hand, and not by a dump.
        for record in workloads.values():
            self._phases.begin(record, self._state.clock())
        self._phases.tell()

    def handler(self, operation: Operation) -> Handler | None:
        """Carries out an operation on a workload's life; None for every other."""
        return (
            workload_revisions.handler(self._state, operation)
            or workload_answers.handler(self._state, operation)
            or workload_catalogues.handler(self._state, operation)
        )

    def told(self, operation: Operation, usual: Handler | None) -> Handler | None:
        """Carries out an operation on records of workloads with what is not in the records.

        Args:
            operation: of the specification.
            usual: knows the records alone; given back for all but workloads and their types.
        """
        if usual is None:
            return None
        listed = workload_catalogues.with_types_chosen(operation, usual)
        return workload_lists.told(self._state, operation, listed)

    def of(self, record: Record) -> Life:
        """The life of a workload."""
        return self.with_id(record.id)

    def with_id(self, identity: Any) -> Life:
        """The life of the workload of an id."""
        return self._phases.lives[str(identity)]

    def lives(self) -> list[Life]:
        """Of all workloads, in order of submission."""
        return list(self._phases.lives.values())

    def gone(self) -> list[Life]:
        """Of the workloads that were deleted, in the order in which they were."""
        return list(self._phases.gone.values())

    def past(self, identity: Any) -> Life | None:
        """The life of a workload that was deleted; None where there was none of this id."""
        return self._phases.gone.get(str(identity))

    def _enter_from(self, allowed: tuple[str, ...], record: Record, phase: str, done: str) -> None:
        life = self.of(record)
        if life.phase not in allowed:
            raise Refusal(
                409,
                f"Workload {record.own['name']} is {life.phase}: it cannot be {done}",
                [f"workloads can be {done} while they are {', '.join(allowed)}"],
            )
        self._phases.enter(life, phase, self._state.clock())
        self._phases.tell()
