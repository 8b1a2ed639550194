"""What a test that expected other requests is told: what came in, and how it differs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from runai.testing.redaction import is_secret, visible, visible_body, visible_target, visible_text

if TYPE_CHECKING:
    from runai.testing.recording import RecordedRequest

_SHOWN = 20
"""How many requests a report lists, the newest ones."""
_LONGEST = 160
"""How long a line of it may be made by a body."""


def line_of(request: RecordedRequest) -> str:
    """One request in one line, without its secrets."""
    answered = request.status or "no answer"
    line = f"{request.method} {visible_target(request.target)} -> {answered}"
    if request.operation_id:
        line += f" {request.operation_id}"
    if request.fault is not None:
        line += f" (fault: {type(request.fault).__name__})"
    if request.problems:
        problem = visible_text(request.problems[0], request.target, request.headers, request.body)
        line += f" (refused: {_cut(problem)})"
    body = visible_body(request.headers, request.body)
    return line if body is None else f"{line} {_cut(_text(body))}"


def report(headline: str, requests: Sequence[RecordedRequest], notes: Mapping[int, str]) -> str:
    """A headline and what came in.

    Args:
        headline: what was expected.
        requests: all that came in, oldest first.
        notes: why a request is not an expected one, by its index.
    """
    if not requests:
        return f"{headline}; no request came in"
    lines = [f"{headline}; what came in, oldest first:"]
    left_out = max(len(requests) - _SHOWN, 0)
    if left_out:
        lines.append(f"  ({left_out} older requests are left out)")
    for index in range(left_out, len(requests)):
        lines.append(f"  {index + 1}. {line_of(requests[index])}")
        if index in notes:
            lines.append(f"       differs: {notes[index]}")
    return "\n".join(lines)


def described(**expectations: Any) -> str:
    """Expectations as words for a headline; those that are None are none."""
    given = [
        f"{name} {_cut(_text(visible(value)))}"
        for name, value in expectations.items()
        if value is not None
    ]
    return f" with {' and '.join(given)}" if given else ""


def difference(expected: Any, actual: Any, place: str) -> str | None:
    """The first place where a value has not all of what was expected; None where it has.

    Objects may have more properties than expected ones; everything else has to be equal.
    """
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        for name, value in expected.items():
            where = f"{place}.{name}"
            if name not in actual:
                return f"{where} is missing"
            found = difference(value, actual[name], where)
            if found:
                return f"{where} is another" if is_secret(name) else found
        return None
    if isinstance(expected, (list, tuple)) and isinstance(actual, (list, tuple)):
        if len(expected) != len(actual):
            return f"{place} has {len(actual)} items, expected were {len(expected)}"
        pairs = enumerate(zip(expected, actual))
        differences = (difference(*pair, f"{place}[{index}]") for index, pair in pairs)
        return next(filter(None, differences), None)
    if expected == actual:
        return None
    there, wanted = (_cut(_text(visible(value))) for value in (actual, expected))
    return f"{place} is {there}, expected was {wanted}"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=repr)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
