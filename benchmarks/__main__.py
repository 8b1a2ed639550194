"""Measures the clients beside the bare libraries and the client they replace.

python -m benchmarks            all of it, some fifteen minutes
python -m benchmarks calls      one benchmark; several may be named
python -m benchmarks --write    the same, and the tables in benchmarks/README.md
python -m benchmarks --check    imports and calls against the budgets of benchmarks/check.py
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time

from benchmarks import (
    calls,
    check,
    concurrency,
    embedded,
    generation,
    imports,
    memory,
    models,
    pages,
    sizes,
)
from benchmarks.environments import LIBRARIES, PEER, Environments, prepared, running
from benchmarks.plan import Benchmark, Interpreter
from benchmarks.report import README, table
from benchmarks.results import results
from benchmarks.rounds import Samples, measured, shortened
from benchmarks.server import serving
from runapy_tools import marked_place

BENCHMARKS = {
    each.name: each
    for each in (
        imports.IMPORTS,
        imports.FIRST_ANSWERS,
        calls.CALLS,
        concurrency.BY_THREADS,
        concurrency.BY_TASKS,
        pages.DATA,
        pages.MODELS,
        pages.OTHER_CLIENTS,
        models.OF_ANSWERS,
        models.OF_REQUESTS,
        memory.MEMORY,
        memory.IN_USE,
        sizes.SIZES,
        generation.GENERATION,
        embedded.START,
        embedded.REQUESTS,
        embedded.LISTS,
    )
}


def main(arguments: list[str] | None = None) -> int:
    """Run what the command line asks for; the exit status says whether all is well."""
    options = _parser().parse_args(arguments)
    try:
        environments = _environments(options)
        with serving(is_apart=not options.operations) as url:
            return _check(environments, url) if options.check else _run(options, environments, url)
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "names", nargs="*", metavar="benchmark", help=f"of {', '.join(BENCHMARKS)}; all if none"
    )
    parser.add_argument("--rounds", type=int, default=20, help="for each benchmark (default: 20)")
    parser.add_argument("--write", action="store_true", help="write tables into README.md")
    parser.add_argument("--check", action="store_true", help="hold imports and calls to budgets")
    parser.add_argument("--fresh", action="store_true", help="make the environments anew")
    parser.add_argument("--no-peer", action="store_true", help="leave the peer out")
    parser.add_argument(
        "--here",
        action="store_true",
        help="measure what this interpreter has, an editable install say, and no peer; what it"
        " says of imports and sizes is not what users get",
    )
    parser.add_argument(
        "--operations", type=int, help="at most so many in one round, to see that it works"
    )
    return parser


def _environments(options: argparse.Namespace) -> Environments:
    if options.here:
        return {Interpreter.OURS: running(), Interpreter.TOOLS: running()}
    with_peer = not (options.no_peer or options.check)
    return prepared(with_peer=with_peer, is_fresh=options.fresh)


def _run(options: argparse.Namespace, environments: Environments, url: str) -> int:
    unknown = set(options.names) - set(BENCHMARKS)
    if unknown:
        print(f"no benchmark is named {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    for name in options.names or BENCHMARKS:
        benchmark = BENCHMARKS[name]
        if options.operations:
            benchmark = shortened(benchmark, options.operations)
        start = time.monotonic()
        samples = _samples(benchmark, environments, url, options)
        counts = [len(each) for each in samples.values()]
        section = table(
            benchmark,
            results(benchmark, samples),
            _circumstances(environments, max(counts, default=0)),
        )
        print(f"{section}\n", flush=True)
        print(f"{name}: {time.monotonic() - start:.0f} s", file=sys.stderr)
        if options.write:
            marked_place.write(README, name, section)
    return 0


def _samples(
    benchmark: Benchmark, environments: Environments, url: str, options: argparse.Namespace
) -> Samples:
    if benchmark.name == "sizes":
        return sizes.weighed(environments)
    uncounted = 0 if options.operations else 1
    return measured(benchmark, environments, url, options.rounds, uncounted)


def _check(environments: Environments, url: str) -> int:
    samples = {
        each.name: measured(each, environments, url, check.ROUNDS) for each in check.BENCHMARKS
    }
    lines, overruns = check.judged(samples)
    print("\n".join(lines))
    for overrun in overruns:
        print(f"over budget: {overrun}", file=sys.stderr)
    return 1 if overruns else 0


def _circumstances(environments: Environments, rounds: int) -> str:
    """What a reader has to know of a table."""
    ours = environments[Interpreter.OURS]
    libraries = ", ".join(f"{name} {ours.version(name)}" for name in LIBRARIES)
    peer = f"; the peer is {PEER}" if Interpreter.PEER in environments else ""
    count = "1 round" if rounds == 1 else f"{rounds} rounds"
    return (
        f"{count}, {time.strftime('%Y-%m-%d')}, Python {platform.python_version()}, {libraries},"
        f" {platform.system()} {platform.machine()}, {os.cpu_count()} processors{peer}"
    )


if __name__ == "__main__":
    sys.exit(main())
