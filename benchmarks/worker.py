"""The process in which a program is measured.

It imports nothing before the clock starts but what every interpreter has loaded already: imports
are among what is measured.
"""

from __future__ import annotations

import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Operation = Callable[[int], float | None]
    Program = Callable[..., Operation]


def main(module: str, function: str, *settings: str) -> None:
    """Prepare a program; then, for each number that comes in, do its work so many times."""
    results = os.fdopen(os.dup(1), "w")
    # What a library prints must not be taken for a result.
    os.dup2(2, 1)
    program: Program = getattr(__import__(module, fromlist=[function]), function)
    operation = program(*settings)
    print("ready", file=results, flush=True)
    for line in sys.stdin:
        modules = len(sys.modules)
        memory = resident_bytes()
        start = time.perf_counter()
        counted = operation(int(line))
        seconds = time.perf_counter() - start
        grown = resident_bytes() - memory
        print(
            seconds if counted is None else counted,
            grown,
            len(sys.modules) - modules,
            file=results,
            flush=True,
        )


def resident_bytes() -> int:
    """The memory of this process; its maximum where the present is not to be had."""
    try:
        # pathlib is not imported yet, and must not be.
        with open("/proc/self/statm", "rb", buffering=0) as file:  # noqa: PTH123
            return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")
    except FileNotFoundError:
        import resource

        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
