"""The programs of docs/observability.md print what the page says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from runai.testing import ControlPlane
from runai.testing.faults import Status

from .pages import ROOT, Snippet, run_alone, snippets_of

PAGE = ROOT / "docs" / "observability.md"
(LOG, *PROGRAMS) = snippets_of(PAGE)
CLIENTS = ("ApiClient", "ThreadedApiClient", "AsyncApiClient")
# The filters for URLs end without a call.
(*TRACED, _, HOOK) = PROGRAMS


def printed_spans(text: str) -> Iterator[dict[str, Any]]:
    """The JSON objects that the console exporter prints, one behind the other."""
    while text := text.lstrip():
        span, end = json.JSONDecoder().raw_decode(text)
        yield span
        text = text[end:]


def test_each_client_has_a_program() -> None:
    made = [re.findall(r"\b(\w*ApiClient)\(", snippet.code) for snippet in TRACED]
    assert made == [[name] for name in CLIENTS]


def test_log(control_plane: ControlPlane) -> None:
    (expected,) = re.findall(r"^```\n(DEBUG .*?)^```$", PAGE.read_text("utf-8"), re.M | re.S)
    written = run_alone(LOG, control_plane).stderr
    assert re.sub(r"\d+ ms", "", written) == re.sub(r"\d+ ms", "", expected)


@pytest.mark.parametrize("snippet", TRACED, ids=str)
def test_attempts_are_children(snippet: Snippet, control_plane: ControlPlane) -> None:
    control_plane.faults.add("projects.get_projects", Status(503), times=1)
    spans = list(printed_spans(run_alone(snippet, control_plane).stdout))
    (around,) = [span for span in spans if span["parent_id"] is None]
    attempts = [span for span in spans if span is not around]
    assert {span["parent_id"] for span in attempts} == {around["context"]["span_id"]}
    seen = [(span["name"], span["attributes"]["http.status_code"]) for span in attempts]
    clusters = [] if around["name"] == "projects.get_projects" else [("GET", 200)]
    assert sorted(seen) == [("GET", 200), *clusters, ("GET", 503), ("POST", 200)]
    received = {request.headers["traceparent"][3:-3] for request in control_plane.requests}
    contexts = [span["context"] for span in attempts]
    assert received == {f"{each['trace_id'][2:]}-{each['span_id'][2:]}" for each in contexts}


@pytest.mark.parametrize("snippet", TRACED, ids=str)
def test_names_of_attributes(snippet: Snippet, control_plane: ControlPlane) -> None:
    environment = {"OTEL_SEMCONV_STABILITY_OPT_IN": "http"}
    for span in printed_spans(run_alone(snippet, control_plane, environment).stdout):
        names = set(span["attributes"])
        if span["parent_id"] is not None:
            assert {"http.request.method", "url.full", "http.response.status_code"} <= names
            assert not {"http.method", "http.url", "http.status_code"} & names


def test_a_hook_adds_to_the_span_around_the_call(control_plane: ControlPlane) -> None:
    answers = ((503, "r-1"), (200, "r-2"))
    for status, identifier in answers:
        headers = {"X-Request-Id": identifier}
        body = b'{"projects": []}' if status == 200 else b"{}"
        control_plane.respond("projects.get_projects", status, headers, body)
    (span,) = printed_spans(run_alone(HOOK, control_plane).stdout)
    assert span["name"] == "report"
    assert [event["attributes"] for event in span["events"]] == [
        {"operation": "token", "number": 1, "request_id": "-"},
        {"operation": "projects.get_projects", "number": 1, "request_id": "r-1"},
        {"operation": "projects.get_projects", "number": 2, "request_id": "r-2"},
    ]
