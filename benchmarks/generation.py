"""How long generating all distributions takes."""

from __future__ import annotations

from benchmarks.plan import Benchmark, Contender, Goal, Interpreter, Quantity, Row

GENERATION = Benchmark(
    "generation",
    "Generating",
    "All distributions of one control plane, formatted, as `hatch run check` does it.",
    (Contender("all", "generation:all_packages", (), 1, Interpreter.TOOLS),),
    (Row("all distributions", Quantity.SECONDS, "all", cannot="has no generator", goal=Goal(15)),),
    is_fresh=True,
    share_of_rounds=0.15,
)
