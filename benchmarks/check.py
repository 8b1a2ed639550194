"""What continuous integration holds imports and calls to: budgets with wide margins.

They are no goals: those are in the design, and the table in README.md shows how near we are. A
budget is for noticing that something has begun to cost much more than it did.
"""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.calls import CALLS
from benchmarks.imports import IMPORTS, NAMES, TRANSPORTS
from benchmarks.plan import Benchmark, Quantity, Row
from benchmarks.results import results
from benchmarks.rounds import Samples, shortened

BENCHMARKS = (IMPORTS, shortened(CALLS, 100))
ROUNDS = 12

# The three names alone, which import no transport library: against importing requests.
MOST_NAMES_TIME = 0.8
MOST_NAMES_MEBIBYTES = -8.0
MOST_NAMES_MODULES = -80.0
# The three names and a client made, against importing its transport library alone.
MOST_CLIENT_TIME = 1.6
MOST_CLIENT_MEBIBYTES = 4.0
MOST_CLIENT_MODULES = 80.0
# Times the bare transport library.
MOST_CALL_TIME = {
    "ApiClient": 1.9,
    "ThreadedApiClient": 2.2,
    "AsyncApiClient": 2.2,
}


@dataclass(frozen=True)
class Budget:
    """At most so much of a quantity, and what to look at when it is more."""

    row: Row
    limit: float
    constant: str
    advice: str


_LAZY = (
    "run `python -X importtime -c 'from runai.api_client import ApiClient'` in an environment of"
    " wheels, and import what is new there when it is first used"
)
_PATH = "profile one call with cProfile and look for what each call does anew"


def budgets() -> list[tuple[Benchmark, Budget]]:
    """Each with the benchmark that measures it."""
    found = []
    for quantity, names, client, constant in (
        (Quantity.TIMES, MOST_NAMES_TIME, MOST_CLIENT_TIME, "TIME"),
        (Quantity.MEBIBYTES_MORE, MOST_NAMES_MEBIBYTES, MOST_CLIENT_MEBIBYTES, "MEBIBYTES"),
        (Quantity.MODULES_MORE, MOST_NAMES_MODULES, MOST_CLIENT_MODULES, "MODULES"),
    ):
        row = Row("importing the three names, against requests", quantity, NAMES, "requests")
        found.append((IMPORTS, Budget(row, names, f"MOST_NAMES_{constant}", _LAZY)))
        for kind, library in TRANSPORTS.items():
            row = Row(f"importing and making {kind}, against {library}", quantity, kind, library)
            found.append((IMPORTS, Budget(row, client, f"MOST_CLIENT_{constant}", _LAZY)))
    for row in CALLS.rows:
        if row.goal is not None:
            limit = MOST_CALL_TIME[row.ours]
            what = f"a small call, {row.what.replace('`', '')}"
            call = Row(what, Quantity.TIMES, row.ours, row.bare)
            found.append((CALLS, Budget(call, limit, f"MOST_CALL_TIME[{row.ours!r}]", _PATH)))
    return found


def judged(samples_of: dict[str, Samples]) -> tuple[list[str], list[str]]:
    """Lines on what was measured, and those of them that are over budget, with what to do.

    Arguments:
        samples_of: by the benchmark's name.
    """
    lines, overruns = [], []
    for benchmark, budget in budgets():
        (result,) = results(_with(benchmark, budget.row), samples_of[benchmark.name])
        if result.ours is None:
            raise RuntimeError(f"nothing was measured of {budget.row.what}")
        figure = result.ours.median
        line = (
            f"{budget.row.what}: {figure:.2f} {budget.row.quantity.value},"
            f" and {budget.limit:g} are allowed"
        )
        lines.append(line)
        if figure > budget.limit:
            overruns.append(
                f"{line} ({budget.constant} in benchmarks/check.py).\n  What to do:"
                f" {budget.advice}; raise the budget only for what is worth it to every user."
            )
    return lines, overruns


def _with(benchmark: Benchmark, row: Row) -> Benchmark:
    return Benchmark(benchmark.name, "", "", benchmark.contenders, (row,))
