"""Many callers at once against a control plane that fails by chance: nothing may go wrong for it.

`python tests/soak/soak.py --seconds 60 --seed 1` ends by itself, with status 0 if every answer
belonged to its request, no POST was carried out twice, every failure was an ApiException and
nothing stayed behind. All of it happens on 127.0.0.1.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import faulthandler
import gc
import itertools
import os
import random
import socket
import stat
import sys
import threading
import time
import warnings
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from runai.api_client import ApiClient, AsyncApiClient, ThreadedApiClient
from runai.api_response import ApiResponse
from runai.configuration import Configuration
from runai.exceptions import ApiException
from runai.hooks import RequestInfo
from runai.organizations import Organizations
from runai.testing import SampleControlPlane
from runai.testing.faults import (
    CutBody,
    Delay,
    Drop,
    ExpireTokens,
    Fault,
    RevokeToken,
    SlowBody,
    Status,
    without_delay,
)
from runai.testing.recording import RecordedRequest

THREADS = 32
TASKS = 200
READ_TIMEOUT = 2.0
TOKEN_LIFETIME = 6.0
LONGEST_CALL = 20.0
CLUSTER = "5e1a7c3b-6d8f-4b0e-9b4e-2f4f0a3d9c11"
FAULTS: list[tuple[Fault, float]] = [
    (Drop("connect", reset=True), 0.02),
    (Drop("before", reset=True), 0.01),
    (Drop("during"), 0.01),
    (Drop("during", reset=True), 0.01),
    (Drop("after", sent=20), 0.01),
    (Drop("after", sent=None), 0.01),
    (CutBody(), 0.01),
    (CutBody(chunked=True), 0.01),
    (Status(429, {"Retry-After": "0.05"}), 0.02),
    (Status(503, {"Retry-After": "0"}), 0.02),
    (Status(503), 0.02),
    (RevokeToken(), 0.001),
    (ExpireTokens(), 0.0005),
    (SlowBody(400, 0.01), 0.02),
    (Delay(0.2), 0.02),
    (Delay(0.1, Drop("during", reset=True)), 0.005),
    (Delay(READ_TIMEOUT + 0.5), 0.001),
]


class Work(NamedTuple):
    """One call: what is done to the project of a name that no other call has."""

    operation: str
    name: str

    def begin(self, organizations: Organizations[Any]) -> Any:
        projects = organizations.projects
        if self.operation == "create_project":
            return projects.create_project(
                {"name": self.name, "clusterId": CLUSTER, "resources": []}, timeout=LONGEST_CALL
            )
        if self.operation == "update_project":
            return projects.update_project(
                self.name, {"description": self.name, "resources": []}, timeout=LONGEST_CALL
            )
        return getattr(projects, self.operation)(self.name, timeout=LONGEST_CALL)

    def is_answered_by(self, response: ApiResponse[Any]) -> bool:
        """Whether the answer is that of this call: it holds the name."""
        if self.operation == "delete_project":
            return response.status_code == 202 and response.data is None
        place = {"create_project": "name", "update_project": "description"}
        return bool(response.data[place.get(self.operation, "id")] == self.name)

    @staticmethod
    def of(request: RecordedRequest) -> Work:
        """The call that a recorded request is of."""
        operation = str(request.operation_id).removeprefix("projects.")
        name = request.path_parameters.get("projectId")
        if name is None:
            name = request.body.decode().partition('"name":')[2].split('"')[1]
        return Work(operation, name)


class Outcomes:
    """What became of all calls."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.begun = 0
        self.repetitions = 0
        self.answered: list[Work] = []
        self.swapped: list[Work] = []
        self.failed: Counter[str] = Counter()
        self.foreign: Counter[str] = Counter()
        """Failures that are no ApiException."""

    def begin(self) -> None:
        with self._lock:
            self.begun += 1

    def see(self, request: RequestInfo) -> None:
        with self._lock:
            self.repetitions += request.attempt > 1

    def answer(self, work: Work, response: ApiResponse[Any]) -> None:
        with self._lock:
            (self.answered if work.is_answered_by(response) else self.swapped).append(work)

    def fail(self, error: BaseException) -> None:
        with self._lock:
            known = isinstance(error, ApiException)
            (self.failed if known else self.foreign)[type(error).__name__] += 1

    @property
    def ended(self) -> int:
        return len(self.answered) + len(self.swapped) + self.failed.total() + self.foreign.total()


def works(seed: int, caller: str) -> Iterator[Work]:
    """Calls without end, the same ones for the same seed and caller."""
    drawn = random.Random(f"{seed} {caller}")
    kinds = ["get_project", "update_project", "create_project", "delete_project"]
    for number in itertools.count():
        yield Work(drawn.choices(kinds, [4, 2, 3, 1])[0], f"{caller}-{number}")


def call_in_turn(
    begin: Callable[[Work], ApiResponse[Any]], turns: Iterable[Work], until: float, out: Outcomes
) -> None:
    for work in turns:
        if time.monotonic() >= until:
            return
        out.begin()
        try:
            out.answer(work, begin(work))
        except BaseException as error:  # noqa: BLE001 - what they are is what is looked at
            out.fail(error)


def run_threads(made: Configuration, seed: int, until: float, out: Outcomes) -> None:
    with ApiClient(made) as waiting, ThreadedApiClient(made, THREADS // 2) as pooled:
        one, other = Organizations(waiting), Organizations(pooled)
        ways: list[Callable[[Work], ApiResponse[Any]]] = [
            lambda work: work.begin(one),
            lambda work: work.begin(other).get(LONGEST_CALL * 2),
        ]
        callers = [
            threading.Thread(
                target=call_in_turn,
                args=(ways[number % 2], works(seed, f"thread{number}"), until, out),
            )
            for number in range(THREADS)
        ]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()


async def run_tasks(made: Configuration, seed: int, until: float, out: Outcomes) -> int:
    """Call from many tasks; returns how many tasks there still are when the client is closed."""

    async def call(organizations: Organizations[Any], turns: Iterator[Work]) -> None:
        while time.monotonic() < until:
            work = next(turns)
            out.begin()
            try:
                out.answer(work, await work.begin(organizations))
            except BaseException as error:  # noqa: BLE001 - what they are is what is looked at
                out.fail(error)

    async with AsyncApiClient(made) as client:
        organizations = Organizations(client)
        callers: list[Coroutine[Any, Any, None]] = [
            call(organizations, works(seed, f"task{number}")) for number in range(TASKS)
        ]
        await asyncio.gather(*callers)
    return len(asyncio.all_tasks()) - 1


def sockets_to(port: int) -> int:
    """Ends of connections to a port of 127.0.0.1 that this process holds; 0 without /proc."""
    count = 0
    for entry in Path("/proc/self/fd").glob("*"):
        # Those that are closed meanwhile, the listing's own for one, are none.
        with contextlib.suppress(OSError):
            if not stat.S_ISSOCK(entry.stat().st_mode):
                continue
            with socket.socket(fileno=os.dup(int(entry.name))) as held:
                count += held.family == socket.AF_INET and held.getpeername()[1] == port
    return count


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").glob("*")))


def settled(left: Callable[[], int], seconds: float = 10) -> int:
    """What is left as soon as that is nothing, or in the end."""
    until = time.monotonic() + seconds
    while left() > 0 and time.monotonic() < until:
        threading.Event().wait(0.02)
    return max(left(), 0)


def was_carried_out(request: RecordedRequest) -> bool:
    if request.problems or isinstance(without_delay(request.fault), Status):
        return False
    return request.status == 0 or 200 <= request.status <= 299


def soak(seconds: float, seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Run for about these seconds; returns the figures, and those that must all be zero."""
    out = Outcomes()
    threads, files = threading.active_count(), descriptors()
    with SampleControlPlane(token_lifetime=TOKEN_LIFETIME) as control_plane:
        control_plane.faults.seed(seed)
        for fault, rate in FAULTS:
            control_plane.faults.add("*", fault, rate=rate)
        made = control_plane.configuration().replace(
            pool_maxsize=64, retry_backoff_factor=0.02, read_timeout=READ_TIMEOUT,
            token_refresh_margin=2.0, on_request=out.see,
        )  # fmt: skip
        until = time.monotonic() + seconds
        synchronous = threading.Thread(target=run_threads, args=(made, seed, until, out))
        synchronous.start()
        tasks = asyncio.run(run_tasks(made, seed, until, out))
        synchronous.join()
        port = int(control_plane.url.rpartition(":")[2])
        sockets = settled(lambda: sockets_to(port))
        control_plane.faults.clear()
        requests = list(control_plane.requests)
        connections = control_plane.connections
    gc.collect()
    calls = [each for each in requests if str(each.operation_id).startswith("projects.")]
    carried_out = Counter(Work.of(each) for each in calls if was_carried_out(each))
    posts = {work: count for work, count in carried_out.items() if work[0] == "create_project"}
    figures = {
        "calls": out.begun,
        "answered": len(out.answered),
        "failed": dict(out.failed.most_common()),
        "repetitions": out.repetitions,
        "requests": len(requests),
        "token requests": sum(each.operation_id == "tokens.grant_token" for each in requests),
        "connections": connections,
        "faults": dict(Counter(type(each.fault).__name__ for each in requests if each.fault)),
        "POSTs carried out": len(posts),
    }
    must_be_zero = {
        "duplicate POSTs": sum(count > 1 for count in posts.values()),
        "answers lost": out.begun - out.ended,
        "answers swapped": len(out.swapped),
        "answers to what was not carried out": sum(not carried_out[w] for w in out.answered),
        "requests refused as bad": sum(each.status in (400, 404, 405) for each in requests),
        "failures that are no ApiException": dict(out.foreign),
        "leaked sockets": sockets,
        "leaked descriptors": settled(lambda: descriptors() - files),
        "leaked threads": settled(lambda: threading.active_count() - threads),
        "leaked tasks": tasks,
    }
    return figures, must_be_zero


def main() -> int:
    parser = argparse.ArgumentParser(description="soak the clients in failures")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    # What hangs ends with the stacks of all threads.
    faulthandler.dump_traceback_later(options.seconds + 120, exit=True)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        figures, must_be_zero = soak(options.seconds, options.seed)
        gc.collect()
    faulthandler.cancel_dump_traceback_later()
    must_be_zero["warnings"] = dict(Counter(str(each.message)[:100] for each in warned))
    lines = [f"{options.seconds:g} s, seed {options.seed}, {THREADS} threads, {TASKS} tasks"]
    lines += [f"{name}: {value or 0}" for name, value in {**figures, **must_be_zero}.items()]
    sys.stdout.write("\n".join([*lines, ""]))
    return 1 if any(must_be_zero.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
