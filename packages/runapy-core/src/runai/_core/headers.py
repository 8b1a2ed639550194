"""HTTP headers: names without regard to case, on the way out and on the way in."""

from __future__ import annotations

import re
from typing import Any, Dict, Iterable, Iterator, Mapping, Tuple

from runai.exceptions import ApiValueError

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_FORBIDDEN_IN_VALUE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class Headers(Mapping[str, str]):
    """The headers of an answer; one that came several times is joined by commas (RFC 9110, 5.3).

    Arguments:
        pairs: names and values in the order in which they came.
    """

    __slots__ = ("_items",)

    def __init__(self, pairs: Iterable[Tuple[str, str]] = ()) -> None:
        items: Dict[str, Tuple[str, str]] = {}
        for name, value in pairs:
            key = name.lower()
            items[key] = (name, f"{items[key][1]}, {value}" if key in items else value)
        self._items = items

    def __getitem__(self, name: str) -> str:
        return self._items[name.lower()][1]

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a header, the default if it did not come."""
        # Every call looks for headers that are not there; the base class raises for each.
        found = self._items.get(name.lower())
        return default if found is None else found[1]

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._items.values())

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._items

    def __repr__(self) -> str:
        return f"Headers({dict(self)!r})"


def merged(*layers: Mapping[str, str]) -> Dict[str, str]:
    """One dict of all layers, in which a later layer replaces an earlier one's header."""
    headers: Dict[str, str] = {}
    for layer in layers:
        headers.update(layer)
    if len({name.lower() for name in headers}) == len(headers):
        return headers
    items: Dict[str, Tuple[str, str]] = {}
    for layer in layers:
        for name, value in layer.items():
            items[name.lower()] = (name, value)
    return dict(items.values())


def checked(name: str, value: object) -> Tuple[str, str]:
    """A header that can be sent: no value can end its line or add another header.

    Raises:
        ApiValueError: the name or the value is none that HTTP allows.
    """
    if not isinstance(name, str) or not _NAME.match(name):
        raise ApiValueError(f"{name!r} is no header name: use letters, digits and hyphens")
    text = str(value)
    if _FORBIDDEN_IN_VALUE.search(text):
        # The value may be a secret, so it is not shown.
        raise ApiValueError(f"the value of header {name} holds a line break or control character")
    return name, text.strip()
