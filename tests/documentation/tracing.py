"""OpenTelemetry for one test: its spans, and nothing of it left in the libraries afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import aiohttp
import requests
import urllib3
from opentelemetry.instrumentation.aiohttp_client import AioHttpClientInstrumentor
from opentelemetry.instrumentation.requests import RequestsInstrumentor
from opentelemetry.instrumentation.urllib3 import URLLib3Instrumentor
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode, format_span_id, format_trace_id

from runai.api_client import ApiFuture, AsyncApiClient
from runai.exceptions import ApiException
from runai.organizations import Organizations

INSTRUMENTORS: dict[str, Callable[[], Any]] = {
    "requests": RequestsInstrumentor,
    "urllib3": URLLib3Instrumentor,
    "aiohttp-client": AioHttpClientInstrumentor,
}
AROUND = "projects.get_projects"


class Tracing:
    """What is traced while the test runs."""

    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()
        self._provider = TracerProvider()
        self._provider.add_span_processor(SimpleSpanProcessor(self._exporter))
        self._active: list[Any] = []
        self.tracer = self._provider.get_tracer("tests")

    def instrument(self, *names: str, **settings: Any) -> None:
        for name in names:
            instrumentor = INSTRUMENTORS[name]()
            instrumentor.instrument(tracer_provider=self._provider, **settings)
            self._active.append(instrumentor)

    def uninstrument(self) -> None:
        while self._active:
            self._active.pop().uninstrument()

    @property
    def spans(self) -> list[ReadableSpan]:
        """The spans so far, in the order of their ends."""
        return list(self._exporter.get_finished_spans())

    @property
    def attempts(self) -> list[ReadableSpan]:
        """The spans of the instrumentation."""
        return [span for span in self.spans if scope(span) != "tests"]

    def around(self, name: str = AROUND) -> ReadableSpan:
        """The one span of this name."""
        (span,) = [span for span in self.spans if span.name == name]
        return span

    def clear(self) -> None:
        self._exporter.clear()

    def call(self, client: Any) -> ApiException | None:
        """List projects within a span, with any client; gives what was raised."""
        organizations: Any = Organizations(client)

        async def awaited() -> None:
            with self.tracer.start_as_current_span(AROUND):
                await organizations.projects.get_projects(search="vision")

        try:
            if isinstance(client, AsyncApiClient):
                asyncio.run(awaited())
                return None
            with self.tracer.start_as_current_span(AROUND):
                started: Any = organizations.projects.get_projects(search="vision")
                if isinstance(started, ApiFuture):
                    started.get(30)
        except ApiException as error:
            return error
        return None


@contextmanager
def tracing() -> Generator[Tracing, None, None]:
    originals = _instrumented()
    made = Tracing()
    try:
        yield made
    finally:
        made.uninstrument()
        assert _instrumented() == originals


def scope(span: ReadableSpan) -> str:
    """Whose the span is: a key of INSTRUMENTORS, or a name of ours."""
    assert span.instrumentation_scope is not None
    return span.instrumentation_scope.name.rpartition(".")[2].replace("_", "-")


def shown(span: ReadableSpan) -> str:
    """As docs/observability.md shows an attempt's span."""
    status = (span.attributes or {}).get("http.status_code")
    failed = span.status.status_code is StatusCode.ERROR
    return " ".join(filter(None, [span.name, str(status or ""), "ERROR" if failed else ""]))


def identity(span: ReadableSpan) -> tuple[int, int]:
    """Of the trace and of the span."""
    context = span.get_span_context()
    assert context is not None
    return context.trace_id, context.span_id


def parent(span: ReadableSpan) -> tuple[int, int] | None:
    """The identity of the span's parent."""
    return (span.parent.trace_id, span.parent.span_id) if span.parent else None


def traceparent(span: ReadableSpan) -> str:
    """What the server is told of the span, up to its flags."""
    trace_id, span_id = identity(span)
    return f"00-{format_trace_id(trace_id)}-{format_span_id(span_id)}"


def closed(client: Any) -> None:
    """Close it, unless its connections have ended with the event loop of the call."""
    if not isinstance(client, AsyncApiClient):
        client.close()


def _instrumented() -> list[object]:
    return [
        requests.Session.__dict__["send"],
        urllib3.HTTPConnectionPool.__dict__["urlopen"],
        aiohttp.ClientSession.__dict__["__init__"],
    ]
