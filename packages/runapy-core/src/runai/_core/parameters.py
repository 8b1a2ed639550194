"""What a parameter's value must be, and how it is written in a URL or a form.

The checks are pydantic-core's own schemas; a value that fails one is never sent. Values that
Python spells in a richer type than the wire are taken as what they stand for: enum members, UUIDs
and decimals as their text, any other collection as a list, a datetime as RFC 3339 with its offset.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timezone
from decimal import Decimal
from enum import Enum
from typing import (
    TYPE_CHECKING,
    Any,
    Dict,
    List,
    Mapping,
    NamedTuple,
    Optional,
    Sequence,
    Tuple,
    cast,
)
from urllib.parse import quote
from uuid import UUID

from runai.exceptions import ApiValueError

if TYPE_CHECKING:
    from pydantic_core import CoreSchema


RFC3339 = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})$"
)
"""A point in time with its offset (RFC 3339, section 5.6)."""


_UNRESERVED = re.compile(r"[A-Za-z0-9_.~-]*\Z")


class Parameter(NamedTuple):
    """One parameter of an operation.

    Attributes:
        name: the method's parameter.
        wire_name: the control plane's.
        schema: what a value must be; made by the functions below.
        required: whether it must be given.
        explode: a list is sent as repeated names (True) or joined by commas (False).
    """

    name: str
    wire_name: str
    schema: CoreSchema
    required: bool = False
    explode: bool = False


def string(
    *,
    pattern: Optional[str] = None,
    min_length: Optional[int] = None,
    max_length: Optional[int] = None,
) -> CoreSchema:
    """Text; lengths in characters, a pattern as in JSON Schema.

    Formats, such as UUIDs, are the control plane's to judge.
    """
    return _schema(
        "str",
        pattern=pattern,
        min_length=min_length,
        max_length=max_length,
        coerce_numbers_to_str=True,
    )


def integer(*, minimum: Optional[int] = None, maximum: Optional[int] = None) -> CoreSchema:
    """A whole number, its limits included; a text of digits counts as one, a bool does not."""
    return _schema("int", ge=minimum, le=maximum, strict=True)


def number(*, minimum: Optional[float] = None, maximum: Optional[float] = None) -> CoreSchema:
    """A finite number, its limits included; a text of digits counts as one, a bool does not."""
    return _schema("float", ge=minimum, le=maximum, allow_inf_nan=False, strict=True)


def boolean() -> CoreSchema:
    """`true` or `false`."""
    return _schema("bool")


def timestamp() -> CoreSchema:
    """A point in time, or its text as in RFC 3339, which is sent as it is written.

    The RFC demands an offset: a datetime or an ISO 8601 text without one is taken as UTC.
    """
    return _schema(
        "union",
        choices=[_schema("str", pattern=RFC3339), _schema("datetime", strict=True)],
        custom_error_type="timestamp",
        custom_error_message="Input should be a datetime, or text as in RFC 3339",
    )


def choice(*values: str) -> CoreSchema:
    """One of the given strings, or an enum member of that value."""
    return _schema("literal", expected=list(values))


def list_of(
    items: CoreSchema, *, min_items: Optional[int] = None, max_items: Optional[int] = None
) -> CoreSchema:
    """Any collection of such items; a single value counts as a list of one."""
    return _schema("list", items_schema=items, min_length=min_items, max_length=max_items)


def plain(value: Any, schema: Mapping[str, Any]) -> Any:
    """The value as the types that the check knows."""
    kind = schema["type"]
    if type(value) is str and kind in _TEXT:
        return value
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, (UUID, Decimal)):
        value = str(value)
    if isinstance(value, date):
        return text(value) if kind == "str" else _moment(value)
    if kind == "list":
        if isinstance(value, (str, bytes)) or not hasattr(value, "__iter__"):
            value = [value]
        return [plain(each, schema["items_schema"]) for each in value]
    if isinstance(value, str) and kind in _FROM_TEXT:
        return _FROM_TEXT[kind](value)
    return value


def text(value: Any) -> str:
    """A checked value, as it is written; still to be percent-encoded."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def rfc3339(value: datetime) -> str:
    """A point in time with its offset (RFC 3339, section 5.6)."""
    return (value if value.tzinfo else value.replace(tzinfo=timezone.utc)).isoformat()


def percent_encoded(value: str) -> str:
    """Text as one path segment, name or value (RFC 3986): only unreserved characters stay."""
    return value if _UNRESERVED.match(value) else quote(value, safe="")


def query_string(pairs: Sequence[Tuple[Parameter, Any]]) -> str:
    """Checked values as a query, in the order given; an absent one leaves no trace."""
    written: List[str] = []
    for parameter, value in pairs:
        name = percent_encoded(parameter.wire_name)
        values = value if isinstance(value, list) else [value]
        encoded = [percent_encoded(text(each)) for each in values]
        if isinstance(value, list) and not parameter.explode:
            # A comma inside a value is %2C, so the commas that separate stay readable.
            encoded = [",".join(encoded)]
        written.extend(f"{name}={each}" for each in encoded)
    return "&".join(written)


def refuse_unencodable(name: str, value: Any) -> None:
    """Refuse text that has no UTF-8, which is half of a surrogate pair.

    Raises:
        ApiValueError: it names the argument.
    """
    for each in value if isinstance(value, list) else (value,):
        if isinstance(each, str) and each.isascii():
            continue
        try:
            str(each).encode()
        except UnicodeEncodeError:
            raise ApiValueError(f"{name}: {each!r} cannot be written as UTF-8") from None


def _moment(value: date) -> datetime:
    if isinstance(value, datetime):
        return value
    return datetime(value.year, value.month, value.day, tzinfo=timezone.utc)


def _number_of(value: str) -> Any:
    if re.fullmatch(r"-?[0-9]+", value):
        return int(value)
    return float(value) if re.fullmatch(r"-?[0-9]*\.[0-9]+", value) else value


def _moment_of(value: str) -> Any:
    """ISO 8601 without an offset as a datetime; all else as it is, for the check to judge."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    return value if moment.tzinfo else moment


_TEXT = frozenset({"str", "literal", "bool"})
_FROM_TEXT = {"int": _number_of, "float": _number_of, "union": _moment_of}


def _schema(kind: str, **constraints: Any) -> CoreSchema:
    given = {key: value for key, value in constraints.items() if value is not None}
    schema: Dict[str, Any] = {"type": kind, **given}
    return cast("CoreSchema", schema)
