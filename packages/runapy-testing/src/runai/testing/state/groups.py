"""Values of telemetry: sums over items that have something in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from runai.testing.state.series import number


class Label(NamedTuple):
    """What an item has of something that items are grouped by."""

    value: str
    name: str | None = None
    """Of what the value is the id of."""


class Item(NamedTuple):
    """A part of a sum."""

    amount: float
    labels: Mapping[str, Label]
    """By what items can be grouped by."""


def grouped(items: Iterable[Item], keys: Sequence[str]) -> list[dict[str, Any]]:
    """The sums, as answers have them: one for each group, or a single one.

    Args:
        items: to sum up.
        keys: that items are grouped by.
    """
    found: dict[tuple[Label, ...], float] = {} if keys else {(): 0.0}
    for item in items:
        labels = tuple(item.labels[key] for key in keys)
        found[labels] = found.get(labels, 0.0) + item.amount
    return [_value(sum_, dict(zip(keys, labels))) for labels, sum_ in found.items()]


def row(value: Mapping[str, Any]) -> dict[str, Any]:
    """The row of a table with a value: its groups by name are columns."""
    groups = {each["key"]: each.get("name", each["value"]) for each in value.get("groups", ())}
    return {**groups, "value": value["value"]}


def _value(amount: float, labels: Mapping[str, Label]) -> dict[str, Any]:
    value: dict[str, Any] = {"value": number(round(amount, 6))}
    if labels:
        value["groups"] = [_group(key, label) for key, label in labels.items()]
    return value


def _group(key: str, label: Label) -> dict[str, str]:
    group = {"key": key, "value": label.value}
    return group if label.name is None else {**group, "name": label.name}
