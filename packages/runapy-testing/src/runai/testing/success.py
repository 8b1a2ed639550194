"""Answers of success: a content in the media type that was asked for."""

from __future__ import annotations

import functools
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from runai.testing.answers import JSON, Answer, Refusal
from runai.testing.contents import Content
from runai.testing.specification import Operation

_CSV = "text/csv"
_TAR = "application/x-tar"


def success(operation: Operation, content: Content, accept: str) -> Answer:
    """The answer with a content.

    Args:
        operation: which was asked for.
        content: that its answer has.
        accept: the request's Accept header; empty means anything.

    Raises:
        Refusal: 406 where the operation has no acceptable media type.
    """
    status = content.status or operation.status
    if not operation.answer_schemas:
        return Answer(status)
    media_type = negotiated(accept, operation.answer_schemas)
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    return Answer(
        status, {"Content-Type": media_type + charset}, _body(media_type, operation, content)
    )


def _body(media_type: str, operation: Operation, content: Content) -> bytes:
    if media_type == JSON:
        return json.dumps(content.value).encode()
    if media_type == _CSV:
        return _csv(_rows(operation, content.value) if content.rows is None else content.rows)
    if media_type == _TAR:
        return _tar(operation.id)
    if media_type == "text/html":
        return f"<!DOCTYPE html>\n<title>{operation.id}</title>\n".encode()
    return f"{operation.id}\n".encode()


def _rows(operation: Operation, value: Any) -> list[dict[str, Any]]:
    if JSON not in operation.answer_schemas:
        return [{"id": "1", "name": operation.id}]
    lists = value.values() if isinstance(value, dict) else [value]
    rows = next((each for each in lists if isinstance(each, list)), [value])
    return [row if isinstance(row, dict) else {"value": row} for row in rows]


def negotiated(accept: str, offered: Mapping[str, Any]) -> str:
    """The offered media type that an Accept header prefers (RFC 9110, section 12.5.1).

    Raises:
        Refusal: 406 where it accepts none.
    """
    media_type = _preferred(accept or "*/*", tuple(offered))
    if media_type is None:
        raise Refusal(406, f"Accept {accept!r} allows none of: {', '.join(offered)}")
    return media_type


@functools.lru_cache(maxsize=256)
def _preferred(accept: str, offered: tuple[str, ...]) -> str | None:
    # JSON is what the API gives to who does not mind.
    by_preference = sorted(offered, key=lambda media_type: media_type != JSON)
    weights = {media_type: _weight(accept, media_type) for media_type in by_preference}
    best = max(by_preference, key=lambda media_type: weights[media_type])
    return best if weights[best] > 0 else None


def _weight(accept: str, media_type: str) -> float:
    found: list[tuple[int, float]] = []
    for entry in accept.split(","):
        wanted, *parameters = (part.strip().lower() for part in entry.split(";"))
        ranges = ["*/*", f"{media_type.partition('/')[0]}/*", media_type]
        if wanted in ranges:
            found.append((ranges.index(wanted), _quality(parameters)))
    return max(found)[1] if found else 0.0


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def _csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    # Rarely asked for, like archives: a start does without them.
    import csv

    text = io.StringIO()
    plain = [{k: v for k, v in row.items() if not isinstance(v, (dict, list))} for row in rows]
    writer = csv.DictWriter(text, plain[0] if plain else [], restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(plain)
    return text.getvalue().encode("utf-8", "replace")


def _tar(content: str) -> bytes:
    import tarfile

    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        member = tarfile.TarInfo("runai")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content.encode()))
    return file.getvalue()
