"""What a call returns, and what it raises, for every kind of answer."""

from __future__ import annotations

import contextlib
import copy
import gc
import gzip
import json
import pickle
from typing import Any, List

import pydantic
import pytest

from runai._core.call import Call
from runai.api_response import ApiResponse
from runai.configuration import Configuration
from runai.exceptions import (
    ApiException,
    BadRequestException,
    ConflictException,
    ForbiddenException,
    NotFoundException,
    PayloadTooLargeException,
    RateLimitException,
    RequestTimeoutException,
    ResponseDecodeError,
    ResponseValidationError,
    ServiceException,
    UnauthorizedException,
    UnprocessableEntityException,
)


class Item(pydantic.BaseModel):
    name: str
    size: int


class Prepared:
    """An operation, as an API group would hand it to a client."""

    def __init__(
        self, media_types: Any = ("application/json",), model: Any = None, method: Any = "GET"
    ) -> None:
        self._call = Call(
            "items.get_items", method, "/items", {"Accept": "application/json"}, None,
            tuple(media_types), model,
        )  # fmt: skip

    def prepare(self, arguments: Any) -> Any:
        return self._call


def ask(caller: Any, settings: Any, operation: Any = None, **more: Any) -> Any:
    client = caller.client(Configuration(**settings).replace(**more))
    return caller.wait(client.call(operation or Prepared(), {}))


def items_model() -> Any:
    return List[Item]


@pytest.mark.parametrize(
    ("content_type", "body", "promised", "data"),
    [
        ("application/json", b'{"a": [1]}', ("application/json",), {"a": [1]}),
        ("application/json; charset=utf-8", '"ü"'.encode(), ("application/json",), "ü"),
        ("application/problem+json", b"[]", ("application/json",), []),
        ("application/json", b"null", ("application/json",), None),
        ("application/json", b"", ("application/json",), None),
        ("text/plain", b'{"a": 1}', ("application/json",), {"a": 1}),
        ("text/csv", "a,ü\n".encode(), ("application/json", "text/csv"), "a,ü\n"),
        ("text/csv; charset=iso-8859-1", b"\xfc", ("text/csv",), "ü"),
        ("text/plain; charset=no-such", b"abc", ("text/plain",), "abc"),
        ("text/plain; charset=hex", b"abc", ("text/plain",), "abc"),
        ("text/plain; charset=utf-16", b"a\x00", ("text/plain",), "a"),
        ("text/html", b"<html>", ("text/html",), "<html>"),
        ("application/octet-stream", b"\x00\xff", ("application/octet-stream",), b"\x00\xff"),
        ("application/x-tar", b"\x00\xff", ("application/x-tar",), b"\x00\xff"),
        ("application/octet-stream", b"\x00\xff", (), b"\x00\xff"),
        ("application/json", b"{}", ("text/plain",), {}),
        ("", b'{"a": 1}', (), {"a": 1}),
        ("", b"words", (), "words"),
        ("", b"\xff", (), b"\xff"),
    ],
)
def test_data(
    server: Any,
    settings: Any,
    caller: Any,
    wire: Any,
    content_type: Any,
    body: Any,
    promised: Any,
    data: Any,
) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    server.answer = lambda request: wire.reply(200, body, headers)
    response = ask(caller, settings, Prepared(promised))
    assert response.data == data
    assert type(response.data) is type(data)
    assert response.raw == body
    assert response.status_code == 200
    assert response.headers.get("content-type", "") == content_type


def test_no_content(server: Any, settings: Any, caller: Any, wire: Any) -> None:
    server.answer = lambda request: wire.reply(204, b"", {})
    response = ask(caller, settings, Prepared(model=items_model))
    assert (response.data, response.model, response.raw, response.text) == (None, None, b"", "")


def test_gzip(server: Any, settings: Any, caller: Any, wire: Any) -> None:
    body = json.dumps(list(range(10_000))).encode()
    zipped = gzip.compress(body)
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    server.answer = lambda request: wire.reply(200, zipped, headers)
    response = ask(caller, settings)
    assert response.raw == body
    assert response.data == list(range(10_000))


def test_headers_of_an_answer(server: Any, settings: Any, caller: Any, wire: Any) -> None:
    headers = {"Content-Type": "application/json", "X-Name": "ü€", "X-Long": "a" * 20_000}
    server.answer = lambda request: wire.reply(200, b"{}", headers)
    response = ask(caller, settings)
    assert response.headers["x-name"] == "ü€"
    assert len(response.headers["X-LONG"]) == 20_000
    assert "X-name" in response.headers
    assert dict(response.headers)["X-Name"] == "ü€"


@pytest.mark.parametrize(
    ("content_type", "body", "promised"),
    [
        ("application/json", b'{"a":', ("application/json",)),
        ("application/json", b"<html>sign in</html>", ("application/json",)),
        ("text/html", b"<html>sign in</html>", ("application/json",)),
        ("text/html", b"<html>sign in</html>", ("application/x-tar",)),
        ("text/plain", b"ok", ("application/json",)),
        ("", b"ok", ("application/json",)),
    ],
)
def test_not_as_promised(
    server: Any, settings: Any, caller: Any, wire: Any, content_type: Any, body: Any, promised: Any
) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    server.answer = lambda request: wire.reply(200, body, headers)
    with pytest.raises(ResponseDecodeError) as caught:
        _ = ask(caller, settings, Prepared(promised)).data
    assert caught.value.body == body.decode()
    assert caught.value.status == 200
    assert "GET /items" in str(caught.value)
    assert len(server.calls) == 1


def test_model(server: Any, settings: Any, caller: Any, wire: Any) -> None:
    server.answer = lambda request: wire.json([{"name": "a", "size": "1"}])
    response = ask(caller, settings, Prepared(model=items_model))
    assert response.model == [Item(name="a", size=1)]
    assert response.model is response.model
    assert response.data == [{"name": "a", "size": "1"}]


def test_model_that_does_not_fit(server: Any, settings: Any, caller: Any, wire: Any) -> None:
    unfit = {"name": "pw-hunter2", "size": "large"}
    server.answer = lambda request: wire.json([{"name": "a", "size": 1}, unfit])
    response = ask(caller, settings, Prepared(model=items_model))
    with pytest.raises(ResponseValidationError) as caught:
        _ = response.model
    error: Any = caught.value
    assert error.response is response
    assert response.data[1] == unfit
    assert (error.operation, error.place) == ("items.get_items", (1, "size"))
    assert error.value == "large"
    assert "items.get_items" in str(error)
    assert "[1].size: Input should be a valid integer" in str(error)
    assert "hunter2" not in str(error)
    again: Any = pickle.loads(pickle.dumps(error))
    assert (str(again), again.place) == (str(error), error.place)
    assert again.response.data == response.data


def test_no_model_of_text(server: Any, settings: Any, caller: Any, wire: Any) -> None:
    server.answer = lambda request: wire.reply(200, b"a,b", {"Content-Type": "text/csv"})
    response = ask(caller, settings, Prepared(("application/json", "text/csv"), items_model))
    assert response.model is None


def test_response_can_be_copied(server: Any, settings: Any, caller: Any, wire: Any) -> None:
    server.answer = lambda request: wire.json([{"name": "a", "size": 1}])
    response = ask(caller, settings, Prepared(model=lambda: List[Item]))
    for again in (pickle.loads(pickle.dumps(response)), copy.deepcopy(response)):
        assert again.data == response.data
        assert again.model == [Item(name="a", size=1)]
        assert again.headers["content-type"] == "application/json"


def test_response_as_a_test_double() -> None:
    response: ApiResponse[Any] = ApiResponse(status_code=200, headers={"A": "b"}, data={"c": 1})
    assert (response.status_code, response.headers["a"], response.data) == (200, "b", {"c": 1})
    assert response.model is None
    empty: ApiResponse[Any] = ApiResponse(201, data=None)
    assert empty.data is None


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, BadRequestException),
        (401, UnauthorizedException),
        (403, ForbiddenException),
        (404, NotFoundException),
        (405, ApiException),
        (408, RequestTimeoutException),
        (409, ConflictException),
        (413, PayloadTooLargeException),
        (422, UnprocessableEntityException),
        (429, RateLimitException),
        (500, ServiceException),
        (503, ServiceException),
    ],
)
def test_error_status(
    server: Any, settings: Any, caller: Any, wire: Any, status: Any, expected: Any
) -> None:
    server.answer = lambda request: wire.json(
        {"code": status, "message": "No such thing", "details": "at all"},
        status,
        **{"X-Request-Id": "r-17"},
    )
    with pytest.raises(ApiException) as caught:
        ask(caller, settings, retry_enabled=False)
    error = caught.value
    assert type(error) is expected
    assert error.status == status
    assert error.data == {"code": status, "message": "No such thing", "details": "at all"}
    assert json.loads(error.body or "") == error.data
    assert f"GET /items: {status} Told: No such thing; at all" in str(error)
    assert (error.reason, error.method, error.url) == ("Told", "GET", f"{server.url}/items")
    assert error.headers is not None
    assert error.headers["x-request-id"] == error.request_id == "r-17"
    assert "[request r-17]" in str(error)


def test_error_that_is_no_json(server: Any, settings: Any, caller: Any, wire: Any) -> None:
    page = b"<html>" + b"x" * 1000
    server.answer = lambda request: wire.reply(502, page, {"Content-Type": "text/html"})
    with pytest.raises(ServiceException) as caught:
        ask(caller, settings, retry_enabled=False)
    assert caught.value.body == page.decode()
    assert caught.value.data is None
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_for_reading_only(
    server: Any, settings: Any, caller: Any, wire: Any, method: Any, status: Any
) -> Any:
    def answer(request: Any) -> Any:
        moved = wire.reply(status, b"", {"Location": "/moved?a=%2F"})
        return wire.json({"at": request.target}) if request.target != "/items" else moved

    server.answer = answer
    if method == "GET":
        assert ask(caller, settings).data == {"at": "/moved?a=%2F"}
        assert len({each.header("Authorization") for each in server.calls}) == 1
    else:
        with pytest.raises(ApiException) as caught:
            ask(caller, settings, Prepared(method="POST"))
        assert (caught.value.headers or {})["location"] == "/moved?a=%2F"
        assert len(server.calls) == 1


def test_another_host_gets_no_token(server: Any, settings: Any, caller: Any, wire: Any) -> None:
    other = f"http://localhost:{server.port}/elsewhere"
    server.answer = lambda request: (
        wire.json({})
        if request.target == "/elsewhere"
        else wire.reply(302, b"", {"Location": other})
    )
    ask(caller, settings)
    assert [each.header("Authorization") is None for each in server.calls] == [False, True]


def test_redirects_end(server: Any, settings: Any, caller: Any, wire: Any) -> None:
    server.answer = lambda request: wire.reply(302, b"", {"Location": "/items"})
    with pytest.raises(ApiException) as caught:
        ask(caller, settings)
    assert caught.value.status == 302
    assert len(server.calls) == 6


def test_what_is_no_json_is_read_when_it_is_looked_at(
    server: Any, settings: Any, caller: Any, wire: Any
) -> None:
    """A page of a proxy in its place is told of at once."""
    server.answer = lambda request: wire.reply(200, b"{", {"Content-Type": "application/json"})
    response = ask(caller, settings, Prepared(("application/json",), items_model))
    for attribute in ("data", "model", "data"):
        with pytest.raises(ResponseDecodeError, match="is not valid JSON"):
            getattr(response, attribute)
    assert (response.raw, response.text) == (b"{", "{")
    server.answer = lambda request: wire.reply(200, b"<p>", {"Content-Type": "text/html"})
    with pytest.raises(ResponseDecodeError, match="text/html is not valid JSON"):
        ask(caller, settings, Prepared(("application/json",), items_model))


@pytest.mark.parametrize(
    ("body", "data"),
    [
        (b'"\\ud800"', "\ud800"),
        ('"\u00fc"'.encode("utf-16"), "\u00fc"),
        (b"[" * 500 + b"]" * 500, None),
        (b"123456789012345678901234567890", 123456789012345678901234567890),
        (b"0.1234567890123456789", 0.1234567890123456789),
        (b'{"a": 1, "a": 2}', {"a": 2}),
    ],
)
def test_all_json_is_read(
    server: Any, settings: Any, caller: Any, wire: Any, body: bytes, data: Any
) -> None:
    server.answer = lambda request: wire.reply(200, body, {"Content-Type": "application/json"})
    assert ask(caller, settings).data == (json.loads(body) if data is None else data)


@pytest.mark.parametrize("is_enabled", [True, False])
@pytest.mark.parametrize("body", [json.dumps(["a"] * 50_000).encode(), b"[" + b"1," * 50_000])
def test_the_garbage_collector_is_as_before(
    server: Any, settings: Any, caller: Any, wire: Any, body: bytes, is_enabled: bool
) -> None:
    """It rests while a large answer is read, whether that ends well or not."""
    server.answer = lambda request: wire.reply(200, body, {"Content-Type": "application/json"})
    response = ask(caller, settings, Prepared(model=lambda: List[str]))
    if not is_enabled:
        gc.disable()
    try:
        for attribute in ("data", "model"):
            with contextlib.suppress(ResponseDecodeError):
                assert len(getattr(response, attribute)) == 50_000
            assert gc.isenabled() is is_enabled
    finally:
        gc.enable()
