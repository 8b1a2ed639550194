"""How many GPUs are in use, and how much."""

from __future__ import annotations

from runai.testing.state.series import share
from runai.testing.state.usage import Usage, seed_of

_IDLE = "0"
_BOUNDS = (25, 50, 75, 100)
RANGES = (_IDLE, *(f"{bound - 25}-{bound}" for bound in _BOUNDS))
"""Of percents; the first is of GPUs that nothing runs on."""


def distribution(usage: Usage, total: float | None) -> list[list[float]]:
    """For each range the number of GPUs whose utilization is in it, at each time.

    Args:
        usage: of the GPUs.
        total: how many there are; None where there are none but those in use.
    """
    counts = [[0.0] * len(usage.times) for _ in RANGES]
    for run in usage.runs:
        if not run.life.request.gpus:
            continue
        seed = seed_of("GPU_UTILIZATION", run.life)
        for position, time in enumerate(usage.times):
            if run.is_on(time):
                percent = 100 * share(seed, time)
                place = next(n for n, bound in enumerate(_BOUNDS, 1) if percent <= bound)
                counts[place][position] += run.life.request.gpus
    if total is not None:
        in_use = [sum(column) for column in zip(*counts)]
        counts[0] = [max(0.0, round(total - used, 6)) for used in in_use]
    return counts
