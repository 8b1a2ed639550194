"""A difference as people read it: by category, what came, what went, what is new inside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from runapy_tools.imported import COMMON, UNREACHED
from runapy_tools.spec_diff.changes import Change, Difference, Entry
from runapy_tools.spec_diff.wording import phrases

_TITLES = {
    COMMON: "Models that categories share",
    UNREACHED: "Models that no operation uses",
}


class Item(NamedTuple):
    """A line, and the lines below it."""

    text: str
    details: list[str]


class Block(NamedTuple):
    title: str
    items: list[Item]


class Section(NamedTuple):
    title: str
    blocks: list[Block]


def outline(difference: Difference, *, moves: bool) -> list[Section]:
    """Sections by category, each with its blocks; those with nothing in them are left out.

    Arguments:
        moves: also say which models went from one package to another, where scripts that import
            them from `runai.models` see no change.
    """
    sections = []
    for place in [*difference.titles, COMMON, UNREACHED]:
        entries = [each for each in difference.entries if each.category == place]
        blocks = [block for block in _blocks(entries, moves) if block.items]
        if blocks:
            title = difference.titles.get(place) or _TITLES[place]
            sections.append(Section(title, blocks))
    order = list(_TITLES.values())
    return sorted(sections, key=lambda each: (each.title in order, each.title))


def summary(difference: Difference) -> str:
    """How much changed, in one sentence."""
    counts = []
    for word, kinds in (
        ("added", {"added"}),
        ("removed", {"removed"}),
        ("deprecated", {"deprecated"}),
        ("renamed", {"renamed", "moved"}),
    ):
        found = [
            each
            for each in difference.entries
            if each.subject == "operation"
            and any(_is_own(change, kinds) for change in each.changes)
        ]
        if found:
            counts.append(f"{len(found)} {word}")
    return f"Operations: {', '.join(counts) or 'the same'}."


def _blocks(entries: list[Entry], moves: bool) -> Iterator[Block]:
    operations = [each for each in entries if each.subject == "operation"]
    models = [each for each in entries if each.subject == "model"]
    yield Block("Operations added", _own(operations, {"added"}, _named))
    yield Block("Operations removed", _own(operations, {"removed"}, _named))
    yield Block("Operations deprecated", _own(operations, {"deprecated"}, _replaced))
    yield Block("Operations renamed", _own(operations, {"renamed", "moved"}, _renamed))
    yield Block("Operations changed", list(_inner(operations, moves)))
    yield Block("Models added", _own(models, {"added"}, _named))
    yield Block("Models removed", _own(models, {"removed"}, _named))
    yield Block("Models renamed", _own(models, {"renamed"}, _renamed))
    yield Block("Models changed", list(_inner(models, moves)))


def _own(entries: list[Entry], kinds: set[str], text: Callable[[Entry, Change], str]) -> list[Item]:
    return [
        Item(text(entry, change), [])
        for entry in entries
        for change in entry.changes
        if _is_own(change, kinds)
    ]


def _inner(entries: list[Entry], moves: bool) -> Iterator[Item]:
    """What has no block of its own."""
    shown = {"added", "removed", "deprecated", "renamed", "moved"}
    for entry in entries:
        rest = [
            change
            for change in entry.changes
            if not _is_own(change, shown - ({"deprecated"} if entry.subject == "model" else set()))
            and (moves or change.kind != "moved" or change.subject != "model")
        ]
        if rest:
            yield Item(_called(entry), phrases(rest))


def _is_own(change: Change, kinds: set[str]) -> bool:
    own = change.subject in ("operation", "model") and not change.name and not change.aspect
    return own and change.kind in kinds


def _called(entry: Entry) -> str:
    return f"`{entry.name}`" + (f" ({entry.endpoint})" if entry.endpoint else "")


def _named(entry: Entry, _: Change) -> str:
    return _called(entry)


def _replaced(entry: Entry, change: Change) -> str:
    return _called(entry) + (f", use `{change.after}`" if change.after else "")


def _renamed(entry: Entry, change: Change) -> str:
    return f"`{change.before}` -> {_called(entry)}"
