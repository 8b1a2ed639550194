"""The tests of every operation on each control plane: its own wheels, its own embedded server.

`hatch run versions` tests all that were imported, `hatch run versions 2.19 2.20` these two. What is
tested is what users install: each control plane's distributions are built and put into an
environment of their own, and the tests find out there which control plane it is.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

from runapy_tools.build import build
from runapy_tools.imported import imported_versions

ROOT = Path(__file__).parents[2]
TESTS = ("tests/operations", "tests/tolerance/test_every_answer.py")
RUNNERS = ("pytest", "pytest-xdist")


class Result(NamedTuple):
    """Of the tests of one control plane."""

    version: str
    tests: int
    has_passed: bool
    seconds: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, install, test; the exit status says whether everything passed."""
    versions = _chosen(arguments)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        wheels = Path(folder) / "wheels"
        build(ROOT, wheels, versions)
        _say(f"built in {time.monotonic() - began:.0f} s")
        results = [_tested(version, wheels, Path(folder)) for version in versions]
    for version, tests, has_passed, seconds in results:
        outcome = "passed" if has_passed else "FAILED"
        _say(f"control plane {version}: {tests} tests {outcome}, {seconds:.0f} s")
    _say(f"{sum(each.tests for each in results)} tests, {time.monotonic() - began:.0f} s in all")
    return 0 if all(each.has_passed for each in results) else 1


def _chosen(arguments: Sequence[str] | None) -> list[str]:
    imported = imported_versions(ROOT)
    parser = argparse.ArgumentParser(description="Test every operation on each control plane.")
    parser.add_argument(
        "versions", nargs="*", metavar="version", help="such as 2.19 (default: all)"
    )
    chosen: list[str] = parser.parse_args(arguments).versions
    if unknown := sorted(set(chosen) - set(imported)):
        parser.error(f"spec/ has no control plane {unknown[0]!r}; there are: {', '.join(imported)}")
    return [each for each in imported if each in chosen] if chosen else imported


def _tested(version: str, wheels: Path, folder: Path) -> Result:
    began = time.monotonic()
    environment = folder / version
    report = folder / f"{version}.xml"
    python = _installed(version, wheels, environment, folder / "uv-cache")
    _say(f"control plane {version}: installed in {time.monotonic() - began:.0f} s")
    options = ["-q", "-n", "auto", "-p", "no:cacheprovider", f"--junit-xml={report}"]
    done = _run([str(python), "-m", "pytest", *options, *TESTS], check=False)
    tests = sum(int(each.attrib["tests"]) for each in ET.parse(report).iter("testsuite"))
    return Result(version, tests, done.returncode == 0, time.monotonic() - began)


def _installed(version: str, wheels: Path, environment: Path, cache: Path) -> Path:
    """An interpreter that has a control plane's distributions and what runs the tests."""
    # By their files: an index may have other distributions of these names.
    minor = f"1.{version.replace('.', '')}"
    ours = [
        str(wheel)
        for pattern in (f"runapy*-{minor}.*.whl", "runapy_core-*.whl", "runapy_testing-*.whl")
        for wheel in sorted(wheels.glob(pattern))
    ]
    runners = [f"{name}=={metadata.version(name)}" for name in RUNNERS]
    # In the ordinary cache, what this run builds would stay.
    uv = [sys.executable, "-m", "uv", "--quiet", "--cache-dir", str(cache)]
    _run([*uv, "venv", "--python", sys.executable, str(environment)])
    python = environment / "bin" / "python"
    _run([*uv, "pip", "install", "--python", str(python), *ours, *runners])
    return python


def _run(command: Sequence[str], *, check: bool = True) -> subprocess.CompletedProcess[bytes]:
    # What is installed elsewhere stays out.
    variables = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PYTHONPATH", "VIRTUAL_ENV")
    }
    return subprocess.run(command, check=check, cwd=ROOT, env=variables)


def _say(line: str) -> None:
    # Between what the tests print.
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
