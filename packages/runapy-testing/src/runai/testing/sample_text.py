"""Strings that meet a schema's format, pattern and lengths."""

from __future__ import annotations

import base64
import re
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

_EPOCH = datetime(2025, 1, 1, tzinfo=timezone.utc)
# As far as calendars reach; lists are asked for items behind that.
_MANY = 1_000_000
_NAMESPACE = uuid.UUID("6f1b0e1c-2d5a-4b7e-9c3f-8a4d2e6b7c90")
# What the patterns of the API ask for: names, quantities, durations, modes, paths, addresses.
_CANDIDATES = (
    "sample {0} sample-{0} sample_{0} s{0} Sample{0} S{0} SAMPLE {0}G 10{0}m {0}s "
    "0644 /sample/{0} sample{0}.md s{0}@example.com https://s{0}.example.com 1.0.{0} v1.0.{0} "
    "sample.example.com/s{0} 10.0.0.{0} sample:{0} sample=={0} 0"
).split()
_FIRST_ALTERNATIVE = re.compile(r"\^\((\w+)\|?[^()]*\)\(==")


def sample_text(schema: dict[str, Any], name: str, index: int) -> str:
    """A string for a schema, readable and the same for the same arguments.

    Args:
        schema: a schema that allows strings.
        name: of the property, used in the string where it fits.
        index: of the item that the property is in; items get different strings where they can.

    Raises:
        ValueError: nothing known here meets the pattern and the lengths.
    """
    pattern = re.compile(schema.get("pattern", ""))
    shortest, longest = schema.get("minLength", 0), schema.get("maxLength")
    for candidate in _candidates(schema, name, index):
        text = candidate[:longest]
        for fitted in (text, text + "0" * (shortest - len(text)), "s" * shortest):
            if len(fitted) >= shortest and pattern.search(fitted):
                return fitted
    raise ValueError(
        f"no sample of {name!r} meets {schema}: add a candidate to {__name__} for its pattern"
    )


def _candidates(schema: dict[str, Any], name: str, index: int) -> Iterator[str]:
    by_format = _formatted(schema.get("format"), name, index)
    if by_format is not None:
        yield by_format
    yield f"{name}-{index}"
    yield f"{name.lower()}-{index}"
    for candidate in _CANDIDATES:
        yield candidate.format(index)
    first = _FIRST_ALTERNATIVE.match(schema.get("pattern", ""))
    if first:
        yield f"{first[1]}=={index}"
    yield str(_uuid(name, index))


def _formatted(name_of_format: str | None, name: str, index: int) -> str | None:
    write = _FORMATS.get(name_of_format or "")
    return None if write is None else write(name, index)


def _uuid(name: str, index: int) -> uuid.UUID:
    return uuid.uuid5(_NAMESPACE, f"{name}-{index}")


_FORMATS: dict[str, Callable[[str, int], str]] = {
    "uuid": lambda name, index: str(_uuid(name, index)),
    "date-time": lambda _, index: f"{_EPOCH + timedelta(minutes=index % _MANY):%Y-%m-%dT%H:%M:%SZ}",
    "date": lambda _, index: f"{_EPOCH + timedelta(days=index % _MANY):%Y-%m-%d}",
    "uri": lambda name, index: f"https://example.com/{name}/{index}",
    "email": lambda name, index: f"{name.lower()}-{index}@example.com",
    "hostname": lambda _, index: f"host-{index}.example.com",
    "ipv4": lambda _, index: f"192.0.2.{index % 256}",
    "byte": lambda name, index: base64.b64encode(f"{name}-{index}".encode()).decode(),
}
