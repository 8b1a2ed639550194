"""What can change between two control planes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

Kind = Literal["added", "removed", "deprecated", "restored", "renamed", "moved", "changed"]
Subject = Literal["operation", "parameter", "body", "response", "model", "field", "member"]


@dataclass(frozen=True)
class Change:
    """One fact that is not what it was.

    Attributes:
        name: of the parameter, field or member, or the response's status; of the operation or
            model itself none.
        of: the parameter or field whose values a member is one of; of an enum's own members none.
        aspect: what of a subject was changed, such as `type` or `maximum`; of the other kinds none.
        before: names and values of the older control plane; what was removed, by its facts.
        after: those of the newer one; of a deprecation the replacement where there is one.
    """

    kind: Kind
    subject: Subject
    name: str = ""
    aspect: str = ""
    before: Any = None
    after: Any = None
    of: str = ""


@dataclass(frozen=True)
class Entry:
    """Everything that changed about one operation or one model.

    Attributes:
        category: the package, `common` or `unreached`; the newer control plane's, if it has it.
        name: likewise the newer one: `group.method`, or the model's.
        endpoint: an operation's method and path.
    """

    category: str
    subject: Literal["operation", "model"]
    name: str
    endpoint: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Difference:
    """What changed from one control plane to another, in a stable order.

    Attributes:
        titles: of the categories, by package.
    """

    older: str
    newer: str
    titles: dict[str, str]
    entries: tuple[Entry, ...]

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON values."""
        return {
            "older": self.older,
            "newer": self.newer,
            "entries": [_entry(entry) for entry in self.entries],
        }


def by_name(names: Iterable[str], older: dict[str, Any], newer: dict[str, Any]) -> list[str]:
    """Names in the newer order, and where the newer one lacks them in the older, at the end."""
    order = [*newer, *(name for name in older if name not in newer)]
    wanted = set(names)
    return [name for name in order if name in wanted]


def _entry(entry: Entry) -> dict[str, Any]:
    said = {"category": entry.category, "subject": entry.subject, "name": entry.name}
    if entry.endpoint:
        said["method"], said["path"] = entry.endpoint.split(" ", 1)
    return {**said, "changes": [_said(change) for change in entry.changes]}


def _said(change: Change) -> dict[str, Any]:
    return {key: value for key, value in asdict(change).items() if value not in ("", None)}
