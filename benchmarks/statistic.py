"""Medians, and how far the rounds lie apart."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median, quantiles
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True)
class Spread:
    """A median, and the 10th and 90th percentile."""

    low: float
    median: float
    high: float


def spread(values: Sequence[float]) -> Spread:
    """The spread of what the rounds gave.

    Raises:
        ValueError: there are no values.
    """
    if not values:
        raise ValueError("nothing was measured")
    if len(values) == 1:
        return Spread(values[0], values[0], values[0])
    tenths = quantiles(values, n=10, method="inclusive")
    return Spread(tenths[0], median(values), tenths[-1])


def compared(
    values: Sequence[float], others: Sequence[float], compare: Callable[[float, float], float]
) -> Spread:
    """The spread of comparisons, each within one round, so that noise meets both sides.

    Raises:
        ValueError: the two were not measured in the same rounds.
    """
    return spread([compare(value, other) for value, other in zip(values, others, strict=True)])


def ratio(value: float, other: float) -> float:
    """How many times the other a value is; infinite if the other is nothing."""
    return value / other if other else float("inf")


def difference(value: float, other: float) -> float:
    """How much more than the other a value is."""
    return value - other
