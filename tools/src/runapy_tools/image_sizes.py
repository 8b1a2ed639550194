"""What each choice for an image weighs: ours, third parties, and the client that ours replaces."""

from __future__ import annotations

import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from typing import NamedTuple

from runapy_tools.sizes import brought, wheels_of
from runapy_tools.wheels import Wheel, with_needed

PEER = "runapy==1.224.0"
_NO_CATEGORIES = ("runapy-core", "runapy-common", "runapy-testing", "runapy")
_HEAD = (
    "| install | MB | files | with third parties, MB | files | with `[async]`, MB | files |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
)


class Weight(NamedTuple):
    """Bytes and files of what is installed."""

    size: int
    files: int

    def plus(self, other: Weight) -> Weight:
        return Weight(self.size + other.size, self.files + other.files)


def image_table(files: Iterable[Path]) -> str:
    """A Markdown table of installs, the smallest first, and where third parties were weighed.

    An install is a distribution with those of ours that it needs; then with third parties, which
    come from the package index, as they are on this machine; none of it compiled.

    Args:
        files: what was built for one control plane.

    Raises:
        ValueError: they are for more than one.
        RuntimeError: third parties, or the client that ours replaces, cannot be installed.
    """
    wheels = wheels_of(files)
    categories = [each for each in wheels if each.name not in _NO_CATEGORIES]
    versions = sorted({each.version for each in categories})
    if len(versions) != 1:
        raise ValueError(
            f"the table is of one control plane; there are files of {', '.join(versions) or 'none'}"
        )
    ends = {each.name: each for each in wheels if each.name in ("runapy-core", "runapy")}
    categories.sort(key=lambda each: (brought(each, wheels), each.name))
    rows = [_row(each, wheels) for each in (ends["runapy-core"], *categories, ends["runapy"])]
    whole = weigh(PEER)
    rows.append(_cells(f"`{PEER}`", weigh("--no-deps", PEER), whole, whole))
    day = datetime.now(timezone.utc).date().isoformat()
    where = f"{platform.system()} {platform.machine()} with Python {platform.python_version()}"
    return "\n".join([*_HEAD, *rows, "", f"Third parties as they were on {day}, on {where}."])


@cache
def weigh(*arguments: str) -> Weight:
    """What `uv pip install` with these arguments puts into an empty folder.

    Raises:
        RuntimeError: it fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "uv", "pip", "install", "--no-config", "--target", folder]
        command += ["--python", sys.executable, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"uv pip install {' '.join(arguments)}: {done.stderr.strip()}")
        installed = [path for path in Path(folder).rglob("*") if path.is_file()]
        # Its own lock is no part of the install.
        sizes = [path.stat().st_size for path in installed if path.name != ".lock"]
    return Weight(sum(sizes), len(sizes))


def _row(wheel: Wheel, wheels: list[Wheel]) -> str:
    needed = with_needed(wheel, wheels)
    (core,) = (each for each in needed if each.name == "runapy-core")
    has_async = any(
        "async" in each.extras and each.marker is None
        for each in wheel.requirements
        if each.name == core.name
    )
    ours = Weight(*brought(wheel, wheels))
    plain = _third_parties(core, "async" if has_async else "")
    more = _third_parties(core, "async")
    return _cells(f"`{wheel.name}`", ours, ours.plus(plain), ours.plus(more))


def _third_parties(core: Wheel, extra: str) -> Weight:
    """What core needs; nothing else needs third parties."""
    wanted = (
        f"{each.name}{each.specifier}"
        for each in core.requirements
        if each.marker is None or each.marker.evaluate({"extra": extra})
    )
    return weigh(*sorted(wanted))


def _cells(name: str, *weights: Weight) -> str:
    cells = [f"{each.size / 1e6:.2f} | {each.files}" for each in weights]
    return f"| {name} | {' | '.join(cells)} |"
