"""What is told of each attempt: to hooks, to the log, and in errors that come of an answer."""

from __future__ import annotations

import logging
import pickle
import re
from typing import Any, List

import pytest
from pydantic import BaseModel

from runai._core.call import Call
from runai._core.delivery import Timing
from runai.configuration import Configuration
from runai.exceptions import (
    ApiConnectionError,
    ApiException,
    ApiValueError,
    InsecureHttpWarning,
    ResponseDecodeError,
    ResponseValidationError,
    ServiceException,
)
from runai.hooks import RequestInfo, ResponseInfo


class Thing(BaseModel):
    name: str


class GetThing:
    """An operation with an id in its path."""

    def prepare(self, arguments: Any) -> Call:
        return Call(
            "things.get_thing",
            "GET",
            "/things/id-42?secret=hunter2",
            {"Accept": "application/json"},
            None,
            ("application/json",),
            lambda: Thing,
            template="/things/{thingId}",
        )


def add_nothing(info: RequestInfo) -> None:
    """A hook that can be pickled."""


@pytest.fixture
def sent() -> List[RequestInfo]:
    return []


@pytest.fixture
def came() -> List[ResponseInfo]:
    return []


@pytest.fixture
def client(settings: Any, caller: Any, sent: Any, came: Any) -> Any:
    return caller.client(
        Configuration(**settings, on_request=sent.append, on_response=[came.append])
    )


def test_hooks_see_each_attempt(
    server: Any, client: Any, caller: Any, wire: Any, sent: Any, came: Any
) -> None:
    def answer(request: Any) -> Any:
        if len(server.calls) == 1:
            return wire.reply(200, None)
        return wire.json(
            {"name": "n"}, 503 if len(server.calls) == 2 else 200, **{"X-Request-Id": "r"}
        )

    server.answer = answer
    caller.wait(client.call(GetThing(), {}))
    token, *things = sent
    assert (token.operation, token.method, token.path) == ("token", "POST", "/api/v1/token")
    assert [each.attempt for each in things] == [1, 2, 3]
    for each in things:
        assert (each.operation, each.method) == ("things.get_thing", "GET")
        assert each.path == "/things/{thingId}"
        assert each.url == f"{server.url}/things/id-42"
        assert each.headers["Accept"] == "application/json"
    assert [each.status for each in came] == [200, None, 503, 200]
    assert [each.request_id for each in came] == [None, None, "r", "r"]
    assert all(each.request is request for each, request in zip(came, sent))
    assert all(each.duration > 0 for each in came)
    assert isinstance(came[1].error, ApiConnectionError)
    assert came[1].error.__cause__ is not None
    assert [each.error for each in came if each.status] == [None] * 3


def test_hooks_see_no_secret(
    server: Any, client: Any, caller: Any, wire: Any, sent: Any, came: Any
) -> None:
    caller(client, "GET", "/x?key=hunter2")
    token = server.calls[0].header("Authorization").split()[1]
    for each in (*sent, *came):
        for secret in (token, wire.secret, "hunter2"):
            assert secret not in repr(each)
    assert not any("authorization" in map(str.lower, each.headers) for each in sent)


def test_attempts_are_counted_over_a_new_token(
    server: Any, client: Any, caller: Any, wire: Any, sent: Any
) -> None:
    server.answer = lambda request: wire.json({}, 401 if len(server.calls) == 1 else 200)
    caller(client, "GET", "/x")
    assert [(each.path, each.attempt) for each in sent] == [
        ("/api/v1/token", 1),
        ("/x", 1),
        ("/api/v1/token", 1),
        ("/x", 2),
    ]


def test_durations_are_measured_by_the_clock(settings: Any, caller: Any, came: Any) -> None:
    moments = iter(range(1000))
    client = caller.client(
        Configuration(**settings, on_response=came.append),
        _timing=Timing(monotonic=lambda: float(next(moments))),
    )
    caller(client, "GET", "/x")
    assert [each.duration for each in came] == [1.0, 1.0]


def test_hooks_add_headers(server: Any, settings: Any, caller: Any) -> None:
    def trace(info: RequestInfo) -> None:
        info.headers["traceparent"] = f"00-{info.attempt}"

    def introduce(info: RequestInfo) -> None:
        info.headers["user-agent"] = "mine/1"

    client = caller.client(Configuration(**settings, on_request=[trace, introduce]))
    caller(client, "POST", "/x", body={"a": 1})
    for request in server.requests:
        assert request.header("Traceparent") == "00-1"
        assert request.header("User-Agent") == "mine/1"
    assert server.calls[0].header("Authorization").startswith("Bearer ")
    assert server.calls[0].body == b'{"a":1}'


@pytest.mark.parametrize(
    ("name", "value"),
    [("authorization", "Bearer x"), ("Content-Length", "1"), ("Host", "h"), ("X", "a\r\nY: b")],
)
def test_hooks_cannot_set_what_is_not_theirs(
    server: Any, settings: Any, caller: Any, name: str, value: str
) -> None:
    def hook(info: RequestInfo) -> None:
        info.headers[name] = value

    client = caller.client(Configuration(**settings, on_request=hook))
    with pytest.raises(ApiValueError, match=name):
        caller(client, "GET", "/x")
    assert server.requests == []


@pytest.mark.parametrize("moment", ["on_request", "on_response"])
@pytest.mark.parametrize("operation", ["token", "GET /x"])
def test_what_a_hook_raises_reaches_the_caller(
    server: Any, settings: Any, caller: Any, moment: str, operation: str
) -> None:
    class Refused(Exception):
        pass

    refusing = [True]

    def hook(info: Any) -> None:
        request = info if moment == "on_request" else info.request
        if refusing[0] and request.operation == operation:
            raise Refused

    settings[moment] = hook
    client = caller.client(Configuration(**settings))
    for _ in range(3):
        with pytest.raises(Refused):
            caller(client, "GET", "/x")
    refusing[0] = False
    assert caller(client, "GET", "/x").status_code == 200
    assert len({each.connection for each in server.requests}) == 1


@pytest.mark.parametrize("hook", [7, "print", [print, None], {}])
def test_a_hook_is_a_function(settings: Any, hook: Any) -> None:
    with pytest.raises(ValueError, match=r"on_response=.* must be a function"):
        Configuration(**settings, on_response=hook)


def test_a_hook_is_no_coroutine_function(settings: Any) -> None:
    async def hook(info: Any) -> None:
        pass

    class Callable:
        async def __call__(self, info: Any) -> None:
            pass

    for each in (hook, Callable()):
        with pytest.raises(ValueError, match="hooks are not awaited"):
            Configuration(**settings, on_request=each)


def test_hooks_are_kept(settings: Any, monkeypatch: Any) -> None:
    configuration = Configuration(**settings, on_request=add_nothing)
    assert configuration.on_response == ()
    for copy in (configuration.replace(debug=True), pickle.loads(pickle.dumps(configuration))):
        assert copy.on_request == (add_nothing,)
    monkeypatch.setenv("RUNAI_ON_REQUEST", "print")
    assert Configuration.from_env(**settings).on_request == ()


def test_log_lines(server: Any, settings: Any, caller: Any, wire: Any, caplog: Any) -> None:
    def answer(request: Any) -> Any:
        if len(server.calls) == 1:
            return wire.reply(200, None)
        identifier = "r" if len(server.calls) == 2 else "r\x85" + "x" * 500
        return wire.json(
            {"name": "n"}, 503 if len(server.calls) == 2 else 200, **{"X-Request-Id": identifier}
        )

    server.answer = answer
    client = caller.client(Configuration(**settings))
    with caplog.at_level(logging.DEBUG, logger="runai"):
        caller.wait(client.call(GetThing(), {}))
        caller(client, "GET", "/a path/é?key=hunter2")
    lines = [each.getMessage() for each in caplog.records if each.name.startswith("runai")]
    lost = "the connection was lost before the answer was complete"
    expected = [
        r"POST /api/v1/token: 200 in \d+ ms, attempt 1, request -",
        rf"GET /things/{{thingId}}: {lost} in \d+ ms, attempt 1, request -",
        r"GET /things/{thingId}: 503 in \d+ ms, attempt 2, request r",
        r"GET /things/{thingId}: 200 in \d+ ms, attempt 3, request r\?x{126}",
        r"GET /a%20path/%C3%A9: 200 in \d+ ms, attempt 1, request r\?x{126}",
    ]
    assert len(lines) == len(expected)
    for line, pattern in zip(lines, expected):
        assert re.fullmatch(pattern, line), line


@pytest.mark.parametrize(
    ("body", "error_class"),
    [({"name": ["a"]}, ResponseValidationError), ("{", ResponseDecodeError)],
)
def test_errors_of_an_answer_name_its_request(
    server: Any, client: Any, caller: Any, wire: Any, body: Any, error_class: Any
) -> None:
    def answer(request: Any) -> Any:
        if len(server.calls) == 1:
            return wire.json({}, 503)
        headers = {"Content-Type": "application/json", "X-Request-Id": "r-1"}
        return wire.reply(200, b"{" if body == "{" else wire.json(body).body, headers)

    server.answer = answer
    with pytest.raises(error_class) as caught:
        _ = caller.wait(client.call(GetThing(), {})).model
    error = caught.value
    assert isinstance(error, ApiException)
    assert (error.method, error.attempts, error.request_id) == ("GET", 2, "r-1")
    assert error.url == f"{server.url}/things/id-42?secret=hunter2"
    assert str(error).startswith("GET /things/id-42: 200")
    copy = pickle.loads(pickle.dumps(error)) if error_class is ResponseDecodeError else error
    assert str(copy) == str(error)


def test_a_last_failure_is_still_raised(
    server: Any, client: Any, caller: Any, wire: Any, came: Any
) -> None:
    server.answer = lambda request: wire.json({"message": "busy"}, 503)
    with pytest.raises(ServiceException, match="busy"):
        caller(client, "GET", "/x")
    assert [each.status for each in came] == [200, 503, 503, 503, 503]


def test_plain_http_warns_once(monkeypatch: Any, recwarn: Any) -> None:
    monkeypatch.setattr("runai._core.plain_http._warned", False)
    for host in ("localhost:8080", "127.0.0.1", "127.9.9.9:1", "[::1]:80", "a.localhost"):
        Configuration(bearer_token="t", runai_base_url=f"http://{host}")
    Configuration(bearer_token="t", runai_base_url="https://runai.example")
    assert not recwarn.list
    with pytest.warns(InsecureHttpWarning, match=r"you and runai\.example can read") as caught:
        Configuration(bearer_token="t", runai_base_url="http://runai.example")
    assert caught[0].filename == __file__
    Configuration(bearer_token="t", runai_base_url="http://other.example")
