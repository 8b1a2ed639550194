"""What an answer that somebody gives must be, or it could not be sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# RFC 9110, sections 5.1 and 5.5; numbers such as those of Retry-After are written as text.
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e\xa0-\xff]*")


def demand_status(status: Any) -> None:
    """Raise ValueError where a status ends no exchange."""
    if not isinstance(status, int) or not 200 <= status <= 599:
        raise ValueError(f"status {status!r} is no final answer: give one from 200 to 599")


def demand_headers(headers: Any) -> None:
    """Raise ValueError where headers cannot be written."""
    if not isinstance(headers, Mapping):
        raise ValueError(f"headers {headers!r}: give a dict, such as {{'Retry-After': '1'}}")
    for name, value in headers.items():
        if not _NAME.fullmatch(str(name)):
            raise ValueError(f"headers: {name!r} is no name of a header: give one such as 'Age'")
        if not _VALUE.fullmatch(str(value)):
            raise ValueError(f"headers.{name} is {value!r}: give one line of ISO 8859-1")


def demand_body(body: Any) -> None:
    """Raise ValueError where a body is not what goes over the wire."""
    if not isinstance(body, bytes):
        raise ValueError(
            f"body {body!r} is no bytes: give it as it goes over the wire, such as "
            "json.dumps(content).encode()"
        )
