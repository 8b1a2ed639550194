"""Which property of a list's records a field of a query stands for, and its values."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, List, Tuple

from runai.testing.rows import Record, once

Path = Tuple[str, ...]
Column = List[Any]

# Fields of the API whose property has another name, or is no value itself.
_ELSEWHERE = {
    "allocatedGPU": "allocatedResources.gpu",
    "creationTime": "createdAt",
    "departmentId": "parentId",
    "gpuAllocated": "status.quotaStatus.allocated.gpu",
    "lastUpdated": "updatedAt",
    "nodepool": "currentNodePools",
    "parentName": "parent.name",
    "runnable": "runnable.isRunnable",
    "totalGpuQuota": "totalResources.gpuQuota",
    "type": "isLocal",
    **{
        f"avg{quantity}{span}": f"overtimeData.range{span}Data.average{quantity}"
        for quantity in ("GpuAllocation", "GpuUtilization", "GpuMemoryUtilization")
        for span in ("24h", "7d", "30d")
    },
}
_SPECIMENS = 1000


def path_of(records: Sequence[Record], field: str) -> Path | None:
    """The path of the property that a field stands for; None where no record has one.

    This is the property of exactly that name; else the one that the API is known to mean; else
    the one of that name, whatever its case and underscores, that is nearest to the top of a
    record. It may be inside objects but not inside lists, and an object itself is no value.
    """
    paths = (_path_in(specimens, field) for specimens in _specimens(records))
    return next(filter(None, paths), None)


def column(records: Sequence[Record], path: Path) -> Column:
    """The value that each record has at the path; None where there is none; not to change."""
    kept: Column = once(records, path, lambda: _column(records, path))
    return kept


def texts(records: Sequence[Record], path: Path) -> tuple[list[str], dict[str, str]]:
    """The text that each record has at the path, and every text in lower case; not to change."""

    def made() -> tuple[list[str], dict[str, str]]:
        found = [value if type(value) is str else "" for value in column(records, path)]
        return found, {text: text.lower() for text in set(found)}

    kept: tuple[list[str], dict[str, str]] = once(records, ("texts", path), made)
    return kept


def _column(records: Iterable[Record], path: Path) -> Column:
    values: Column = [record.get(path[0]) for record in records]
    for name in path[1:]:
        values = [value.get(name) if type(value) is dict else None for value in values]
    return values


def name_paths(records: Sequence[Record]) -> list[Path]:
    """The paths of the properties that name a record or what it belongs to."""
    kept: list[Path] = once(records, "names", lambda: _name_paths(records))
    return kept


def _name_paths(records: Sequence[Record]) -> list[Path]:
    paths: dict[Path, None] = {}
    for record in chain.from_iterable(_specimens(records)):
        meta = record.get("meta")
        paths.update(((name,), None) for name in record if _is_naming(name))
        if type(meta) is dict:
            paths.update((("meta", name), None) for name in meta if _is_naming(name))
    return list(paths)


def _specimens(records: Sequence[Record]) -> Iterator[Collection[Record]]:
    """Records spread over a list; then, where those are not all, one for each set of properties."""
    step = len(records) // _SPECIMENS + 1
    yield records[::step]
    if step > 1:
        yield {tuple(record): record for record in records}.values()


def _path_in(records: Collection[Record], field: str) -> Path | None:
    if any(type(record.get(field, record)) is not dict for record in records):
        return (field,)
    known = tuple(_ELSEWHERE.get(field, field).split("."))
    if any(value is not None and type(value) is not dict for value in _column(records, known)):
        return known
    wanted = _folded(field)
    return next(filter(None, (_nearest(record, wanted) for record in records)), None)


def _nearest(record: Record, wanted: str) -> Path | None:
    level: list[tuple[Path, Record]] = [((), record)]
    while level:
        deeper: list[tuple[Path, Record]] = []
        for path, holder in level:
            for name, value in holder.items():
                if type(value) is dict:
                    deeper.append(((*path, name), value))
                elif _folded(name) == wanted:
                    return (*path, name)
        level = deeper
    return None


@functools.lru_cache(maxsize=4096)
def _folded(name: str) -> str:
    return name.replace("_", "").lower()


@functools.lru_cache(maxsize=4096)
def _is_naming(name: str) -> bool:
    return _folded(name).endswith("name") or name in ("email", "subject", "subjectId")
