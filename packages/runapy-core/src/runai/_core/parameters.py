"""What a parameter's value must be, and how it is written in a URL or a form.

The checks are pydantic-core's own schemas; a value that fails one is never sent. Values that
Python spells in a richer type than the wire are taken as what they stand for: enum members, UUIDs
and decimals as their text, any other collection as a list, a datetime as RFC 3339 with its offset.
"""

from __future__ import annotations

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

if TYPE_CHECKING:
    from pydantic_core import CoreSchema


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
    """Text; lengths in characters, a pattern as in JSON Schema."""
    return _schema(
        "str",
        pattern=pattern,
        min_length=min_length,
        max_length=max_length,
        coerce_numbers_to_str=True,
    )


def integer(*, minimum: Optional[int] = None, maximum: Optional[int] = None) -> CoreSchema:
    """A whole number, its limits included."""
    return _schema("int", ge=minimum, le=maximum)


def number(*, minimum: Optional[float] = None, maximum: Optional[float] = None) -> CoreSchema:
    """A finite number, its limits included."""
    return _schema("float", ge=minimum, le=maximum, allow_inf_nan=False)


def boolean() -> CoreSchema:
    """`true` or `false`."""
    return _schema("bool")


def timestamp() -> CoreSchema:
    """A point in time; one without an offset is taken as UTC (RFC 3339 demands an offset)."""
    return _schema("datetime")


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
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    if isinstance(value, date):
        return text(value) if schema["type"] == "str" else value
    if schema["type"] == "list":
        if isinstance(value, (str, bytes)) or not hasattr(value, "__iter__"):
            value = [value]
        return [plain(each, schema["items_schema"]) for each in value]
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
    return quote(value, safe="")


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


def _schema(kind: str, **constraints: Any) -> CoreSchema:
    given = {key: value for key, value in constraints.items() if value is not None}
    schema: Dict[str, Any] = {"type": kind, **given}
    return cast("CoreSchema", schema)
