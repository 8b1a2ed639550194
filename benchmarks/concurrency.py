"""Many small calls at once, and how their cost grows with threads and tasks."""

from __future__ import annotations

from benchmarks import answers
from benchmarks.plan import Benchmark, Contender, Goal, Interpreter, Quantity, Row

THREADS = (1, 4, 8, 16, 64)
TASKS = (1, 10, 100, 500, 1000)
_CALLS_IN_THREADS = 256
_CALLS_IN_TASKS = 500
_KINDS = (("", Interpreter.OURS), (" of the peer", Interpreter.PEER))


def _threads(width: int) -> list[Contender]:
    bare = Contender(
        f"urllib3 {width}",
        "bare:urllib3_threads",
        (answers.PROJECT, str(width)),
        _CALLS_IN_THREADS,
    )
    return [
        bare,
        *(
            Contender(
                f"{width}{suffix}",
                "clients:calls_under_way",
                ("ThreadedApiClient", str(width)),
                _CALLS_IN_THREADS,
                interpreter,
            )
            for suffix, interpreter in _KINDS
        ),
    ]


def _tasks(width: int) -> list[Contender]:
    batches = max(1, _CALLS_IN_TASKS // width)
    bare = Contender(
        f"aiohttp {width}", "bare:aiohttp_tasks", (answers.PROJECT, str(width)), batches
    )
    return [
        bare,
        *(
            Contender(
                f"{width}{suffix}",
                "clients:calls_under_way",
                ("AsyncApiClient", str(width)),
                batches,
                interpreter,
            )
            for suffix, interpreter in _KINDS
        ),
    ]


def _row(what: str, width: int, library: str, goal: Goal | None, per_operation: int) -> Row:
    return Row(
        what,
        Quantity.TIMES,
        str(width),
        f"{library} {width}",
        f"{width} of the peer",
        goal=goal,
        per_operation=per_operation,
    )


GOAL = Goal(1.15)

BY_THREADS = Benchmark(
    "threads",
    "Threads",
    f"{_CALLS_IN_THREADS} small calls handed to `ThreadedApiClient` at once, by the number of its"
    " threads, against urllib3 in a pool of as many threads.",
    tuple(each for width in THREADS for each in _threads(width)),
    tuple(
        _row(f"{width} threads", width, "urllib3", GOAL if width == 8 else None, 1)
        for width in THREADS
    ),
    shows_growth=True,
)

BY_TASKS = Benchmark(
    "tasks",
    "Tasks",
    "So many small calls of `AsyncApiClient` gathered at once, against aiohttp; all of them open"
    " 100 connections at most.",
    tuple(each for width in TASKS for each in _tasks(width)),
    tuple(
        _row(f"{width} tasks", width, "aiohttp", GOAL if width == 500 else None, width)
        for width in TASKS
    ),
    shows_growth=True,
)
