"""Calls by operation, whose answers are held against the published document."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from jsonschema import Draft202012Validator, FormatChecker

from runai.testing import ControlPlane
from runai.testing.formats import FORMATS
from runai.testing.samples import Samples
from runai.testing.schema_views import response_view
from runai.testing.specification import Operation, Specification
from runai.testing.text_values import types_of

JSON = "application/json"
_FORMATS = FormatChecker(formats=())
for _name, _check in FORMATS.items():
    _FORMATS.checks(_name)(_check)


class Reply(NamedTuple):
    """An answer that is as the document has it."""

    status: int
    content: Any
    """Decoded if it is JSON."""


class Calls:
    """Calls the operations of a control plane.

    Args:
        control_plane: that serves.
        specification: of its operations.
        document: that the specification was read from.
    """

    def __init__(
        self, control_plane: ControlPlane, specification: Specification, document: dict[str, Any]
    ) -> None:
        self._tokens = control_plane.tokens
        self._connection = http.client.HTTPConnection(
            urlsplit(control_plane.url).netloc, timeout=20
        )
        self._specification = specification
        # Closed: a property that the document does not list is wrong in an answer.
        self._document = document
        self._answers = response_view(document)
        self._open_validator = Draft202012Validator(document, format_checker=_FORMATS)
        self._validator = Draft202012Validator(self._answers, format_checker=_FORMATS)
        self.samples = Samples(specification.request_schemas)

    def __call__(
        self,
        operation: Operation,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
    ) -> Reply:
        """Call with these arguments, and samples of what else is required.

        Raises:
            AssertionError: the answer is not as the document has it.
        """
        target = self._target(operation, path or {}, query or {})
        # One of them ends the life of its token.
        headers = {"Authorization": f"Bearer {self._tokens.issue()}"}
        encoded = None
        if body is not None:
            media_type = next(iter(operation.body_schemas))
            encoded = json.dumps(body) if media_type == JSON else urlencode(body)
            headers["Content-Type"] = media_type
        self._connection.request(operation.method, target, encoded, headers)
        response = self._connection.getresponse()
        received = response.read()
        media_type = response.headers.get_content_type() if received else ""
        content = json.loads(received) if media_type == JSON else received
        self._demand_valid(operation, response.status, media_type, content)
        return Reply(response.status, content)

    def body(self, operation: Operation, index: int = 0) -> Any:
        """A sample of what the operation takes; None where it takes nothing."""
        schema = next(iter(operation.body_schemas.values()), None)
        return None if schema is None else self.samples.of(schema, index=index)

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def _target(
        self, operation: Operation, path: Mapping[str, Any], query: Mapping[str, Any]
    ) -> str:
        target = operation.path
        for name, parameter in operation.parameters_in("path").items():
            value = path.get(name, self.samples.of(parameter.schema, name))
            target = target.replace(f"{{{name}}}", quote(str(value), safe=""))
        pairs = dict(query)
        for name, parameter in operation.parameters_in("query").items():
            if parameter.required and name not in pairs:
                pairs[name] = self.samples.of(parameter.schema, name)
        texts = [
            f"{quote(name)}={self._text(operation, name, value)}" for name, value in pairs.items()
        ]
        return f"{target}?{'&'.join(texts)}" if texts else target

    def _text(self, operation: Operation, name: str, value: Any) -> str:
        schema = operation.parameters_in("query")[name].schema
        is_list = "array" in types_of(schema, self._specification.request_schemas)
        values = value if is_list and isinstance(value, list) else [value]
        texts = (str(v).lower() if isinstance(v, bool) else str(v) for v in values)
        return ",".join(quote(text, safe="") for text in texts)

    def _demand_valid(
        self, operation: Operation, status: int, media_type: str, content: Any
    ) -> None:
        place = f"{operation.method} {operation.path} answered {status}"
        assert status < 500, f"{place}: {content}"
        document = self._answers if status < 400 else self._document
        responses = document["paths"][operation.path][operation.method.lower()]["responses"]
        answer = responses.get(str(status))
        if answer is None or (status >= 400 and not answer.get("content")):
            assert status >= 400, f"{place}, which is no status of its"
            assert set(content) == {"code", "message", "details"}, f"{place}: {content}"
            return
        offered = answer.get("content", {})
        assert media_type in (offered or [""]), f"{place} with {media_type}"
        if media_type == JSON:
            schema = offered[JSON].get("schema", True)
            # Some descriptions of errors leave out what all errors have.
            validator = self._validator if status < 400 else self._open_validator
            errors = list(validator.evolve(schema=schema).iter_errors(content))
            assert not errors, f"{place}: {[each.message for each in errors]} in {content}"
