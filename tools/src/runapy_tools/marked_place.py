"""Places in our documents that a command writes: between `<!-- begin NAME -->` and its end."""

from __future__ import annotations

import re
from pathlib import Path


def write(document: Path, name: str, content: str) -> None:
    """Put content into the place of that name.

    Raises:
        ValueError: the document does not have the place, once.
    """
    text = document.read_text(encoding="utf-8")
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    changed, count = pattern.subn(lambda _: f"{begin}\n{content}\n{end}", text)
    if count != 1:
        raise ValueError(f"{document} has {count} places for {name}; it needs one: {begin}")
    document.write_text(changed, encoding="utf-8")
