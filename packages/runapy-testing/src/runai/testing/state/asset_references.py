"""Which assets are used by others: by templates, data sources and policies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, FrozenSet

from runai.testing.state.paths import WORKLOADS, WORKLOADS_V2

if TYPE_CHECKING:
    from runai.testing.state.store import Record

# Whatever is below these are ids of assets, and their names and kinds.
_HOLDERS = re.compile("(assets|assetId|credentialId)$", re.IGNORECASE)


def assets_in(record: Record) -> FrozenSet[str]:
    """The ids of the assets that a record makes use of, and other texts beside them.

    Workloads have a copy of what their assets said, and do without them.
    """
    if record.collection.startswith((WORKLOADS, WORKLOADS_V2)):
        return frozenset()
    return frozenset(_ids(record.facts))


def _ids(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for part in value:
            yield from _ids(part)
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _texts(part) if _HOLDERS.search(key) else _ids(part)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)
