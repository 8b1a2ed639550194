"""A state as JSON has it, and back."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from runai.testing.answers import Refusal
from runai.testing.state.settings import Settings
from runai.testing.state.store import Record

if TYPE_CHECKING:
    from runai.testing.state.state import State


def dumped(state: State, settings: Settings) -> dict[str, Any]:
    """Everything that is kept; what goes on does not change it."""
    records = [
        {"collection": each.collection, "id": each.id, "facts": each.facts, "own": each.own}
        for each in state.store
    ]
    kept = {
        "version": state.specification.version,
        "clock_ahead": state.clock.ahead,
        "next_number": state.store.next_number,
        "records": records,
        "settings": settings.dump(),
        "workloads": state.life.dump(),
    }
    return copy.deepcopy(kept)


def restore(state: State, settings: Settings, kept: Mapping[str, Any]) -> None:
    """Keep what was dumped, and nothing else.

    Raises:
        ValueError: it was dumped by another version, or by something else; what was there before
            is there still.
    """
    if kept.get("version") != state.specification.version:
        raise ValueError(
            f"the state is of control plane {kept.get('version')!r}, this one is "
            f"{state.specification.version!r}: start it with the version of the state"
        )
    before = dumped(state, settings)
    try:
        # What goes on must not change what was dumped, which may be restored again.
        _put_in(state, settings, copy.deepcopy(dict(kept)))
    except (AttributeError, LookupError, Refusal, TypeError, ValueError) as error:
        _put_in(state, settings, before)
        raise ValueError(f"this is not what a control plane has dumped: {error!r}") from error


def _put_in(state: State, settings: Settings, kept: Mapping[str, Any]) -> None:
    # What is of a time to come would be older than what follows it.
    state.clock.advance(max(0.0, kept.get("clock_ahead", 0.0) - state.clock.ahead))
    store = state.store
    store.clear()
    state.life.clear()
    store.next_number = max(store.next_number, kept.get("next_number", 0))
    for each in kept["records"]:
        store.add(Record(each["collection"], each["id"], each["facts"], each["own"]))
        if str(each["id"]).isdecimal():
            # Written by hand, and not by a dump, it does not say which number is next.
            store.next_number = max(store.next_number, int(each["id"]) + 1)
    settings.restore(kept.get("settings", {}))
    state.life.restore(kept.get("workloads", {}))
