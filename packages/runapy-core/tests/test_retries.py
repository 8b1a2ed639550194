"""What is sent again, how often, and after how long."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any

import pytest

from runai._core.retry import Backoff, Patience, retry_after
from runai._core.wire import FailureKind
from runai.configuration import Configuration
from runai.exceptions import ApiConnectionError, ApiException, RateLimitException, ServiceException

NOW = datetime(2026, 5, 1, 12, 0, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_passing_trouble_is_overcome(
    server: Any, settings: Any, caller: Any, wire: Any, method: Any, status: Any
) -> None:
    server.answer = lambda request: wire.json(
        {"n": len(server.calls)}, status if len(server.calls) < 3 else 200
    )
    response = caller(caller.client(Configuration(**settings)), method, "/x")
    assert response.data == {"n": 3}
    assert len(server.token_requests) == 1


@pytest.mark.parametrize(
    ("method", "status", "retry_after_header", "sent"),
    [
        ("GET", 500, None, 1),
        ("GET", 400, "0", 1),
        ("GET", 503, "0", 4),
        ("POST", 502, None, 1),
        ("POST", 502, "0", 1),
        ("POST", 503, None, 1),
        ("POST", 429, None, 1),
        ("POST", 503, "0", 4),
        ("PATCH", 429, "0", 4),
        ("PATCH", 503, "nonsense", 1),
    ],
)
def test_last_answer_is_raised(
    server: Any,
    settings: Any,
    caller: Any,
    wire: Any,
    method: Any,
    status: Any,
    retry_after_header: Any,
    sent: Any,
) -> None:
    headers = {"Retry-After": retry_after_header} if retry_after_header else {}
    server.answer = lambda request: wire.json(
        {"message": f"no {len(server.calls)}"}, status, **headers
    )
    with pytest.raises(ApiException, match=f"no {sent}") as caught:
        caller(caller.client(Configuration(**settings)), method, "/x")
    assert caught.value.status == status
    assert caught.value.attempts == len(server.calls) == sent


def test_retries_can_be_switched_off(server: Any, settings: Any, caller: Any, wire: Any) -> None:
    server.answer = lambda request: wire.json({}, 503)
    with pytest.raises(ServiceException):
        caller(caller.client(Configuration(**settings, retry_enabled=False)), "GET", "/x")
    assert len(server.calls) == 1


@pytest.mark.parametrize(("method", "sent"), [("GET", 4), ("DELETE", 4), ("POST", 1), ("PATCH", 1)])
@pytest.mark.parametrize("cut_at", [None, 3])
def test_connection_lost_after_sending(
    server: Any, settings: Any, caller: Any, wire: Any, method: Any, sent: Any, cut_at: Any
) -> None:
    lost = (
        wire.reply(200, None) if cut_at is None else wire.reply(200, b'{"long": 1}', cut_at=cut_at)
    )
    server.answer = lambda request: lost
    with pytest.raises(ApiConnectionError) as caught:
        caller(caller.client(Configuration(**settings)), method, "/x")
    assert caught.value.attempts == len(server.calls) == sent
    assert caught.value.__cause__ is not None


def test_one_budget_for_token_and_request(
    server: Any, settings: Any, caller: Any, wire: Any
) -> None:
    grant = server.grant
    server.grant = lambda request: (
        wire.json({}, 503) if len(server.token_requests) < 3 else grant(request)
    )
    server.answer = lambda request: wire.json({}, 503)
    with pytest.raises(ServiceException):
        caller(caller.client(Configuration(**settings)), "GET", "/x")
    assert (len(server.token_requests), len(server.calls)) == (3, 2)


def test_deadline_ends_the_wait(server: Any, settings: Any, caller: Any, wire: Any) -> None:
    server.answer = lambda request: wire.json({}, 429, **{"Retry-After": "50"})
    client = caller.client(Configuration(**settings))
    with pytest.raises(RateLimitException):
        caller(client, "GET", "/x", _request_timeout=5)
    assert len(server.calls) == 1


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        (" 0.5 ", 0.5),
        ("100000", 60.0),
        (format_datetime(NOW + timedelta(seconds=9), usegmt=True), 9.0),
        (format_datetime(NOW - timedelta(seconds=9), usegmt=True), 0.0),
        ("Fri, 01 Jan 2099 00:00:00 GMT", 60.0),
        ("-1", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after(value: Any, seconds: Any) -> None:
    assert retry_after(value, now=lambda: NOW) == seconds


def test_backoff_doubles_and_ends() -> None:
    longest = Backoff(0.5, spread=lambda: 1.0)
    shortest = Backoff(0.5, spread=lambda: 0.0)
    assert [longest.seconds(each) for each in (1, 2, 3, 100)] == [0.5, 1.0, 2.0, 30.0]
    assert [shortest.seconds(each) for each in (1, 2, 3)] == [0.25, 0.5, 1.0]


@pytest.mark.parametrize(
    ("kind", "repeatable", "again"),
    [
        (FailureKind.NOT_CONNECTED, False, True),
        (FailureKind.CONNECT_TIMEOUT, False, True),
        (FailureKind.LOST, False, False),
        (FailureKind.LOST, True, True),
        (FailureKind.READ_TIMEOUT, False, False),
        (FailureKind.READ_TIMEOUT, True, True),
        (FailureKind.NAME, True, False),
        (FailureKind.TLS, True, False),
    ],
)
def test_failures_worth_another_try(kind: Any, repeatable: Any, again: Any) -> None:
    patience = Patience(Backoff(0), 1)
    assert (patience.after_failure(kind, repeatable, 0) is not None) is again
    assert patience.after_failure(kind, repeatable, 0) is None
