"""What types alone let pass in a request, and the control plane would not take."""

from __future__ import annotations

import re
from datetime import datetime
from difflib import get_close_matches
from typing import Any, Mapping, Tuple, Type

from pydantic import RootModel

from runai._core.model import Model, wire_names
from runai._core.parameters import RFC3339
from runai._core.refusal import both_spellings, location
from runai.exceptions import ApiValueError

Place = Tuple[Any, ...]


def refuse_unsendable(operation: str, checked: Any, sent: Any, place: Place) -> None:
    """Refuse unknown and read-only fields, null that means nothing, and times without an offset.

    Arguments:
        operation: `group.method`.
        checked: the body as its type.
        sent: the same, as decoded JSON.
        place: where in the request it is.

    Raises:
        ApiValueError: the first value that must not be sent.
    """
    if isinstance(checked, RootModel):
        refuse_unsendable(operation, checked.root, sent, place)
    elif isinstance(checked, Model):
        _refuse_fields(operation, checked, sent, place)
    elif isinstance(checked, datetime):
        if not re.match(RFC3339, sent):
            raise ApiValueError(
                f"{operation}: {location(place)} must be a time as in RFC 3339, with its offset"
                f" (got {sent!r})"
            )
    elif isinstance(checked, list):
        for index, (each, value) in enumerate(zip(checked, sent)):
            refuse_unsendable(operation, each, value, (*place, index))
    elif isinstance(checked, dict):
        for key, value in sent.items():
            refuse_unsendable(operation, checked[key], value, (*place, key))


def _refuse_fields(operation: str, checked: Model, sent: Mapping[str, Any], place: Place) -> None:
    model = type(checked)
    fields = {wire: name for name, wire in wire_names(model).items()}
    for key, value in sent.items():
        where = both_spellings((*place, key))
        name = fields.get(key)
        if name is None and checked.__open__:
            continue
        if name is None:
            raise ApiValueError(
                f"{operation}: {location((*place, key))} is no field of {model.__name__}"
                f"{_nearest(key, model)}; extra_body= sends what this client does not know"
            )
        if name in checked.__read_only__:
            raise ApiValueError(
                f"{operation}: {where} is set by the control plane alone; leave it out"
            )
        if value is None and name not in checked.__nullable__:
            raise ApiValueError(f"{operation}: {where} cannot be null; leave it out instead")
        refuse_unsendable(operation, checked.__dict__[name], value, (*place, key))


def _nearest(key: str, model: Type[Model]) -> str:
    names = wire_names(model)
    if key in names:
        return f"; in JSON it is called {names[key]!r}"
    near = get_close_matches(key, [*names.values()], n=1)
    return f"; did you mean {near[0]!r}?" if near else ""
