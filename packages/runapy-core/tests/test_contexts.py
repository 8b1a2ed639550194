"""Context variables of who calls: tracing and logging find them wherever the call is made."""

from __future__ import annotations

import logging
from contextvars import ContextVar, copy_context
from typing import Any, Iterator, List, Tuple

import pytest

from runai.api_client import ThreadedApiClient
from runai.configuration import Configuration
from runai.hooks import RequestInfo

JOB: ContextVar[str] = ContextVar("JOB", default="none")


@pytest.fixture(autouse=True)
def _no_job() -> Iterator[None]:
    reset = JOB.set("none")
    yield
    JOB.reset(reset)


def test_hooks_find_the_context_of_the_call(settings: Any, caller: Any) -> None:
    found: List[Tuple[str, str]] = []
    client = caller.client(
        Configuration(**settings, on_request=lambda info: found.append((info.path, JOB.get())))
    )
    for job in ("a", "b"):
        JOB.set(job)
        caller(client, "GET", f"/{job}")
    assert found == [("/api/v1/token", "a"), ("/a", "a"), ("/b", "b")]


def test_log_filters_find_the_context_of_the_call(settings: Any, caller: Any, caplog: Any) -> None:
    def name_the_job(record: logging.LogRecord) -> bool:
        record.job = JOB.get()
        return True

    logger = logging.getLogger("runai.test_contexts")
    logger.addFilter(name_the_job)
    client = caller.client(Configuration(**settings, logger=logger))
    with caplog.at_level(logging.DEBUG, logger=logger.name):
        for job in ("a", "b"):
            JOB.set(job)
            caller(client, "GET", "/x")
    assert [record.job for record in caplog.records] == ["a", "a", "b"]


def test_calls_at_once_have_each_their_own(settings: Any) -> None:
    found: List[Tuple[str, str]] = []

    def change(info: RequestInfo) -> None:
        found.append((info.path, JOB.get()))
        JOB.set("changed by a hook")

    settings["bearer_token"] = "a.b.c"
    del settings["client_id"], settings["client_secret"]
    with ThreadedApiClient(Configuration(**settings, on_request=change), 1) as client:
        futures = []
        for job in ("a", "b", "c"):
            JOB.set(job)
            futures.append(client.call_api("GET", f"/{job}"))
        for future in futures:
            future.get(30)
        assert JOB.get() == "c"
    assert found == [("/a", "a"), ("/b", "b"), ("/c", "c")]


def test_a_context_in_use_is_copied(settings: Any) -> None:
    context = copy_context()
    with ThreadedApiClient(Configuration(**settings)) as client:
        response = context.run(lambda: client.call_api("GET", "/x").get(30))
    assert response.status_code == 200
