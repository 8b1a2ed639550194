"""Tables of results, and their place in README.md."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.plan import Benchmark, Goal, Quantity, Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.results import Result
    from benchmarks.statistic import Spread

README = Path(__file__).parent / "README.md"
_UNITS = {
    Quantity.TIMES: ("x", 2),
    Quantity.MILLISECONDS_MORE: (" ms", 1),
    Quantity.MEBIBYTES_MORE: (" MiB", 1),
    Quantity.MODULES_MORE: (" modules", 0),
    Quantity.SECONDS: (" s", 1),
    Quantity.MEGABYTES: (" MB", 2),
}


def table(benchmark: Benchmark, found: Sequence[Result], circumstances: str) -> str:
    """The section of one benchmark, as Markdown.

    Arguments:
        benchmark: what was measured.
        found: its results.
        circumstances: when, how often and on what, for the line under the table.
    """
    heads = ["what", "goal", "ours", "the peer", "ours to the peer's", "bare"]
    if benchmark.shows_growth:
        heads += ["ours, to the first row", "bare, to the first row"]
    lines = [heads, ["---"] * len(heads), *(_cells(each, benchmark) for each in found)]
    rows = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    return f"### {benchmark.title}\n\n{benchmark.words}\n\n{rows}\n\n{circumstances}"


def _cells(result: Result, benchmark: Benchmark) -> list[str]:
    row = result.row
    cells = [
        row.what,
        _goal(row, result.is_met),
        _spread(result.ours, row.quantity),
        _spread(result.peer, row.quantity) or _absence(row),
        _spread(result.against_peer, Quantity.TIMES),
        _bare(result),
    ]
    if benchmark.shows_growth:
        cells += [_times(result.growth), _times(result.bare_growth)]
    return cells


def _absence(row: Row) -> str:
    return f"cannot: {row.cannot}" if row.cannot else "not measured"


def _goal(row: Row, is_met: bool | None) -> str:
    if row.goal is None:
        return ""
    verdict = {True: ", met", False: ", **missed**", None: ""}[is_met]
    return f"{_limit(row.goal, row.quantity)}{verdict}"


def _limit(goal: Goal, quantity: Quantity) -> str:
    if goal.against_peer:
        return f"{goal.limit:.2g}x the peer's"
    unit, _ = _UNITS[quantity]
    more = "" if quantity.is_alone or quantity is Quantity.TIMES else "+"
    return f"{more}{goal.limit:g}{unit}"


def _spread(figure: Spread | None, quantity: Quantity) -> str:
    if figure is None:
        return ""
    unit, digits = _UNITS[quantity]
    sign = "" if quantity.is_alone or quantity is Quantity.TIMES else "+"
    median = f"{figure.median:{sign}.{digits}f}{unit}"
    if figure.low == figure.high:
        return median
    return f"{median} ({figure.low:{sign}.{digits}f} to {figure.high:{sign}.{digits}f})"


def _bare(result: Result) -> str:
    if result.bare is None:
        return ""
    if result.row.quantity is Quantity.TIMES:
        return f"{result.bare * 1000:.3g} ms"
    unit, digits = _UNITS[result.row.quantity]
    return f"{result.bare:.{digits}f}{unit}"


def _times(figure: float | None) -> str:
    return "" if figure is None else f"{figure:.2f}x"
