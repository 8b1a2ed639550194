"""From samples to the cells of a table."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from benchmarks.plan import Benchmark, Quantity, Row
from benchmarks.statistic import Spread, compared, difference, ratio, spread

if TYPE_CHECKING:
    from benchmarks.rounds import Samples

_MEASURE = {
    Quantity.TIMES: ("seconds", 1.0),
    Quantity.MILLISECONDS_MORE: ("seconds", 1000.0),
    Quantity.MEBIBYTES_MORE: ("memory", 1 / 2**20),
    Quantity.MODULES_MORE: ("modules", 1.0),
    Quantity.SECONDS: ("seconds", 1.0),
    Quantity.MEGABYTES: ("seconds", 1.0),
}


@dataclass(frozen=True)
class Result:
    """What came of one row.

    Attributes:
        row: the row.
        ours: by the row's quantity; None where we could not be measured.
        peer: the same of the peer; None where it was not measured or cannot.
        against_peer: how many times the peer's figure ours is.
        bare: the figure of the library alone, for information.
        growth: how many times the cost per call or page of the benchmark's first row ours is.
        bare_growth: the same of the library alone.
    """

    row: Row
    ours: Spread | None
    peer: Spread | None
    against_peer: Spread | None
    bare: float | None
    growth: float | None = None
    bare_growth: float | None = None

    @property
    def is_met(self) -> bool | None:
        """Whether the median reaches the row's goal; None where there is none, or no figure."""
        goal = self.row.goal
        if goal is None:
            return None
        figure = self.against_peer if goal.against_peer else self.ours
        return None if figure is None else figure.median <= goal.limit


def results(benchmark: Benchmark, samples: Samples) -> list[Result]:
    """What each row of a benchmark came to."""
    first = benchmark.rows[0]
    return [
        _result(row, samples, first if benchmark.shows_growth else None) for row in benchmark.rows
    ]


def _result(row: Row, samples: Samples, first: Row | None) -> Result:
    ours, bare, peer = (_figures(row, name, samples) for name in (row.ours, row.bare, row.peer))
    return Result(
        row,
        _against_bare(row, ours, bare),
        _against_bare(row, peer, bare),
        compared(ours, peer, ratio) if ours and peer else None,
        spread(bare).median if bare else None,
        None if first is None else _growth(row, row.ours, first, first.ours, samples),
        None if first is None else _growth(row, row.bare, first, first.bare, samples),
    )


def _figures(row: Row, name: str, samples: Samples) -> list[float]:
    attribute, factor = _MEASURE[row.quantity]
    read: Any = attrgetter(attribute)
    return [read(sample) * factor for sample in samples.get(name, ())]


def _against_bare(row: Row, values: list[float], bare: list[float]) -> Spread | None:
    if not values:
        return None
    if row.quantity.is_alone:
        return spread(values)
    compare = ratio if row.quantity is Quantity.TIMES else difference
    return compared(values, bare, compare) if bare else None


def _growth(row: Row, name: str, first: Row, first_name: str, samples: Samples) -> float | None:
    values, at_first = _figures(row, name, samples), _figures(row, first_name, samples)
    if not values or not at_first:
        return None
    each = row.per_operation / first.per_operation
    return compared(values, at_first, ratio).median / each
