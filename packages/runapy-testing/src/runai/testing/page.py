"""The page for a person who looks with a browser: the state, and the last requests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from runai.testing.answers import Answer
from runai.testing.record_labels import id_of, name_of, phase_of
from runai.testing.redaction import visible_target

if TYPE_CHECKING:
    from runai.testing.base_control_plane import BaseControlPlane
    from runai.testing.recording import RecordedRequest

_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    # Were something not escaped, it would not run all the same.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_LAST_REQUESTS = 50
_RECORDS = 100
"""How many records of each collection the page has."""
_OPEN = 10
"""Collections of no more records than these are shown unfolded."""
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
th, td { border-bottom: 1px solid #ccc; padding: .2rem .8rem .2rem 0; text-align: left }
td { overflow-wrap: anywhere; vertical-align: top }
summary { cursor: pointer }
"""


class Page:
    """Shows a control plane at `/`.

    Args:
        control_plane: that it shows.
        collections: gives the records that it keeps, by their kinds.
    """

    def __init__(
        self,
        control_plane: BaseControlPlane,
        collections: Callable[[], Mapping[str, Sequence[Mapping[str, Any]]]],
    ) -> None:
        self._control_plane = control_plane
        self._collections = collections

    def serves(self, method: str, path: str) -> bool:
        """Whether a request is for it."""
        return path == "/" and method in ("GET", "HEAD")

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        """The page as it is now."""
        # Names may have halves of surrogate pairs, which JSON allows.
        return Answer(200, _HEADERS, self._html().encode("utf-8", "replace"))

    def _html(self) -> str:
        version = escape(self._control_plane.version)
        collections = self._collections()
        requests = list(self._control_plane.requests)
        return "\n".join(
            [
                "<!DOCTYPE html>",
                '<html lang="en">',
                f"<head><title>Control plane {version}</title>",
                '<meta charset="utf-8">',
                '<meta name="viewport" content="width=device-width">',
                # Or browsers would ask the API for one.
                '<link rel="icon" href="data:,">',
                f"<style>{_STYLE}</style></head>",
                "<body>",
                f"<h1>Embedded control plane {version}</h1>",
                f"<p>Base URL of its API: <code>{escape(self._control_plane.url)}</code></p>",
                '<h2 id="state">State</h2>',
                *_state(collections),
                '<h2 id="requests">Last requests</h2>',
                *_requests(requests),
                "</body></html>",
                "",
            ]
        )


def _state(collections: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterable[str]:
    kept = {name: records for name, records in collections.items() if records}
    if not kept:
        yield "<p>Nothing has been created.</p>"
    for name, records in kept.items():
        shown = records[:_RECORDS]
        is_open = " open" if len(records) <= _OPEN else ""
        yield f"<details{is_open}><summary>{escape(name)} ({len(records)})</summary>"
        yield from _table(
            ("name", "id", "phase"),
            ((name_of(record), id_of(record), phase_of(record)) for record in shown),
        )
        if len(records) > len(shown):
            yield f"<p>and {len(records) - len(shown)} more</p>"
        yield "</details>"


def _requests(requests: Sequence[RecordedRequest]) -> Iterable[str]:
    if not requests:
        yield "<p>None has come in.</p>"
        return
    newest = requests[: -_LAST_REQUESTS - 1 : -1]
    yield f"<p>{len(newest)} of {len(requests)}, newest first.</p>"
    yield from _table(("method", "path", "status", "operation"), map(_request, newest))


def _request(request: RecordedRequest) -> Sequence[str]:
    answered = str(request.status or "no answer")
    operation = request.operation_id or ""
    return request.method, visible_target(request.target), answered, operation


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterable[str]:
    yield f"<table><thead><tr>{_cells('th', heads)}</tr></thead><tbody>"
    for row in rows:
        yield f"<tr>{_cells('td', row)}</tr>"
    yield "</tbody></table>"


def _cells(tag: str, texts: Iterable[str]) -> str:
    return "".join(f"<{tag}>{escape(text)}</{tag}>" for text in texts)
