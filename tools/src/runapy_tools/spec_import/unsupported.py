"""What a document may say and this project cannot express: refused, with its place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from runapy_tools.naming import python_name
from runapy_tools.openapi import Document, Schema, operations, resolve

_STYLES = {"path": "simple", "query": "form", "header": "simple"}
_BODIES = {"application/json", "application/x-www-form-urlencoded"}
# What every method has besides the operation's own parameters.
_TAKEN = {"self", "accept", "options", "timeout", "max_retries"}


def refuse_unsupported(document: Document) -> None:
    """Check the operations of a document whose references are resolved.

    Raises:
        ValueError: the first thing that would get lost, and where it is.
    """
    for path, method, operation in operations(document):
        place = f"{method} {path}"
        names = [python_name(each["name"]) for each in operation["parameters"]]
        refuse_collisions(names, place, _TAKEN)
        body = operation.get("requestBody", {}).get("content", {})
        if body and not _BODIES & set(body):
            raise ValueError(f"{place}: no body of {', '.join(body)} can be sent")
        if not any(status.isdigit() and status[0] == "2" for status in operation["responses"]):
            raise ValueError(f"{place}: no status of success, such as 200, is given")


def refuse_unsupported_parameter(document: Document, parameter: dict[str, Any], place: str) -> None:
    """Check one parameter.

    Raises:
        ValueError: its values could not be written as the document wants.
    """
    if parameter["in"] not in _STYLES:
        raise ValueError(f"{place}: a parameter in {parameter['in']} cannot be sent")
    style = parameter.get("style", _STYLES[parameter["in"]])
    if style != _STYLES[parameter["in"]]:
        raise ValueError(f"{place}: the style {style} is not known")
    if "content" in parameter:
        raise ValueError(f"{place}: a parameter with a media type cannot be sent")
    schema: Schema = resolve(document, parameter.get("schema", {}))
    if schema.get("type") == "object" or "properties" in schema:
        raise ValueError(f"{place}: an object cannot be sent as a parameter")


def refuse_collisions(names: Iterable[str], place: str, taken: Iterable[str] = ()) -> None:
    """Refuse Python names that two things in one place would have.

    Raises:
        ValueError: the first such name.
    """
    seen = set(taken)
    for name in names:
        if name in seen:
            raise ValueError(f"{place}: the name {name} is taken; it needs an exception in naming")
        seen.add(name)


def refuse_other_enums(values: Iterable[Any], place: str) -> None:
    """Refuse an enum of anything but strings.

    Raises:
        ValueError: the first value that is none.
    """
    for value in values:
        if not isinstance(value, str):
            raise ValueError(f"{place}: {value!r} in an enum is no string")
