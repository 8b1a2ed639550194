"""The environment with the lowest versions has those that the distributions allow."""

from __future__ import annotations

import re
from pathlib import Path

from packaging.version import Version

ROOT = Path(__file__).parents[2]
PINNED = re.compile(r'value = "([a-z0-9-]+)==([0-9.]+)", if = \["lowest"\]')
LOWEST = re.compile(r'^(?:async = \[|  )"([a-z0-9-]+)>=([0-9.]+)', re.MULTILINE)


def test_the_lowest_versions_are_the_ones_that_are_tested() -> None:
    pinned = dict(PINNED.findall((ROOT / "hatch.toml").read_text("utf-8")))
    allowed = {
        name: version
        for package in ("runapy-core", "runapy-testing")
        for name, version in LOWEST.findall(
            (ROOT / "packages" / package / "pyproject.toml").read_text("utf-8")
        )
        if not name.startswith("runapy-")
    }
    assert len(allowed) >= 6
    assert {name: Version(each) for name, each in pinned.items()} == {
        name: Version(each) for name, each in allowed.items()
    }
