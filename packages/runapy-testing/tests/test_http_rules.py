"""What HTTP itself forbids, whatever the operation."""

from __future__ import annotations

from typing import Any

import pytest

from runai.testing.faults import Status

PROJECTS = "/api/v1/org-unit/projects"
UUID = "7f3b8a52-6d0e-4c1b-9a55-0b1d2e3f4a5b"


def refused(raw: Any, control_plane: Any) -> tuple[str, ...]:
    """The problems of the one request that was sent, which got a 400."""
    assert raw.head().startswith(b"HTTP/1.1 400 ")
    (request,) = control_plane.requests.wait_for(1)
    assert request.status == 400
    return tuple(request.problems)


@pytest.mark.parametrize(
    "header",
    [
        "Accept-Language: en",
        "Authorization: Bearer x",
        "Content-Length: 0",
        "Content-Type: text/plain",
        "Host: other.example",
        "User-Agent: other",
    ],
)
def test_header_that_is_allowed_once(
    control_plane: Any, open_raw: Any, open_wire: Any, header: str
) -> None:
    name = header.partition(":")[0]
    given = ["User-Agent: a", "Content-Type: text/plain", "Content-Length: 0", "Accept-Language: a"]
    raw = open_raw(control_plane)
    raw.send("GET", PROJECTS, *[each for each in given if each.startswith(name)], header)
    if name == "Accept-Language":
        assert raw.head().startswith(b"HTTP/1.1 200 ")
    else:
        assert refused(raw, control_plane) == (f"header {name}: given 2 times, allowed once",)


def test_header_names_have_no_case(control_plane: Any, open_raw: Any) -> None:
    raw = open_raw(control_plane)
    raw.send("GET", PROJECTS, "User-Agent: a", "USER-AGENT: a")
    assert refused(raw, control_plane) == ("header User-Agent: given 2 times, allowed once",)


def test_accept_may_be_a_list(control_plane: Any, open_raw: Any) -> None:
    raw = open_raw(control_plane)
    raw.send("GET", PROJECTS, "Accept: text/plain;q=0.1", "Accept: application/json")
    assert raw.head().startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(("version", "is_needed"), [("1.1", True), ("1.0", False)])
def test_host_is_needed(control_plane: Any, open_raw: Any, version: str, is_needed: bool) -> None:
    raw = open_raw(control_plane)
    token = control_plane.tokens.issue()
    head = f"GET {PROJECTS} HTTP/{version}\r\nAuthorization: Bearer {token}\r\n\r\n"
    raw.socket.sendall(head.encode())
    if is_needed:
        problem = "header Host: required in HTTP/1.1 and missing"
        assert refused(raw, control_plane) == (problem,)
    else:
        assert raw.head().startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("character", list('"<>\\^`{|}[]#\x7f\u00e9\u20ac\u00e0\u00a0\u2028'))
@pytest.mark.parametrize("place", ["path", "query", "URL"])
def test_character_that_no_target_has(
    control_plane: Any, open_raw: Any, character: str, place: str
) -> None:
    target = f"/api/v1/a{character}b" if place == "path" else f"{PROJECTS}?search=a{character}b"
    raw = open_raw(control_plane)
    raw.send("GET", f"{control_plane.url}{target}" if place == "URL" else target)
    refused(raw, control_plane)


def test_the_character_is_named(control_plane: Any, open_raw: Any) -> None:
    raw = open_raw(control_plane)
    raw.send("GET", f"{PROJECTS}?search=a|b\u00e9|")
    (problem,) = refused(raw, control_plane)
    assert problem == "target: '|' and '\u00c3' and '\u00a9' must be percent-encoded"
    assert control_plane.requests[0].target == f"{PROJECTS}?search=a|b\u00c3\u00a9|"


def test_characters_that_targets_have(control_plane: Any, open_raw: Any) -> None:
    raw = open_raw(control_plane)
    raw.send("GET", f"{PROJECTS}?search=aZ09-._~!$'()*+,;=:@/?%20")
    assert raw.head().startswith(b"HTTP/1.1 200 ")
    assert control_plane.requests[0].query == {"search": "aZ09-._~!$'()* ,;=:@/? "}


@pytest.mark.parametrize("prefix", ["", "http://127.0.0.1"])
def test_question_mark_without_a_query(control_plane: Any, open_raw: Any, prefix: str) -> None:
    raw = open_raw(control_plane)
    raw.send("GET", f"{prefix}{PROJECTS}?")
    assert refused(raw, control_plane) == ("target: '?' and no query behind it",)


@pytest.mark.parametrize("segment", [".", "..", "%2e", "%2E%2e", ".%2E"])
@pytest.mark.parametrize(
    "target",
    ["/api/v1/clusters/{}", "/{}/api/v1/clusters", "/api/v1/org-unit/x/{}/projects", "/{}"],
)
def test_segment_that_climbs(control_plane: Any, open_raw: Any, target: str, segment: str) -> None:
    raw = open_raw(control_plane)
    raw.send("GET", target.format(segment))
    assert refused(raw, control_plane) == (f"target: the segment {segment!r} is none but a step",)


@pytest.mark.parametrize("segment", ["...", "..a", "%2e%2e%2f", "%252e"])
def test_segment_that_only_has_dots(control_plane: Any, open_raw: Any, segment: str) -> None:
    raw = open_raw(control_plane)
    raw.send("GET", f"/api/v1/k8s/clusters/{UUID}/nodepools/{segment}/nodes")
    assert not raw.head().startswith(b"HTTP/1.1 400 ")


def test_no_fault_hides_a_malformed_request(control_plane: Any, open_raw: Any) -> None:
    control_plane.faults.add("*", Status(503))
    raw = open_raw(control_plane)
    raw.send("GET", PROJECTS, "Host: twice")
    assert refused(raw, control_plane)


@pytest.mark.parametrize(
    ("sent", "method", "target"),
    [
        (b"GET /a b HTTP/1.1\r\n\r\n", "GET", "/a b"),
        (b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", "POST", "/"),
    ],
)
def test_unreadable_requests_are_recorded(
    control_plane: Any, open_raw: Any, sent: bytes, method: str, target: str
) -> None:
    raw = open_raw(control_plane)
    raw.socket.sendall(sent)
    assert refused(raw, control_plane)
    request = control_plane.requests[0]
    assert (request.method, request.target) == (method, target)


@pytest.mark.parametrize("sent", [b"nonsense\r\n\r\n", b"\x16\x03\x01\x00\r\n"])
def test_what_is_no_http_is_not_recorded(control_plane: Any, open_raw: Any, sent: bytes) -> None:
    raw = open_raw(control_plane)
    raw.socket.sendall(sent)
    assert raw.head().startswith(b"HTTP/1.1 400 ")
    assert not control_plane.requests


def test_headers_of_an_earlier_request_are_not_recorded(control_plane: Any, open_raw: Any) -> None:
    raw = open_raw(control_plane)
    raw.send("HEAD", PROJECTS, "X-Earlier: 1")
    raw.head()
    raw.socket.sendall(b"GET /a b HTTP/1.1\r\n\r\n")
    raw.head()
    assert control_plane.requests[1].headers.items() == []
