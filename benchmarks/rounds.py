"""Measures the contenders of a benchmark in rounds, so that noise falls on all of them alike."""

from __future__ import annotations

import os
import subprocess
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

    from benchmarks.environments import Environments
    from benchmarks.plan import Benchmark, Contender

ROOT = Path(__file__).parents[1]
_START = (
    "import sys; sys.path.append(sys.argv[1]); from benchmarks import worker;"
    " worker.main(*sys.argv[2:])"
)


@dataclass(frozen=True)
class Sample:
    """What one round of one contender gave.

    Attributes:
        seconds: for one operation.
        memory: bytes that the process grew by.
        modules: that it imported.
    """

    seconds: float
    memory: float
    modules: float


Samples = dict[str, list[Sample]]
"""By the contender's name, one for each round."""


class Worker:
    """A process in which one contender does its work.

    Raises:
        RuntimeError: it failed; the message has what it wrote.
    """

    def __init__(self, contender: Contender, python: Path, url: str) -> None:
        self._contender = contender
        # Closed with the process; a pipe that nobody reads could fill up.
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115
        module, function = contender.program.split(":")
        # What is called is on this machine, whatever proxy the environment names for the rest.
        environment = {
            name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")
        }
        program = [f"benchmarks.programs.{module}", function, url, *contender.settings]
        self._process = subprocess.Popen(
            [str(python), "-I", "-c", _START, str(ROOT), *program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=environment,
            text=True,
        )

    def __enter__(self) -> Worker:
        self._line()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is not None:
            self._process.kill()
        self._process.communicate()
        self._errors.close()

    def sample(self) -> Sample:
        """Do the contender's operations once, and tell of one."""
        count = self._contender.operations
        assert self._process.stdin is not None
        self._process.stdin.write(f"{count}\n")
        self._process.stdin.flush()
        seconds, memory, modules = map(float, self._line().split())
        return Sample(seconds / count, memory, modules)

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self._process.wait()
            self._errors.seek(0)
            raise RuntimeError(f"{self._contender.name} failed:\n{self._errors.read()}")
        return line


def measured(
    benchmark: Benchmark, environments: Environments, url: str, rounds: int, uncounted: int = 1
) -> Samples:
    """What each contender needed in each round; those without an environment are left out.

    The order is turned from round to round.

    Arguments:
        benchmark: what to measure.
        environments: to run it in.
        url: the server's.
        rounds: before the benchmark takes its share of them.
        uncounted: rounds before the first, to warm up.

    Raises:
        RuntimeError: a contender failed.
    """
    contenders = [each for each in benchmark.contenders if each.interpreter in environments]
    rounds = max(1, round(rounds * benchmark.share_of_rounds))
    samples: Samples = {each.name: [] for each in contenders}
    with ExitStack() as open_workers:

        def worker(contender: Contender) -> Worker:
            return Worker(contender, environments[contender.interpreter].python, url)

        lasting = {}
        if not benchmark.is_fresh:
            for each in contenders:
                lasting[each.name] = open_workers.enter_context(worker(each))
        for number in range(-uncounted, rounds):
            for each in contenders if number % 2 else reversed(contenders):
                if benchmark.is_fresh:
                    with worker(each) as fresh:
                        sample = fresh.sample()
                else:
                    sample = lasting[each.name].sample()
                if number >= 0:
                    samples[each.name].append(sample)
    return samples


def shortened(benchmark: Benchmark, operations: int) -> Benchmark:
    """The same with no more than so many operations in a round, to see that it works."""
    contenders = tuple(
        replace(each, operations=min(each.operations, operations)) for each in benchmark.contenders
    )
    return replace(benchmark, contenders=contenders)
