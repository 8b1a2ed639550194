"""docs/observability.md tells which spans come of a call, and how they hang together."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from opentelemetry.trace import Span, get_current_span

from runai.api_client import ApiClient, AsyncApiClient, ThreadedApiClient
from runai.organizations import Organizations
from runai.testing import ControlPlane
from runai.testing.faults import CutBody, Drop, RevokeToken, Status

from .pages import ROOT, table
from .tracing import (
    INSTRUMENTORS,
    Tracing,
    closed,
    identity,
    parent,
    scope,
    shown,
    traceparent,
    tracing,
)

PAGE = ROOT / "docs" / "observability.md"
CLIENTS = (ApiClient, ThreadedApiClient, AsyncApiClient)
PACKAGES = table(PAGE, "Which package")
OUTCOMES = table(PAGE, "Which spans")
FAULTS: dict[str, Any] = {
    "answers": None,
    "answers 503, then the projects": Status(503),
    "answers 401, then the projects to a new token": RevokeToken(),
    "answers 404": Status(404),
    "closes the connection, then answers": Drop("during"),
    "ends inside the body, then answers": CutBody(),
}


@pytest.fixture
def traced() -> Iterator[Tracing]:
    with tracing() as made:
        yield made


def test_the_page_has_rows() -> None:
    assert len(PACKAGES) == 6
    assert [row["the control plane"] for row in OUTCOMES] == list(FAULTS)


@pytest.mark.parametrize("package", [*INSTRUMENTORS, "all three"])
@pytest.mark.parametrize("row", PACKAGES, ids=lambda row: row["client"].strip("`"))
def test_which_package_sees_a_client(
    row: dict[str, str], package: str, traced: Tracing, control_plane: ControlPlane
) -> None:
    traced.instrument(*(INSTRUMENTORS if package == "all three" else [package]))
    with requests.Session() as session:
        names = {each.__name__: each for each in CLIENTS}
        given = {"configuration": control_plane.configuration(), "session": session}
        client = eval(row["client"].strip("`"), {**names, **given})
        assert traced.call(client) is None
        closed(client)
    expected = row[package if package in row else f"`{package}`"]
    is_seen = expected != "none"
    assert [scope(span) for span in traced.attempts] == ([expected] * 2 if is_seen else [])
    received = [request.headers["traceparent"] for request in control_plane.requests]
    assert [value is not None for value in received] == [is_seen] * 2


@pytest.mark.parametrize("client_class", CLIENTS)
@pytest.mark.parametrize("row", OUTCOMES, ids=lambda row: row["the control plane"])
def test_spans_of_a_call(
    row: dict[str, str], client_class: Any, traced: Tracing, control_plane: ControlPlane
) -> None:
    traced.instrument(*INSTRUMENTORS)
    client = client_class(control_plane.configuration().replace(retry_backoff_factor=0))
    assert traced.call(client) is None
    traced.clear()
    control_plane.requests.clear()
    if fault := FAULTS[row["the control plane"]]:
        control_plane.faults.add("projects.get_projects", fault, times=1)
    traced.call(client)
    closed(client)

    around = traced.around()
    usual, _, asynchronous = row["attempts"].partition("(`AsyncApiClient`:")
    attempts = asynchronous if asynchronous and client_class is AsyncApiClient else usual
    assert [shown(span) for span in traced.attempts] == re.findall("`(.+?)`", attempts)
    assert around.status.status_code.name == row["around the call"].strip("`")
    assert parent(around) is None
    assert [parent(span) for span in traced.attempts] == [identity(around)] * len(traced.attempts)
    received = [request.headers["traceparent"] for request in control_plane.requests]
    assert [value[:-3] for value in received] == [traceparent(span) for span in traced.attempts]
    for span in traced.attempts:
        has_answer = "http.status_code" in (span.attributes or {})
        assert [event.name for event in span.events] == ([] if has_answer else ["exception"])


@pytest.mark.parametrize("client_class", CLIENTS)
def test_no_span_holds_a_secret(
    client_class: Any, traced: Tracing, control_plane: ControlPlane
) -> None:
    traced.instrument(*INSTRUMENTORS)
    client = client_class(control_plane.configuration().replace(retry_backoff_factor=0))
    for fault in (RevokeToken(), Drop("during"), Status(404)):
        control_plane.faults.add("projects.get_projects", fault, times=1)
    while traced.call(client) is None:
        pass
    closed(client)
    text = "".join(span.to_json() for span in traced.spans)
    carried = [request.headers["Authorization"] for request in control_plane.requests]
    tokens = {value.split()[1] for value in carried if value}
    assert len(tokens) == 2
    for each in (*tokens, control_plane.client_secret, control_plane.client_id, "Bearer"):
        assert each not in text


@pytest.mark.parametrize("client_class", CLIENTS)
def test_headers_are_captured_without_the_token_where_one_says_so(
    client_class: Any,
    traced: Tracing,
    control_plane: ControlPlane,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    prefix = "OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS"
    found: list[Any] = []
    for sanitized in ("", "authorization"):
        monkeypatch.setenv(f"{prefix}_CLIENT_REQUEST", ".*")
        monkeypatch.setenv(f"{prefix}_SANITIZE_FIELDS", sanitized)
        traced.instrument(*INSTRUMENTORS)
        client = client_class(control_plane.configuration())
        assert traced.call(client) is None
        closed(client)
        attributes = traced.attempts[-1].attributes or {}
        found.append(attributes["http.request.header.authorization"])
        traced.uninstrument()
    token = control_plane.requests[1].headers["Authorization"]
    assert found == [(token,), ("[REDACTED]",)]


@pytest.mark.parametrize("is_filtered", [False, True])
@pytest.mark.parametrize("client_class", CLIENTS)
def test_the_filters_of_the_page_leave_out_queries(
    client_class: Any, is_filtered: bool, traced: Tracing, control_plane: ControlPlane
) -> None:
    written = re.findall(r"\(url_filter=(.+)\)$", PAGE.read_text("utf-8"), re.MULTILINE)
    for name, code in zip(("urllib3", "aiohttp-client"), written, strict=True):
        traced.instrument(name, **({"url_filter": eval(code)} if is_filtered else {}))
    client = client_class(control_plane.configuration())
    assert traced.call(client) is None
    closed(client)
    url = (traced.attempts[-1].attributes or {})["http.url"]
    query = "" if is_filtered else "?search=vision"
    assert url == f"{control_plane.url}/api/v1/org-unit/projects{query}"


@pytest.mark.parametrize("client_class", CLIENTS)
def test_the_span_of_a_hook_is_the_one_around_the_call(
    client_class: Any, traced: Tracing, control_plane: ControlPlane
) -> None:
    found: list[Span] = []
    traced.instrument(*INSTRUMENTORS)
    hooks: Any = {
        "on_request": lambda _: found.append(get_current_span()),
        "on_response": lambda _: found.append(get_current_span()),
    }
    client = client_class(control_plane.configuration().replace(**hooks))
    assert traced.call(client) is None
    closed(client)
    around = traced.around().get_span_context()
    assert [span.get_span_context() for span in found] == [around] * 4


def test_a_call_in_a_thread_outlives_its_span(traced: Tracing, control_plane: ControlPlane) -> None:
    traced.instrument("urllib3")
    with ThreadedApiClient(control_plane.configuration()) as client:
        with traced.tracer.start_as_current_span("begun"):
            future = Organizations(client).projects.get_projects()
        with traced.tracer.start_as_current_span("asked"):
            future.get(30)
    begun = traced.around("begun")
    assert [parent(span) for span in traced.attempts] == [identity(begun)] * 2


def test_a_coroutine_belongs_to_where_it_is_awaited(
    traced: Tracing, control_plane: ControlPlane
) -> None:
    traced.instrument("aiohttp-client")

    async def calls() -> None:
        async with AsyncApiClient(control_plane.configuration()) as client:
            projects = Organizations(client).projects
            with traced.tracer.start_as_current_span("made"):
                task = asyncio.ensure_future(projects.get_projects())
                coroutine = projects.get_projects()
            with traced.tracer.start_as_current_span("awaited"):
                await task
                await coroutine

    asyncio.run(calls())
    made, awaited = identity(traced.around("made")), identity(traced.around("awaited"))
    assert [parent(span) for span in traced.attempts] == [made, made, awaited]


def test_switched_on_after_the_first_call(traced: Tracing, control_plane: ControlPlane) -> None:
    async def calls(client: AsyncApiClient) -> None:
        await client.call_api("GET", "/api/v1/clusters")
        traced.instrument("aiohttp-client")
        await client.call_api("GET", "/api/v1/clusters")

    client = AsyncApiClient(control_plane.configuration())
    asyncio.run(calls(client))
    assert traced.attempts == []
    assert traced.call(client) is None
    assert [shown(span) for span in traced.attempts] == ["GET 200"]

    with requests.Session() as session:
        for transport in ("requests", session):
            traced.clear()
            with ApiClient(control_plane.configuration(), transport=transport) as existing:
                existing.call_api("GET", "/api/v1/clusters")
                traced.instrument("urllib3" if transport == "requests" else "requests")
                existing.call_api("GET", "/api/v1/clusters")
            traced.uninstrument()
            assert [shown(span) for span in traced.attempts] == ["GET 200"]
