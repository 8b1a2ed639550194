"""Answers made up from the specification's types, whatever was asked for."""

from __future__ import annotations

from typing import Any

from runai.testing.answers import JSON, Refusal
from runai.testing.contents import Content
from runai.testing.echo import Echo
from runai.testing.paging import Page, list_property, window_of
from runai.testing.request_check import CheckedRequest
from runai.testing.samples import Samples
from runai.testing.specification import Operation, Schemas
from runai.testing.subjects import Subject

_DEFAULT_TOTAL = 5


class SampleContents:
    """Makes up what is answered; the same request gets the same answer.

    Args:
        schemas: of answers.
    """

    def __init__(self, schemas: Schemas) -> None:
        self.total_items = _DEFAULT_TOTAL
        """How many items a paged list has."""
        self._schemas = schemas
        self._samples = Samples(schemas)

    def content(self, operation: Operation, request: CheckedRequest, subject: Subject) -> Content:
        """What is answered to a checked request; see `Contents`."""
        schema = operation.answer_schemas.get(JSON)
        if schema is None:
            return Content(None)
        window = window_of(operation, request.query)
        if window.problems:
            raise Refusal(400, f"{operation.id}: bad request", window.problems)
        content = self._samples.of(schema)
        if window.limit is not None:
            content = self._paged(content, schema, Page(window, self.total_items))
        echo = Echo(operation, request.path_parameters, request.body, self._schemas)
        return Content(echo.into(content, schema))

    def reset(self) -> None:
        """Have as many items as at first."""
        self.total_items = _DEFAULT_TOTAL

    def _paged(self, content: Any, schema: Any, page: Page) -> Any:
        if isinstance(content, list):
            return self._items(schema, "item", page)
        name = list_property(schema, self._schemas)
        if name is None:
            return content
        part = self._schemas.resolved(schema)["properties"][name]
        beside = page.told()
        paged = {key: beside.get(key, value) for key, value in content.items()}
        if page.next is None:
            paged.pop("next", None)
        return {**paged, name: self._items(part, name, page)}

    def _items(self, schema: Any, name: str, page: Page) -> list[Any]:
        items = self._schemas.resolved(schema)["items"]
        return [self._samples.of(items, name, position) for position in page.positions]
