"""How large the distributions are once installed; nothing is run for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.plan import Benchmark, Goal, Interpreter, Quantity, Row
from benchmarks.rounds import Sample, Samples

if TYPE_CHECKING:
    from benchmarks.environments import Environment, Environments

_MEGABYTE = 1_000_000
CORE = "runapy-core"
CATEGORIES = (
    "runapy-ai-applications",
    "runapy-audit",
    "runapy-authn",
    "runapy-datavolumes",
    "runapy-notifications",
    "runapy-organizations",
    "runapy-policies",
    "runapy-workload-assets",
    "runapy-workloads",
)

SIZES = Benchmark(
    "sizes",
    "Installed size",
    "What a wheel brings, without what Python compiles of it and without third parties.",
    (),
    (
        Row("core alone", Quantity.MEGABYTES, "core", cannot="is one piece", goal=Goal(0.3)),
        Row(
            "the largest category, with what it needs of ours",
            Quantity.MEGABYTES,
            "category",
            cannot="is one piece",
            goal=Goal(1.5),
        ),
        Row(
            "everything",
            Quantity.MEGABYTES,
            "everything",
            peer="peer",
            goal=Goal(1 / 3, against_peer=True),
        ),
    ),
)


def weighed(environments: Environments) -> Samples:
    """The sizes in bytes, in place of seconds; nothing of what is not installed from a wheel."""
    ours = _bytes_by_distribution(environments[Interpreter.OURS])
    samples: Samples = {}
    if ours.get(CORE, 0):
        core = ours[CORE]
        common = ours["runapy-common"]
        samples["core"] = [_sample(core)]
        samples["category"] = [_sample(core + common + max(ours[name] for name in CATEGORIES))]
        samples["everything"] = [_sample(sum(ours.values()))]
    if Interpreter.PEER in environments:
        peer = _bytes_by_distribution(environments[Interpreter.PEER])
        samples["peer"] = [_sample(sum(peer.values()))]
    return samples


def _sample(size: int) -> Sample:
    return Sample(size / _MEGABYTE, 0, 0)


def _bytes_by_distribution(environment: Environment) -> dict[str, int]:
    """Of the distributions named runapy, without what an editable install leaves elsewhere."""
    sizes: dict[str, int] = {}
    for distribution in environment.distributions():
        name = distribution.name.lower().replace("_", "-")
        files = [file for file in distribution.files or [] if "__pycache__" not in file.parts]
        if name.split("-")[0] == "runapy" and any(file.parts[0] == "runai" for file in files):
            sizes[name] = sum(
                Path(str(distribution.locate_file(file))).stat().st_size for file in files
            )
    return sizes
