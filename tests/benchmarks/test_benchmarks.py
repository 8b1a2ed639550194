"""The benchmarks still run, and add up; how fast anything is, is not tested here."""

from __future__ import annotations

import math
import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from benchmarks import check
from benchmarks.__main__ import BENCHMARKS, main
from benchmarks.environments import running
from benchmarks.plan import Benchmark, Contender, Goal, Interpreter, Quantity, Row
from benchmarks.report import README, table
from benchmarks.results import results
from benchmarks.rounds import Sample, Samples, measured
from benchmarks.server import serving
from benchmarks.statistic import Spread, compared, difference, ratio, spread

ROOT = Path(__file__).parents[2]
SLOW = ("generation", "embedded-lists")
GROWING = [name for name, each in BENCHMARKS.items() if each.shows_growth]
HERE = {Interpreter.OURS: running()}


def _samples(*seconds: float, memory: float = 0, modules: float = 0) -> list[Sample]:
    return [Sample(each, memory, modules) for each in seconds]


def _benchmark(*rows: Row, shows_growth: bool = False) -> Benchmark:
    return Benchmark("name", "Title", "Words.", (), rows, shows_growth=shows_growth)


def test_spread() -> None:
    assert spread([3.0]) == Spread(3, 3, 3)
    assert spread([float(each) for each in range(11)]) == Spread(1, 5, 9)
    assert spread([11.0, 1.0]) == Spread(2, 6, 10)
    with pytest.raises(ValueError, match="nothing was measured"):
        spread([])


def test_comparisons_are_within_a_round() -> None:
    # The second round was ten times as slow for both.
    assert compared([2, 20], [1, 10], ratio) == Spread(2, 2, 2)
    assert compared([5, 7], [4, 6], difference) == Spread(1, 1, 1)
    assert ratio(1, 0) == math.inf
    with pytest.raises(ValueError, match="shorter"):
        compared([1, 2], [1], ratio)


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        (Quantity.TIMES, 1.5),
        (Quantity.MILLISECONDS_MORE, 1000.0),
        (Quantity.MEBIBYTES_MORE, 2.0),
        (Quantity.MODULES_MORE, 7.0),
        (Quantity.SECONDS, 3.0),
        (Quantity.MEGABYTES, 3.0),
    ],
)
def test_quantities(quantity: Quantity, expected: float) -> None:
    samples = {
        "ours": _samples(3, memory=3 * 2**20, modules=10),
        "bare": _samples(2, memory=2**20, modules=3),
    }
    bare = "" if quantity.is_alone else "bare"
    (result,) = results(_benchmark(Row("it", quantity, "ours", bare)), samples)
    assert result.ours == Spread(expected, expected, expected)
    assert result.peer is None
    assert result.against_peer is None
    assert result.is_met is None


@pytest.mark.parametrize(
    ("goal", "is_met"),
    [(Goal(1.5), True), (Goal(1.4), False), (Goal(0.5, True), True), (Goal(0.4, True), False)],
)
def test_goals(goal: Goal, is_met: bool) -> None:
    samples = {"ours": _samples(3), "bare": _samples(2), "peer": _samples(6)}
    row = Row("it", Quantity.TIMES, "ours", "bare", "peer", goal=goal)
    (result,) = results(_benchmark(row), samples)
    assert result.is_met is is_met
    (without_samples,) = results(_benchmark(row), {})
    assert without_samples.is_met is None


def test_growth_is_by_call_against_the_first_row() -> None:
    rows = [
        Row(f"{width} tasks", Quantity.TIMES, f"ours {width}", "bare", per_operation=width)
        for width in (1, 10)
    ]
    samples = {"ours 1": _samples(2, 4), "ours 10": _samples(10, 20), "bare": _samples(1, 2)}
    first, second = results(_benchmark(*rows, shows_growth=True), samples)
    assert first.growth == 1
    assert second.growth == pytest.approx(0.5)
    assert second.bare_growth == pytest.approx(0.1)


def test_table() -> None:
    benchmark = _benchmark(
        Row("a call", Quantity.TIMES, "ours", "bare", "peer", goal=Goal(1.15)),
        Row("memory", Quantity.MEBIBYTES_MORE, "ours", "bare", cannot="no way", goal=Goal(3)),
        Row("all", Quantity.MEGABYTES, "ours", peer="peer", goal=Goal(1 / 3, against_peer=True)),
    )
    samples = {
        "ours": _samples(1.2, 1.4, memory=2**21),
        "bare": _samples(1, 1, memory=2**20),
        "peer": _samples(2.4, 2.8),
    }
    assert table(benchmark, results(benchmark, samples), "2 rounds") == (
        "### Title\n\nWords.\n\n"
        "| what | goal | ours | the peer | ours to the peer's | bare |\n"
        "| --- | --- | --- | --- | --- | --- |\n"
        "| a call | 1.15x, **missed** | 1.30x (1.22 to 1.38) | 2.60x (2.44 to 2.76) | 0.50x"
        " | 1e+03 ms |\n"
        "| memory | +3 MiB, met | +1.0 MiB | cannot: no way |  | 1.0 MiB |\n"
        "| all | 0.33x the peer's, **missed** | 1.30 MB (1.22 to 1.38) | 2.60 MB (2.44 to 2.76)"
        " | 0.50x |  |\n\n2 rounds"
    )
    grown = table(BENCHMARKS[GROWING[0]], results(BENCHMARKS[GROWING[0]], {}), "no rounds")
    assert "ours, to the first row" in grown
    assert "| not measured |" in grown


def test_readme_has_a_place_for_every_table() -> None:
    text = README.read_text(encoding="utf-8")
    assert re.findall(r"<!-- begin (\S+) -->", text) == list(BENCHMARKS)
    assert re.findall(r"<!-- end (\S+) -->", text) == list(BENCHMARKS)


def test_rows_name_contenders() -> None:
    for benchmark in BENCHMARKS.values():
        names = [each.name for each in benchmark.contenders]
        assert len(set(names)) == len(names), benchmark.name
        named = {name for row in benchmark.rows for name in (row.ours, row.bare, row.peer) if name}
        if benchmark.name != "sizes":
            assert named == set(names), benchmark.name
        for row in benchmark.rows:
            assert bool(row.peer) != bool(row.cannot), row.what
    for benchmark, budget in check.budgets():
        names = [each.name for each in benchmark.contenders]
        assert {budget.row.ours, budget.row.bare} <= set(names)


# The generator has tests of its own.
@pytest.mark.parametrize("name", [name for name in BENCHMARKS if name not in SLOW])
def test_every_benchmark_runs(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """As little of it as can be, on the editable install."""
    assert main(["--here", "--rounds", "1", "--operations", "1", name]) == 0
    printed = capsys.readouterr().out
    assert f"### {BENCHMARKS[name].title}" in printed
    for row in BENCHMARKS[name].rows:
        line = next(line for line in printed.splitlines() if line.startswith(f"| {row.what} |"))
        assert line.split(" | ")[2] or name == "sizes", row.what


def test_command_line() -> None:
    command = [sys.executable, "-m", "benchmarks", "--here", "--rounds", "1", "no-such"]
    environment = {**os.environ, "PYTHONWARNINGS": "error"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr == "no benchmark is named no-such\n"


def test_a_contender_that_fails_is_named() -> None:
    broken = Contender("the broken one", "bare:urllib3_calls", ("/nowhere", "bytes"))
    benchmark = Benchmark("name", "Title", "Words.", (broken,), ())
    with serving() as url, pytest.raises(RuntimeError, match=r"(?s)the broken one failed.*404"):
        measured(benchmark, HERE, url, 1)


def test_contenders_without_an_environment_are_left_out() -> None:
    peer = Contender("peer", "bare:nothing", interpreter=Interpreter.PEER)
    benchmark = Benchmark("name", "Title", "Words.", (peer,), ())
    assert measured(benchmark, HERE, "http://127.0.0.1:1", 1) == {}


def test_the_server_leaves_with_its_parent() -> None:
    with serving() as url, urllib.request.urlopen(f"{url}/api/v1/workloads?limit=3") as answer:
        assert answer.read().count(b'"phase":"Running"') == 3
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(url)


def _all_of(seconds: float, memory: float, modules: float) -> dict[str, Samples]:
    samples: dict[str, Samples] = {}
    for benchmark, budget in check.budgets():
        of_benchmark = samples.setdefault(benchmark.name, {})
        of_benchmark[budget.row.bare] = _samples(1)
        of_benchmark[budget.row.ours] = _samples(seconds, memory=memory, modules=modules)
    return samples


def test_budgets_that_hold() -> None:
    lines, overruns = check.judged(_all_of(0.7, memory=-9 * 2**20, modules=-90))
    assert len(lines) == len(check.budgets())
    assert overruns == []


def test_budgets_that_do_not() -> None:
    _, overruns = check.judged(_all_of(0.7, memory=-9 * 2**20, modules=500))
    assert len(overruns) == 4
    assert overruns[1].startswith(
        "importing and making ApiClient, against requests: 500.00 modules more, and 80 are allowed"
        " (MOST_CLIENT_MODULES in benchmarks/check.py).\n  What to do: run `python -X importtime"
    )
    _, overruns = check.judged(_all_of(9, memory=-9 * 2**20, modules=-90))
    slow = [each for each in overruns if each.startswith("a small call")]
    assert len(slow) == 3
    assert len(overruns) == 7
    assert "profile one call" in slow[0]
