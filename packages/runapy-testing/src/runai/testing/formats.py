"""Formats of the specification that are demanded of values, by RFC where there is one."""

from __future__ import annotations

import base64
import functools
import re
from datetime import date, datetime
from typing import Callable
from urllib.parse import urlsplit

Check = Callable[[object], bool]
FORMATS: dict[str, Check] = {}
"""Whether a value has the format, by its name; what is no text, or no number, has every one."""

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_DATE_TIME = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:(?P<second>\d\d)(\.\d+)?(?P<offset>[Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_LABEL = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)", re.ASCII)


def _checks(name: str) -> Callable[[Check], Check]:
    def register(check: Check) -> Check:
        @functools.wraps(check)
        def checked(value: object) -> bool:
            try:
                return check(value)
            except ValueError:
                return False

        FORMATS[name] = checked
        return check

    return register


@_checks("uuid")
def is_uuid(value: object) -> bool:
    """RFC 9562, the form with hyphens."""
    return not isinstance(value, str) or _UUID.fullmatch(value) is not None


@_checks("date-time")
def is_date_time(value: object) -> bool:
    """RFC 3339: an offset is demanded."""
    if not isinstance(value, str):
        return True
    match = _DATE_TIME.fullmatch(value)
    if match is None:
        return False
    if match["offset"] not in "Zz":
        hours, minutes = match["offset"][1:].split(":")
        if int(hours) > 23 or int(minutes) > 59:
            return False
    # datetime knows no leap second, RFC 3339 does.
    seconds = "59" if match["second"] == "60" else match["second"]
    datetime.fromisoformat(f"{value[:10]}T{value[11:16]}:{seconds}")
    return True


@_checks("date")
def is_date(value: object) -> bool:
    """RFC 3339 full-date."""
    if not isinstance(value, str):
        return True
    date.fromisoformat(value)
    # From Python 3.11 on, fromisoformat also reads other forms of ISO 8601.
    return re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII) is not None


@_checks("email")
def is_email(value: object) -> bool:
    """One @ between two parts without spaces."""
    return not isinstance(value, str) or _EMAIL.fullmatch(value) is not None


@_checks("uri")
def is_uri(value: object) -> bool:
    """RFC 3986: a scheme, ASCII, no spaces."""
    if not isinstance(value, str):
        return True
    return bool(urlsplit(value).scheme) and value.isascii() and not re.search(r"[\s<>\"]", value)


@_checks("hostname")
def is_hostname(value: object) -> bool:
    """RFC 1123: labels of letters, digits and hyphens."""
    if not isinstance(value, str):
        return True
    return len(value) <= 253 and all(_LABEL.fullmatch(label) for label in value.split("."))


@_checks("ipv4")
def is_ipv4(value: object) -> bool:
    """Four decimal octets."""
    # Rarely asked for, and takes a while to load.
    import ipaddress

    return not isinstance(value, str) or bool(ipaddress.IPv4Address(value))


@_checks("byte")
def is_base64(value: object) -> bool:
    """RFC 4648, section 4."""
    if isinstance(value, str):
        base64.b64decode(value, validate=True)
    return True


@_checks("int32")
def is_int32(value: object) -> bool:
    """Between -2^31 and 2^31 - 1."""
    return not isinstance(value, (int, float)) or -(2**31) <= value < 2**31


@_checks("int64")
def is_int64(value: object) -> bool:
    """Between -2^63 and 2^63 - 1."""
    return not isinstance(value, (int, float)) or -(2**63) <= value < 2**63
