"""What arrives at the server, byte for byte, from each client."""

from __future__ import annotations

import os
from typing import Any

import pytest

from runai.configuration import Configuration
from runai.exceptions import ApiValueError

TARGETS = [
    "/api/v1/x",
    "/api/v1/a%2Fb",
    "/api/v1/%2E%2E/x",
    "/api/v1/%2E/x",
    "/api/v1/../x",
    "/api/v1//x",
    "/api/v1/a%20b%2Cc?q=a%20b%2Cc%26d%3D%2B&r=",
    "/api/v1/-._~%3A%40!$&'()*+,;=",
    "/api/v1/%D7%A9%F0%9F%98%80?q=%D7%A9",
    "/api/v1/a_b%25%23%3F",
    "/api/v1/x?sort=name,age&sort=id",
]


@pytest.mark.parametrize("target", TARGETS)
def test_target_arrives_unchanged(server: Any, settings: Any, caller: Any, target: Any) -> None:
    caller(caller.client(Configuration(**settings)), "GET", target)
    assert [each.target for each in server.calls] == [target]


def test_base_url_may_have_a_path(server: Any, settings: Any, caller: Any) -> None:
    configuration = Configuration(**settings).replace(runai_base_url=f"{server.url}/a/prefix//")
    caller(caller.client(configuration), "GET", "/api/v1/x")
    assert [each.target for each in server.requests] == [
        "/a/prefix/api/v1/token",
        "/a/prefix/api/v1/x",
    ]


def test_headers_of_a_get(server: Any, settings: Any, caller: Any) -> None:
    caller(caller.client(Configuration(**settings)), "GET", "/x", header_params={"X-Mine": "ä€"})
    (request,) = server.calls
    assert request.header("Accept-Encoding") == "gzip"
    assert request.header("Accept") == "application/json"
    assert request.header("User-Agent").startswith("runapy/")
    assert request.header("Authorization").startswith("Bearer ey")
    assert request.header("X-Mine").encode("latin-1").decode("utf-8") == "ä€"
    assert request.header("Content-Type") is None
    assert request.header("Content-Length") is None
    assert request.header("Cookie") is None
    assert request.body == b""


def test_header_names_are_the_same_from_each_client(
    server: Any, settings: Any, caller: Any
) -> None:
    caller(caller.client(Configuration(**settings)), "POST", "/x", body={"a": 1})
    expected = {
        "host", "accept", "accept-encoding", "authorization",
        "content-length", "content-type", "user-agent",
    }  # fmt: skip
    names = [name.lower() for name, _ in server.calls[0].headers]
    if caller.kind == "session":
        names.remove("connection")  # the session's own
    assert sorted(names) == sorted(expected)


@pytest.mark.parametrize("method", ["DELETE", "POST", "PUT", "PATCH"])
def test_no_body(server: Any, settings: Any, caller: Any, method: Any) -> None:
    caller(caller.client(Configuration(**settings)), method, "/x")
    (request,) = server.calls
    assert (request.method, request.header("Content-Length")) == (method, "0")
    assert request.header("Content-Type") is None


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        ({}, b"{}"),
        ([], b"[]"),
        ({"a": None, "ü": [1, 2.5, True]}, '{"a":null,"ü":[1,2.5,true]}'.encode()),
        ("text", b'"text"'),
        (b"\x00raw", b"\x00raw"),
    ],
)
def test_body_arrives_once_encoded(
    server: Any, settings: Any, caller: Any, body: Any, sent: Any
) -> None:
    caller(caller.client(Configuration(**settings)), "POST", "/x", body=body)
    assert server.calls[0].body == sent
    assert server.calls[0].header("Content-Type") == "application/json"


def test_large_body_arrives_whole(server: Any, settings: Any, caller: Any) -> None:
    body = os.urandom(3_000_000)
    caller(caller.client(Configuration(**settings)), "PUT", "/x", body=body)
    assert server.calls[0].body == body


def test_form(server: Any, settings: Any, caller: Any) -> None:
    fields = {"grant_type": "password", "username": "a b&c"}
    caller(caller.client(Configuration(**settings)), "POST", "/form", post_params=fields)
    assert server.calls[0].body == b"grant_type=password&username=a+b%26c"
    assert server.calls[0].header("Content-Type") == "application/x-www-form-urlencoded"


def test_query_parameters(server: Any, settings: Any, caller: Any) -> None:
    query = {"a": [1, "x,y"], "none": None, "b": True, "file_type": "a b/c"}
    caller(caller.client(Configuration(**settings)), "GET", "/x", query)
    assert server.calls[0].target == "/x?a=1%2Cx%2Cy&b=true&file_type=a%20b%2Fc"


def test_what_a_url_cannot_hold_is_encoded(server: Any, settings: Any, caller: Any) -> None:
    caller(caller.client(Configuration(**settings)), "GET", "/a b/ü/100%/c#d")
    assert server.calls[0].target == "/a%20b/%C3%BC/100%25/c%23d"


def test_caller_headers_replace_and_stay_the_callers(
    server: Any, settings: Any, caller: Any
) -> None:
    client = caller.client(Configuration(**settings))
    client.user_agent = "mine/1"
    client.set_default_header("x-tenant", "a")
    given = {"X-Tenant": "b"}
    caller(client, "GET", "/x", header_params=given)
    assert given == {"X-Tenant": "b"}
    assert client.user_agent == server.calls[0].header("User-Agent") == "mine/1"
    assert server.calls[0].header("X-Tenant") == "b"


def test_authorization_of_the_caller_is_sent_instead_of_a_token(
    server: Any, settings: Any, caller: Any
) -> None:
    client = caller.client(Configuration(**settings))
    client.set_default_header("authorization", "Basic abc")
    caller(client, "GET", "/x")
    assert server.calls[0].header("Authorization") == "Basic abc"
    assert server.token_requests == []


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("BREW", "/x"), "BREW"),
        (("GET", "http://elsewhere/x"), "runai_base_url"),
        (("GET", "/x", None, {"X": "a\r\nY: b"}), "line break"),
        (("GET", "/x", None, {"X Y": "a"}), "X Y"),
        (("POST", "/x", None, None, {"a": float("nan")}), "JSON"),
        (("POST", "/x", None, None, {"a": object()}), "JSON"),
        (("POST", "/x", None, None, {}, {"a": 1}), "one body"),
        (("GET", "/x", None, None, None, None, 0), "timeout=0 must be seconds"),
    ],
)
def test_what_cannot_be_sent_is_refused_at_once(
    server: Any, settings: Any, caller: Any, arguments: Any, complaint: Any
) -> None:
    client = caller.client(Configuration(**settings))
    with pytest.raises(ApiValueError, match=complaint):
        client.call_api(*arguments)
    assert server.requests == []


def test_nothing_is_sent_at_construction(server: Any, settings: Any, caller: Any) -> None:
    caller.client(Configuration(**settings))
    assert server.requests == []


def test_connection_is_kept(server: Any, settings: Any, caller: Any) -> None:
    client = caller.client(Configuration(**settings).replace(pool_maxsize=1))
    for _ in range(3):
        caller(client, "GET", "/x")
    assert len({each.connection for each in server.requests}) == 1
