"""Which records of a list a request asks for: filtered, searched, sorted, paged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any

from runai.testing.answers import Refusal, shortened
from runai.testing.filters import Condition, as_text, comparable, read_filters
from runai.testing.ordering import sorted_by
from runai.testing.paging import Page, window_of
from runai.testing.record_properties import naming_paths, path_in
from runai.testing.specification import Operation, Parameter
from runai.testing.table import Column, Row, Table

_NO_FILTERS = {
    *("offset", "from", "limit", "sortBy", "sortOrder", "sortDirection", "filterBy", "search"),
    *("complyToProject", "complyToReplicaType", "complyToWorkloadType", "verbosity"),
    *("statusInfo", "usageInfo"),
}
# Without any other, all records are kept.
_ARRANGING = {"offset", "from", "limit", "sortBy", "sortOrder", "sortDirection"}
# What parameters ask for that are not called like the property.
_ASKED = {
    "assetIds": ("id", "=="),
    "end": ("timestamp", "<="),
    "lastUpdated": ("updatedAt", ">="),
    "nodeName": ("name", "=="),
    "searchName": ("name", "=@"),
    "start": ("timestamp", ">="),
    "subjectIdFilter": ("subjectId", "=@"),
    "subjectIds": ("subjectId", "=="),
}
# Parameters that ask whether records have a property.
_MARKS: Mapping[str, Mapping[str, tuple[str, bool]]] = {
    "completed": {"true": ("completedAt", True), "false": ("completedAt", False)},
    "deleted": {"true": ("deletedAt", True), "false": ("deletedAt", False)},
    "includeDeleted": {"false": ("deletedAt", False)},
}


# Between names that are searched: a query, which is UTF-8, cannot have it.
_BETWEEN = "\ud800"


@dataclass(frozen=True)
class Selection:
    """The records that a request asks for."""

    records: list[Row]
    """Those of the page."""
    page: Page

    @property
    def total(self) -> int:
        """How many there are on all pages."""
        return self.page.total

    @property
    def next(self) -> int | None:
        """Offset of the next page; None on the last one."""
        return self.page.next


def select(table: Table, operation: Operation, query: Mapping[str, Any]) -> Selection:
    """The page of records that a query asks for; all of them where there are no pages.

    `filterBy` takes its fields and operators from the operation; `path_in` says which property
    of the records a field stands for. Text is compared as it is, by code points; `search` finds
    names in any case. `sortBy` is stable in either direction and puts records without a value
    last; without it they stay in order of creation, or newest first where that is descending.

    Any other parameter is a filter where the records have a property that it stands for: equal
    to the value, or to one of the values. `name:value` in `filter` is one more. `start`, `end`,
    `deleted`, `completed` and a few more have meanings of their own. What stands for no property,
    such as `verbosity`, changes nothing here.

    Args:
        table: the whole list.
        operation: that lists or counts them.
        query: checked values by parameter.

    Raises:
        Refusal: 400 for filters, fields, operators or offsets that there are not.
    """
    parameters = operation.parameters_in("query")
    window = window_of(operation, query)
    problems = window.problems
    fields = _keywords(parameters.get("sortBy")).get("enum", [])
    if fields and query.get("sortBy", fields[0]) not in fields:
        unknown = shortened(query["sortBy"])
        problems.append(f"sortBy {unknown}: no such field; the fields are {', '.join(fields)}")
    kept = _kept(table, operation, query, problems)
    page = Page(window, len(kept))
    arranged, positions = _arranged(table, kept, parameters, query), page.positions
    return Selection(table.rows(arranged[positions.start : positions.stop]), page)


def total(table: Table, operation: Operation, query: Mapping[str, Any]) -> int:
    """How many records `select` finds, on all pages.

    Raises:
        Refusal: 400 for filters, fields or operators that there are not.
    """
    return len(_kept(table, operation, query, []))


def _kept(
    table: Table, operation: Operation, query: Mapping[str, Any], problems: list[str]
) -> Sequence[int]:
    """The positions of the records that pass every filter.

    Raises:
        Refusal: 400 for what is wrong with the query, and the problems that were found before.
    """
    conditions: list[Condition] = []
    if "filterBy" in query:
        parameters = operation.parameters_in("query")
        schema = parameters["filterBy"].schema if "filterBy" in parameters else True
        conditions, wrong = read_filters(schema, query["filterBy"])
        problems = [*wrong, *problems]
    if problems:
        raise Refusal(400, f"{operation.id}: bad request", problems)
    if query.keys() <= _ARRANGING:
        return range(len(table))
    try:
        kept = _filtered(table, conditions, query)
    except ValueError as error:
        raise Refusal(400, f"{operation.id}: bad request", [f"query {error}"]) from None
    return _found(table, kept, str(query["search"])) if query.get("search") else kept


def _filtered(
    table: Table, conditions: Sequence[Condition], query: Mapping[str, Any]
) -> Sequence[int]:
    tree = table.tree
    kept: Sequence[int] = range(len(table))
    for alternatives in [*([condition] for condition in conditions), *_plain(table, query)]:
        field = alternatives[0].field
        path = path_in(tree, field)
        column = [None] * len(table) if path is None else comparable(table, path, field)
        values = _at(column, kept)
        passing = [condition.passing(values) for condition in alternatives]
        kept = list(compress(kept, passing[0] if len(passing) == 1 else map(any, zip(*passing))))
    for name, value in query.items():
        wanted = _MARKS.get(name, {}).get(as_text(value))
        if wanted is not None:
            field, is_set = wanted
            marks = _at(table.column((field,)), kept)
            kept = [position for position, mark in zip(kept, marks) if (mark is not None) is is_set]
    return kept


def _plain(table: Table, query: Mapping[str, Any]) -> Iterator[list[Condition]]:
    """The conditions in other parameters than `filterBy`; of each list, one must be met."""
    for name, value in query.items():
        if name in _NO_FILTERS or name in _MARKS:
            continue
        field, comparison = _ASKED.get(name, (name, "=="))
        values = value if isinstance(value, list) else [value]
        if name == "filter":
            field, _, text = str(value).partition(":")
            values = [text]
        elif name.endswith("Ids") and isinstance(value, str):
            values = value.split(",")
        if values and path_in(table.tree, field) is not None:
            yield [Condition(field, comparison, as_text(each)) for each in values]


def _found(table: Table, positions: Sequence[int], text: str) -> list[int]:
    wanted = text.lower()
    paths = naming_paths(table.tree)
    names = _at(table.derived(tuple(paths), _searched), positions) if paths else []
    return [position for position, named in zip(positions, names) if wanted in named]


def _searched(*columns: Column) -> Column:
    """All names of each record in one text."""
    return [
        _BETWEEN.join(name for name in names if type(name) is str).lower()
        for names in zip(*columns)
    ]


def _at(column: Column, positions: Sequence[int]) -> Column:
    """The values of a column at some positions; not to change."""
    return column if len(positions) == len(column) else list(map(column.__getitem__, positions))


def _arranged(
    table: Table,
    positions: Sequence[int],
    parameters: Mapping[str, Parameter],
    query: Mapping[str, Any],
) -> Sequence[int]:
    """The positions in the order that is asked for."""
    default = _keywords(parameters.get("sortOrder")).get("default", "asc")
    order = query.get("sortOrder", query.get("sortDirection", default))
    descending = str(order).lower() == "desc"
    if query.get("sortBy"):
        return sorted_by(table, positions, str(query["sortBy"]), descending)
    return positions[::-1] if descending else positions


def _keywords(parameter: Parameter | None) -> Mapping[str, Any]:
    """The keywords of a parameter's schema; none where there is no parameter or a reference."""
    return {} if parameter is None else parameter.keywords
