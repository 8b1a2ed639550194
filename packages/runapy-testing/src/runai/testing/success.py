"""Answers of success, made from the specification's types."""

from __future__ import annotations

import csv
import io
import json
import tarfile
from collections.abc import Mapping
from typing import Any

from runai.testing.answers import JSON, Answer, Refusal
from runai.testing.echo import Echo
from runai.testing.paging import Page, list_property, page_of
from runai.testing.request_check import CheckedRequest
from runai.testing.samples import Samples
from runai.testing.specification import Operation, Schemas

_CSV = "text/csv"
_TAR = "application/x-tar"


class Successes:
    """Makes the answers of operations that succeed.

    Args:
        schemas: of answers.
    """

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas
        self._samples = Samples(schemas)

    def answer(
        self, operation: Operation, request: CheckedRequest, accept: str, total: int
    ) -> Answer:
        """The answer to a checked request.

        Args:
            operation: which was asked for.
            request: without problems.
            accept: the request's Accept header; empty means anything.
            total: how many items a paged list has.

        Raises:
            Refusal: 406 where the operation has no acceptable media type.
        """
        if not operation.answer_schemas:
            return Answer(operation.status)
        media_type = negotiated(accept, operation.answer_schemas)
        body = self._body(media_type, operation, request, total)
        charset = "; charset=utf-8" if media_type.startswith("text/") else ""
        return Answer(operation.status, {"Content-Type": media_type + charset}, body)

    def _body(
        self, media_type: str, operation: Operation, request: CheckedRequest, total: int
    ) -> bytes:
        if media_type == JSON:
            return json.dumps(self._content(operation, request, total)).encode()
        if media_type == _CSV:
            return _csv(self._rows(operation, request, total))
        if media_type == _TAR:
            return _tar(operation.id)
        if media_type == "text/html":
            return f"<!DOCTYPE html>\n<title>{operation.id}</title>\n".encode()
        return f"{operation.id}\n".encode()

    def _content(self, operation: Operation, request: CheckedRequest, total: int) -> Any:
        schema = operation.answer_schemas[JSON]
        page = page_of(operation, request.query, total)
        content = self._samples.of(schema)
        if page is not None:
            content = self._paged(content, schema, page)
        echo = Echo(operation, request.path_parameters, request.body, self._schemas)
        return echo.into(content, schema)

    def _paged(self, content: Any, schema: Any, page: Page) -> Any:
        if isinstance(content, list):
            return self._items(schema, "item", page)
        name = list_property(schema, self._schemas)
        if name is None:
            return content
        part = self._schemas.resolved(schema)["properties"][name]
        paged = {**content, name: self._items(part, name, page)}
        if page.next is None:
            paged.pop("next", None)
        elif "next" in paged:
            paged["next"] = page.next
        return paged

    def _items(self, schema: Any, name: str, page: Page) -> list[Any]:
        items = self._schemas.resolved(schema)["items"]
        return [self._samples.of(items, name, position) for position in page.positions]

    def _rows(
        self, operation: Operation, request: CheckedRequest, total: int
    ) -> list[dict[str, Any]]:
        if JSON not in operation.answer_schemas:
            return [{"id": "1", "name": operation.id}]
        content = self._content(operation, request, total)
        lists = content.values() if isinstance(content, dict) else [content]
        rows = next((value for value in lists if isinstance(value, list)), [content])
        return [row if isinstance(row, dict) else {"value": row} for row in rows]


def negotiated(accept: str, offered: Mapping[str, Any]) -> str:
    """The offered media type that an Accept header prefers (RFC 9110, section 12.5.1).

    Raises:
        Refusal: 406 where it accepts none.
    """
    # JSON is what the API gives to who does not mind.
    by_preference = sorted(offered, key=lambda media_type: media_type != JSON)
    weights = {media_type: _weight(accept or "*/*", media_type) for media_type in by_preference}
    best = max(by_preference, key=lambda media_type: weights[media_type])
    if weights[best] <= 0:
        raise Refusal(406, f"Accept {accept!r} allows none of: {', '.join(offered)}")
    return best


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


def _csv(rows: list[dict[str, Any]]) -> bytes:
    text = io.StringIO()
    plain = [{k: v for k, v in row.items() if not isinstance(v, (dict, list))} for row in rows]
    writer = csv.DictWriter(text, plain[0] if plain else [], restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(plain)
    return text.getvalue().encode("utf-8", "replace")


def _tar(content: str) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        member = tarfile.TarInfo("runai")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content.encode()))
    return file.getvalue()
