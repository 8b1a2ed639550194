"""Conditions on the values of records, and the `filterBy` that holds them."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from runai.testing.answers import shortened
from runai.testing.formats import is_date_time
from runai.testing.record_properties import Path
from runai.testing.table import Column, Table

OPERATORS = ("==", "!=", "<=", ">=", "=@", "!@", "=^", "=$")

_RELATIONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "<=": operator.le,
    ">=": operator.ge,
    "=@": operator.contains,
    "=^": str.startswith,
    "=$": str.endswith,
}
_OPPOSITES = {"!=": "==", "!@": "=@"}
_COMPARISONS = ("==", "!=", "<=", ">=")
_FILTER = re.compile(
    r"(?P<field>[\w.]*)(?P<operator>==|!=|<=|>=|=@|!@|=\^|=\$)(?P<operand>.+)", re.DOTALL
)
_ITEM_PATTERN = re.compile(r"\^\((?P<fields>[^()]*)\)\((?P<operators>[^()]*)\)")
_NUMBER = re.compile(r"-?[0-9]{1,100}(?P<rest>(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?)")
_TEXT = frozenset((str, type(None)))
_TIME_FIELD = re.compile(r"(At|Time|Login|Updated|timestamp)$")
_WITHOUT_ZONE = re.compile(r"\d{4}-\d\d-\d\d(?P<time>T\d\d:\d\d:\d\d(\.\d+)?)?", re.ASCII)


@dataclass(frozen=True)
class Condition:
    """What a record's value must be."""

    field: str
    operator: str
    operand: str

    def __str__(self) -> str:
        return shortened(f"{self.field}{self.operator}{self.operand}")

    def passing(self, values: Column) -> list[bool]:
        """Which of the values meet the condition; a missing one meets only `!=` and `!@`.

        Args:
            values: of the field, as `comparable` has them.

        Raises:
            ValueError: the operator or the operand does not fit the type of the values.
        """
        for problem in self.problems():
            raise ValueError(problem)
        opposite = _OPPOSITES.get(self.operator)
        relation = _RELATIONS[opposite or self.operator]
        if _is_time_field(self.field):
            passing = self._passing_times(values, relation)
        else:
            passing = self._passing_values(values, relation)
        return list(map(operator.not_, passing)) if opposite else passing

    def problems(self) -> Iterator[str]:
        """What is wrong with the condition, whatever the values are."""
        if not _is_time_field(self.field):
            return
        if self.operator not in _COMPARISONS:
            yield f"{self}: {self.field} is a time, which takes {_listed(_COMPARISONS)}"
        elif _bound(self.operand) is None:
            yield f"{self}: write an RFC 3339 time, such as {self.field}>=2025-01-31T08:00:00Z"

    def _passing_times(self, values: Column, relation: Callable[[Any, Any], bool]) -> list[bool]:
        bound = _bound(self.operand)
        return [time is not None and relation(time, bound) for time in values]

    def _passing_values(self, values: Column, relation: Callable[[Any, Any], bool]) -> list[bool]:
        if not _is_text(values):
            return list(map(self._test(relation), values))
        text, distinct = self.operand, set(values)
        if 4 * len(distinct) > len(values):
            return [value is not None and relation(value, text) for value in values]
        # Many records have few phases, types, projects.
        found = {value: value is not None and relation(value, text) for value in distinct}
        return list(map(found.__getitem__, values))

    def _test(self, relation: Callable[[Any, Any], bool]) -> Callable[[Any], bool]:
        text, number = self.operand, _number(self.operand)
        compares = self.operator in _COMPARISONS

        def test(value: Any) -> bool:
            if type(value) is str:
                return relation(value, text)
            if value is None or type(value) is dict:
                return False
            if type(value) is list:
                return any(map(test, value))
            if not compares:
                return relation(as_text(value), text)
            if type(value) is bool:
                if relation is not operator.eq or text not in ("true", "false"):
                    raise ValueError(f"{self}: {self.field} takes == or != and true or false")
                return value == (text == "true")
            if number is None:
                raise ValueError(f"{self}: {self.field} is a number, {text!r} is none")
            return relation(value, number)

        return test


def read_filters(schema: Any, texts: Sequence[str]) -> tuple[list[Condition], list[str]]:
    """The conditions of a `filterBy`, and everything that is wrong with it.

    Args:
        schema: of the parameter; its items' pattern says which fields and operators there are.
        texts: each a field, an operator and a value with nothing between them.
    """
    fields, operators = _allowed(schema)
    conditions: list[Condition] = []
    problems: list[str] = []
    for text in texts:
        match = _FILTER.fullmatch(text)
        if match is None:
            problem = f"write <field><operator><value>; the operators are {_listed(operators)}"
            problems.append(f"filterBy {shortened(text)}: {problem}")
            continue
        condition = Condition(**match.groupdict())
        conditions.append(condition)
        if not condition.field or (fields and condition.field not in fields):
            problem = f"no field {condition.field!r}; the fields are {_listed(fields)}"
            problems.append(f"filterBy {condition}: {problem}")
        elif condition.operator not in operators:
            problem = f"no operator {condition.operator}; the operators are {_listed(operators)}"
            problems.append(f"filterBy {condition}: {problem}")
        else:
            problems += [f"filterBy {problem}" for problem in condition.problems()]
    return conditions, problems


def comparable(table: Table, path: Path, field: str) -> Column:
    """The values of a field as they are compared, times as instants; not to change."""
    if not _is_time_field(field):
        return table.column(path)
    return table.derived((path,), _instants)


def as_text(value: Any) -> str:
    """A value as a filter writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_text(values: Column) -> bool:
    """Whether nothing but text is among the values."""
    return _TEXT.issuperset(map(type, values))


def _is_time_field(field: str) -> bool:
    """Whether a field holds times, which the API says by the end of its name."""
    return _TIME_FIELD.search(field) is not None


def _instants(values: Column) -> Column:
    """RFC 3339 times as text that sorts as the instants do; None for what is none.

    The text is the time in UTC, with the digits of a fraction behind its Z.
    """
    # Reading each time of a long list in full would take longer than all the rest.
    return [
        value
        if type(value) is str and len(value) == 20 and value[19] == "Z" and value[10] == "T"
        else _instant(value)
        for value in values
    ]


def _allowed(schema: Any) -> tuple[list[str], Sequence[str]]:
    items = schema.get("items") if isinstance(schema, dict) else None
    pattern = items.get("pattern", "") if isinstance(items, dict) else ""
    match = _ITEM_PATTERN.match(pattern)
    if match is None:
        return [], OPERATORS
    fields = [field for field in match["fields"].split("|") if field]
    return fields, match["operators"].replace("\\", "").split("|")


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "those of the records"


def _instant(value: Any) -> str | None:
    if type(value) is not str:
        return None
    if value[10:11] == "T" and value[19:20] == ".":
        if value[-1] == "Z":
            return f"{value[:19]}Z{value[20:-1].rstrip('0')}"
        if value[-6:] == "+00:00":
            return f"{value[:19]}Z{value[20:-6].rstrip('0')}"
    return _read_instant(value)


def _bound(operand: str) -> str | None:
    """The instant of an operand, which is in UTC unless it says another offset."""
    match = _WITHOUT_ZONE.fullmatch(operand)
    if match is not None:
        operand += "Z" if match["time"] else "T00:00:00Z"
    return _read_instant(operand)


def _read_instant(text: str) -> str | None:
    try:
        if not is_date_time(text):
            return None
        second = int(text[17:19])
        fraction, zone = re.findall(r"(\.\d+)?([Zz]|[+-].+)$", text[19:])[0]
        offset = timedelta(0)
        if zone not in "Zz":
            offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[4:]))
        # A minute and seconds apart, since datetime knows no leap second.
        minute = datetime.fromisoformat(f"{text[:10]}T{text[11:16]}")
        moment = minute + timedelta(seconds=second) - (-offset if zone[0] == "-" else offset)
    except (ValueError, OverflowError):
        return None
    return f"{moment.isoformat()}Z{fraction[1:].rstrip('0')}"


def _number(text: str) -> float | None:
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    return float(text) if match["rest"] else int(text)
