"""Faults as JSON, for other processes: each kind by its name, with its arguments beside it."""

from __future__ import annotations

import base64
import binascii
import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, get_args

from runai.testing.answers import shortened
from runai.testing.fault_selection import FaultRule, Faults
from runai.testing.faults import Fault

_KINDS: dict[str, Any] = {kind.__name__: kind for kind in get_args(Fault)}
_RULE = ("scope", "fault", "skip", "times", "every", "rate")


def add_documented(faults: Faults, document: Any) -> None:
    """Add the fault that a document such as this one tells of.

    `{"scope": "projects.get_projects", "fault": {"kind": "Status", "status": 429}, "times": 1}`

    Raises:
        ValueError: it tells of none, or it would keep every request of the other process away.
    """
    rule = _object(document, "the document")
    _demand_known(rule, _RULE, "the document")
    for name in ("scope", "fault"):
        if name not in rule:
            raise ValueError(f"{name} is missing: give scope and fault")
    fault = fault_of(rule["fault"])
    options = {name: _READERS[name](rule[name], name) for name in _RULE[2:] if name in rule}
    if _shuts_out(fault, options):
        raise ValueError(
            "a Drop at connect that strikes every connection would strike those of this endpoint "
            "too, for ever: give times, every or rate"
        )
    faults.add(_scope(rule["scope"]), fault, **options)


def fault_of(document: Any, place: str = "fault") -> Fault:
    """The fault of a document such as `{"kind": "Delay", "seconds": 2}`.

    Raises:
        ValueError: it has no such kind, or not its arguments.
    """
    arguments = dict(_object(document, place))
    kind = arguments.pop("kind", None)
    if not isinstance(kind, str) or kind not in _KINDS:
        raise ValueError(f"{place}.kind is {shortened(kind)}: give one of {', '.join(_KINDS)}")
    fields = dataclasses.fields(_KINDS[kind])
    _demand_known(arguments, [field.name for field in fields], place)
    read = {name: _READERS[name](value, f"{place}.{name}") for name, value in arguments.items()}
    required = [field.name for field in fields if _is_required(field)]
    missing = [name for name in required if name not in read]
    if missing:
        raise ValueError(f"{place}.{missing[0]} is missing: {kind} needs {', '.join(required)}")
    fault: Fault = _KINDS[kind](**read)
    return fault


def document_of(fault: Fault) -> dict[str, Any]:
    """The document of a fault; `fault_of` reads it."""
    arguments = {
        field.name: _written(getattr(fault, field.name)) for field in dataclasses.fields(fault)
    }
    return {"kind": type(fault).__name__, **arguments}


def document_of_rule(rule: FaultRule) -> dict[str, Any]:
    """The document of what was added, and of how often it struck."""
    return {**rule._asdict(), "fault": document_of(rule.fault)}


def whole_number(value: Any, place: str) -> int:
    """A value that is a whole number; raises ValueError for others, which names its place."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError(f"{place} is {shortened(value)}: give a whole number")


def number(value: Any, place: str) -> float:
    """A value that is a number; raises ValueError for others, which names its place."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    raise ValueError(f"{place} is {shortened(value)}: give a number")


def _written(value: Any) -> Any:
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return {"base64": base64.b64encode(value).decode()}
    if isinstance(value, Mapping):
        return dict(value)
    return document_of(value) if type(value).__name__ in _KINDS else value


def _shuts_out(fault: Fault, options: Mapping[str, Any]) -> bool:
    at_connect = getattr(fault, "when", "") == "connect"
    always = options.get("every", 1) == 1 and options.get("rate", 1) == 1
    return at_connect and always and options.get("times") is None


def _is_required(field: dataclasses.Field[Any]) -> bool:
    return field.default is field.default_factory is dataclasses.MISSING


def _demand_known(given: Mapping[str, Any], known: Any, place: str) -> None:
    for name in given:
        if name not in known:
            raise ValueError(f"{place} has {name!r}, which is not known: there are {_list(known)}")


def _list(names: Any) -> str:
    return ", ".join(names) or "no arguments"


def _object(value: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{place} is {shortened(value)}: give an object")
    return value


def _scope(value: Any) -> str | list[str]:
    if isinstance(value, str) or (
        isinstance(value, list) and all(isinstance(part, str) for part in value)
    ):
        return value
    raise ValueError(f"scope is {shortened(value)}: give an operation id, a list of them, or '*'")


def _flag(value: Any, place: str) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(f"{place} is {shortened(value)}: give true or false")


def _text(value: Any, place: str) -> str:
    if isinstance(value, str):
        return value
    raise ValueError(f"{place} is {shortened(value)}: give a string")


def _bytes(value: Any, place: str) -> bytes:
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    if isinstance(value, dict) and list(value) == ["base64"]:
        try:
            return base64.b64decode(str(value["base64"]), validate=True)
        except binascii.Error as error:
            raise ValueError(f"{place}.base64 cannot be decoded: {error}") from None
    raise ValueError(f'{place} is {shortened(value)}: give a string, or {{"base64": ...}}')


def _headers(value: Any, place: str) -> dict[str, str]:
    given = _object(value, place)
    for name, text in given.items():
        if not isinstance(text, str):
            raise ValueError(f"{place}.{name} is {shortened(text)}: give a string")
    return dict(given)


def _or_null(read: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
    return lambda value, place: None if value is None else read(value, place)


# An argument of one name is of one type, whichever kind has it.
_READERS: Mapping[str, Callable[[Any, str], Any]] = {
    "body": _or_null(_bytes),
    "chunked": _flag,
    "every": whole_number,
    "expires_in": _or_null(whole_number),
    "headers": _headers,
    "interval": number,
    "rate": number,
    "reset": _flag,
    "seconds": number,
    "sent": _or_null(whole_number),
    "size": whole_number,
    "skip": whole_number,
    "status": whole_number,
    "then": _or_null(fault_of),
    "times": _or_null(whole_number),
    "token": _text,
    "when": _text,
}
