"""Whether every distribution leads to the project's pages: what was published is never changed."""

from __future__ import annotations

import re
from pathlib import Path

_URLS = re.compile(r"^\[project\.urls\]\n((?:\S.*\n)+)", re.MULTILINE)


def unlinked(root: Path) -> list[str]:
    """What is wrong with the distributions' links, a line each."""
    found: dict[str, list[str]] = {}
    for path in sorted((root / "packages").glob("*/pyproject.toml")):
        links = _URLS.search(path.read_text(encoding="utf-8"))
        found.setdefault(links[1] if links else "", []).append(path.relative_to(root).as_posix())
    without = found.pop("", [])
    lines = [f"no [project.urls]: {', '.join(without)}"] if without else []
    if len(found) > 1:
        firsts = ", ".join(paths[0] for paths in found.values())
        lines.append(f"[project.urls] is not the same everywhere: compare {firsts}")
    return [f"{line}; RELEASING.md says where to write it" for line in lines]
