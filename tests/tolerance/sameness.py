"""What a model gives back, held against the JSON that it was read from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from runai._core.model import JsonConversions
from runai.testing.specification import Schemas

from .schema_parts import Schema, SchemaParts


class Sameness:
    """Says where a model gives back something else than was sent.

    Only three things may differ in form: a number that came as text where the document says number,
    text that came as a number where it says text, and the spelling of a time, of which Python keeps
    microseconds.

    Arguments:
        schemas: of what the control plane answers.
    """

    def __init__(self, schemas: Schemas) -> None:
        self._parts = SchemaParts(schemas)

    def differences(self, schema: Any, sent: Any, model: Any) -> Iterator[str]:
        """Each with its place, in what `to_dict` and in what `to_json` gives."""
        meant = self._parts.meant(schema)
        wanted = _written(sent)
        as_dict = _each(model, lambda one: one.to_dict())
        as_json = _each(model, lambda one: json.loads(one.to_json()))
        for way, found in {"to_dict": as_dict, "to_json": as_json}.items():
            # Most answers come back byte for byte, which is quickly seen.
            if _written(found) != wanted:
                yield from self._compared(meant, sent, found, way)

    def _compared(self, schema: Schema, sent: Any, found: Any, place: str) -> Iterator[str]:
        if isinstance(sent, dict) and isinstance(found, dict):
            if sent.keys() != found.keys():
                yield f"{place}: {sorted(sent)} came back as {sorted(found)}"
                return
        elif isinstance(sent, list) and isinstance(found, list):
            if len(sent) != len(found):
                yield f"{place}: {len(sent)} items came back as {len(found)}"
                return
        elif not _is_same(schema, sent, found):
            yield f"{place}: {sent!r} came back as {found!r}"
            return
        for key, of, each in self._parts.within(schema, sent):
            yield from self._compared(of, each, found[key], f"{place}.{key}")


def _each(model: Any, give: Any) -> Any:
    if isinstance(model, list):
        return [_each(one, give) for one in model]
    return give(model) if isinstance(model, JsonConversions) else model


def _written(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=_time_of_utc)


def _time_of_utc(time: datetime) -> str:
    return time.isoformat().replace("+00:00", "Z")


def _is_same(schema: Schema, sent: Any, found: Any) -> bool:
    kinds = schema.get("type", ())
    if sent is None or found is None or isinstance(sent, bool) or isinstance(found, bool):
        return sent is found
    if schema.get("format") == "date-time":
        return _instant(sent) == _instant(found)
    if isinstance(sent, str) and ("integer" in kinds or "number" in kinds):
        return isinstance(found, (int, float)) and str(found) == sent
    if isinstance(sent, (int, float)) and "string" in kinds:
        return isinstance(found, str) and str(sent) == found
    # A member of an enum is a string, too.
    return isinstance(found, type(sent)) and bool(sent == found)


def _instant(time: Any) -> datetime:
    if isinstance(time, datetime):
        return time
    return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", time))
