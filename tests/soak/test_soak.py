"""A short soak; `soak.py` itself runs for as long as it is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_two_seconds_of_failures_lose_nothing() -> None:
    """In a process of its own, whose sockets and threads are all the soak's."""
    soak = Path(__file__).with_name("soak.py")
    done = subprocess.run(
        [sys.executable, str(soak), "--seconds", "2", "--seed", "7"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    figures = dict(line.split(": ", 1) for line in done.stdout.splitlines()[1:])
    assert int(figures["answered"]) > 200
    assert int(figures["POSTs carried out"]) > 20
    assert int(figures["repetitions"]) > 20
