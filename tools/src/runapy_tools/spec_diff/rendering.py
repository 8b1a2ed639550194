"""A difference as text, as JSON, and as a part of the changelog."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable, Iterator

from runapy_tools.imported import UNREACHED
from runapy_tools.spec_diff.changes import Difference
from runapy_tools.spec_diff.outline import Block, outline, summary

_WIDTH = 100


def as_text(difference: Difference) -> str:
    """For a terminal."""
    return "\n".join(_text_lines(difference)) + "\n"


def as_changelog(difference: Difference) -> str:
    """Markdown below a release's heading; without what no operation uses."""
    return "\n".join(_changelog_lines(difference)) + "\n"


def as_json(difference: Difference) -> str:
    """For programs."""
    return json.dumps(difference.as_json(), indent=2, ensure_ascii=False) + "\n"


FORMATS: dict[str, Callable[[Difference], str]] = {
    "text": as_text,
    "json": as_json,
    "changelog": as_changelog,
}


def _text_lines(difference: Difference) -> Iterator[str]:
    yield f"Control plane {difference.older} to {difference.newer}. {summary(difference)}"
    for section in outline(difference, moves=True):
        yield ""
        yield section.title
        for block in section.blocks:
            yield f"  {block.title}"
            if _is_a_list_of_names(block):
                yield from _wrapped(", ".join(item.text for item in block.items), 4)
                continue
            for item in block.items:
                yield from _wrapped(item.text, 4)
                for detail in item.details:
                    yield from _wrapped(detail, 6)


def _changelog_lines(difference: Difference) -> Iterator[str]:
    reached = tuple(each for each in difference.entries if each.category != UNREACHED)
    shown = Difference(difference.older, difference.newer, difference.titles, reached)
    yield "### API changes"
    yield ""
    yield f"From control plane {difference.older} to {difference.newer}. {summary(shown)}"
    for section in outline(shown, moves=False):
        yield ""
        yield f"#### {section.title}"
        for block in section.blocks:
            yield ""
            if _is_a_list_of_names(block):
                yield f"{block.title}: {', '.join(item.text for item in block.items)}."
                continue
            yield f"{block.title}:"
            yield ""
            for item in block.items:
                details = f": {'; '.join(item.details)}" if item.details else ""
                yield f"- {item.text}{details}"


def _is_a_list_of_names(block: Block) -> bool:
    """Names of models alone; an operation is read with its method and path."""
    return block.title in ("Models added", "Models removed")


def _wrapped(text: str, indent: int) -> list[str]:
    margin = " " * indent
    # A method and its path are read together, and found together.
    whole = re.sub(r"\b([A-Z]+) /", r"\1\0/", text.replace("`", ""))
    lines = textwrap.wrap(
        whole,
        _WIDTH,
        initial_indent=margin,
        subsequent_indent=margin + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace("\0", " ") for line in lines]
