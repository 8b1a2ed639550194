from __future__ import annotations

import contextlib
import json
import math
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest
import trustme

from runai.testing import SampleControlPlane
from runai.testing.faults import (
    ClockSkew,
    CutBody,
    Delay,
    Drop,
    ExpireTokens,
    Fault,
    ProxyPage,
    RevokeToken,
    SlowBody,
    Status,
    WrongJson,
    drops_unread,
)

OPERATION = "projects.get_projects"
Moment = Literal["connect", "before", "during", "after"]
MOMENTS: tuple[Moment, ...] = ("connect", "before", "during", "after")
PROJECTS = "/api/v1/org-unit/projects"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def https_server(authority: trustme.CA) -> Iterator[SampleControlPlane]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with SampleControlPlane(ssl_context=context) as control_plane:
        yield control_plane


@pytest.fixture(params=["http", "https"])
def plane(
    request: Any, control_plane: SampleControlPlane, https_server: SampleControlPlane
) -> SampleControlPlane:
    chosen = control_plane if request.param == "http" else https_server
    chosen.reset()
    return chosen


@pytest.fixture(scope="module")
def https_trust(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture
def trust(plane: SampleControlPlane, https_trust: ssl.SSLContext) -> ssl.SSLContext | None:
    return https_trust if plane.url.startswith("https:") else None


def _end(connect: Callable[[], Any], sent: bytes) -> str:
    """How a connection ends on which these bytes get no answer."""
    try:
        raw = connect()
        raw.socket.sendall(sent)
    except (ConnectionError, ssl.SSLEOFError):
        # A reset is reported once: to whatever comes first.
        return "reset"
    received = raw.rest()
    assert received.head == b""
    return str(received.end)


def test_status(wire: Any, control_plane: Any) -> None:
    control_plane.faults.add(OPERATION, Status(503, {"Retry-After": "7"}), times=1)
    reply = wire.send("GET", PROJECTS)
    assert (reply.status, reply.headers["Retry-After"]) == (503, "7")
    assert reply.json() == {"code": 503, "message": "Service Unavailable", "details": ""}
    assert wire.call("GET", PROJECTS).status == 200
    first, second = control_plane.requests
    assert (first.status, first.fault) == (503, Status(503, {"Retry-After": "7"}))
    assert (first.operation_id, first.problems) == (OPERATION, ())
    assert (second.status, second.fault) == (200, None)


def test_status_with_a_body(wire: Any, control_plane: Any) -> None:
    control_plane.faults.add("*", Status(429, body=b"{}"), times=1)
    control_plane.faults.add("*", Status(418, {"content-type": "text/plain"}, b"tea"), times=1)
    control_plane.faults.add("*", Status(599, body=b""), times=1)
    reply = wire.call("GET", PROJECTS)
    assert (reply.status, reply.body, reply.json()) == (429, b"{}", {})
    reply = wire.call("GET", PROJECTS)
    assert (reply.status, reply.body) == (418, b"tea")
    assert reply.headers.get_all("Content-Type") == ["text/plain"]
    reply = wire.call("GET", PROJECTS)
    assert (reply.status, reply.body) == (599, b"")


def test_status_keeps_presets_for_later(wire: Any, control_plane: Any) -> None:
    control_plane.respond(OPERATION, 202)
    control_plane.respond(OPERATION, 204)
    control_plane.faults.add(OPERATION, Status(500), times=1)
    statuses = [wire.call("GET", PROJECTS).status for _ in range(3)]
    assert statuses == [500, 202, 204]


def test_wrong_json(wire: Any, control_plane: Any) -> None:
    control_plane.faults.add(OPERATION, WrongJson(), times=1)
    control_plane.faults.add(OPERATION, WrongJson(b"nonsense", 500), times=1)
    reply = wire.call("GET", PROJECTS)
    assert (reply.status, reply.headers["Content-Type"]) == (200, "application/json")
    with pytest.raises(json.JSONDecodeError):
        reply.json()
    reply = wire.call("GET", PROJECTS)
    assert (reply.status, reply.body) == (500, b"nonsense")


@pytest.mark.parametrize(("status", "title"), [(502, b"502 Bad Gateway"), (200, b"200 OK")])
def test_proxy_page(wire: Any, control_plane: Any, status: int, title: bytes) -> None:
    control_plane.faults.add(OPERATION, ProxyPage(status))
    reply = wire.call("GET", PROJECTS)
    assert (reply.status, reply.headers["Content-Type"]) == (status, "text/html")
    assert reply.body.startswith(b"<html>")
    assert title in reply.body
    assert control_plane.requests[0].fault == ProxyPage(status)


def test_delay(wire: Any, control_plane: Any) -> None:
    control_plane.faults.add(OPERATION, Delay(0.05), times=1)
    control_plane.faults.add(OPERATION, Delay(0.05, then=Status(502)), times=1)
    begun = time.monotonic()
    assert wire.call("GET", PROJECTS).status == 200
    middle = time.monotonic()
    assert wire.call("GET", PROJECTS).status == 502
    assert middle - begun >= 0.05
    assert time.monotonic() - middle >= 0.05
    assert [request.status for request in control_plane.requests] == [200, 502]


def test_delayed_answers_are_recorded_first_and_clear_sends_them(
    control_plane: Any, open_raw: Any
) -> None:
    control_plane.faults.add(OPERATION, Delay(3600))
    raw = open_raw(control_plane)
    raw.send()
    assert control_plane.requests.wait_for(1)[0].fault == Delay(3600)
    assert raw.is_silent()
    control_plane.faults.clear()
    assert raw.head().startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("fault", [Delay(3600), Delay(1e300), SlowBody(1, 3600)])
def test_close_ends_what_waits(open_raw: Any, fault: Fault) -> None:
    before = set(threading.enumerate())
    with SampleControlPlane() as control_plane:
        control_plane.faults.add(OPERATION, fault)
        raw = open_raw(control_plane)
        raw.send()
        control_plane.requests.wait_for(1)
        if isinstance(fault, SlowBody):
            raw.head()
            assert raw.socket.recv(65536) == b"{"
    assert set(threading.enumerate()) <= before
    assert raw.rest() == (b"", b"", "in order")


def test_delays_last_again_after_a_start(open_raw: Any) -> None:
    control_plane = SampleControlPlane()
    for number in (1, 2):
        with control_plane:
            control_plane.faults.add("*", Delay(3600, then=Status(418)), times=1)
            raw = open_raw(control_plane)
            raw.send()
            control_plane.requests.wait_for(number)
            assert raw.is_silent()


def test_slow_body(plane: Any, trust: Any, open_raw: Any) -> None:
    plane.respond(OPERATION, body=b'"1234567"')
    plane.faults.add(OPERATION, SlowBody(size=3, interval=3600))
    raw = open_raw(plane, trust)
    raw.send("GET", PROJECTS, "Connection: close")
    assert b"\r\nContent-Length: 9\r\n" in raw.head()
    assert b"".join(raw.socket.recv(1) for _ in range(3)) == b'"12'
    assert raw.is_silent()
    plane.faults.clear()
    assert b"".join(raw.socket.recv(1) for _ in range(6)) == b'34567"'


def test_slow_body_takes_its_time(wire: Any, control_plane: Any) -> None:
    control_plane.respond(OPERATION, body=b'"1234567"')
    control_plane.faults.add(OPERATION, SlowBody(size=2, interval=0.02))
    begun = time.monotonic()
    assert wire.call("GET", PROJECTS).body == b'"1234567"'
    assert time.monotonic() - begun >= 4 * 0.02


@pytest.mark.parametrize("reset", [False, True], ids=["in order", "reset"])
@pytest.mark.parametrize("sends_first", [False, True])
def test_drop_at_connect(control_plane: Any, open_raw: Any, reset: bool, sends_first: bool) -> None:
    control_plane.faults.add("*", Drop("connect", reset=reset), times=1)
    end = _end(lambda: open_raw(control_plane), b"x" if sends_first else b"")
    assert end == ("reset" if reset else "in order")
    assert len(control_plane.requests) == 0
    assert control_plane.connections == 1
    assert control_plane.faults.applied == [Drop("connect", reset=reset)]

    raw = open_raw(control_plane)
    raw.send()
    assert raw.head().startswith(b"HTTP/1.1 200 ")
    assert control_plane.connections == 2
    control_plane.reset()
    assert control_plane.connections == 0


@pytest.mark.parametrize("reset", [False, True], ids=["in order", "reset"])
def test_drop_at_connect_is_before_tls(
    https_server: Any, open_raw: Any, https_trust: Any, reset: bool
) -> None:
    https_server.reset()
    https_server.faults.add("*", Drop("connect", reset=reset), times=1)
    # Python 3.10 calls both the same, and 3.8 an end in order another name.
    ends = (ssl.SSLEOFError, ssl.SSLZeroReturnError)
    with pytest.raises((ConnectionResetError, *ends) if reset else ends):
        open_raw(https_server, https_trust)
    assert https_server.connections == 1


@pytest.mark.parametrize("reset", [False, True], ids=["in order", "reset"])
@pytest.mark.parametrize("size", [0, 8 * 2**20])
def test_drop_before(plane: Any, open_raw: Any, trust: Any, reset: bool, size: int) -> None:
    plane.respond(OPERATION, 204)
    plane.faults.add("projects.create_project", Drop("before", reset=reset))
    raw = open_raw(plane, trust)
    raw.send()
    assert raw.head().startswith(b"HTTP/1.1 204 ")
    # A later request on the connection that was kept, with more than the socket's buffers take.
    head = f"POST {PROJECTS} HTTP/1.1\r\nContent-Length: {size}\r\n\r\n"
    assert _end(lambda: raw, head.encode() + b" " * size) == ("reset" if reset else "in order")
    assert [request.status for request in plane.requests] == [204]
    assert plane.connections == 1


@pytest.mark.parametrize("reset", [False, True], ids=["in order", "reset"])
def test_drop_during(plane: Any, open_raw: Any, trust: Any, reset: bool) -> None:
    plane.respond(OPERATION, 202)
    plane.respond(OPERATION, 204)
    plane.faults.add(OPERATION, Drop("during", reset=reset), times=1)
    raw = open_raw(plane, trust)
    raw.send()
    assert raw.rest() == (b"", b"", "reset" if reset else "in order")
    (request,) = plane.requests
    assert (request.status, request.fault) == (0, Drop("during", reset=reset))

    raw = open_raw(plane, trust)
    raw.send()
    # The first answer is lost and not put off: the request was carried out.
    assert raw.head().startswith(b"HTTP/1.1 204 ")


@pytest.mark.parametrize("reset", [False, True], ids=["in order", "reset"])
@pytest.mark.parametrize(("sent", "body"), [(0, b""), (4, b'"123'), (None, b'"1234567"')])
def test_drop_after(
    plane: Any, open_raw: Any, trust: Any, reset: bool, sent: int | None, body: bytes
) -> None:
    plane.respond(OPERATION, body=b'"1234567"')
    plane.faults.add(OPERATION, Drop("after", reset=reset, sent=sent))
    raw = open_raw(plane, trust)
    raw.send()
    answer = raw.rest()
    assert answer.head.startswith(b"HTTP/1.1 200 ")
    assert b"\r\nContent-Length: 9" in answer.head
    assert b"Connection: close" not in answer.head
    assert (answer.body, answer.end) == (body, "reset" if reset else "in order")
    assert plane.requests[0].status == 200


@pytest.mark.parametrize(
    ("sent", "body", "length"),
    [(None, b'"123', 9), (0, b"", 9), (8, b'"1234567', 9), (9, b'"1234567"', 10)],
)
def test_cut_body(
    plane: Any, open_raw: Any, trust: Any, sent: int | None, body: bytes, length: int
) -> None:
    plane.respond(OPERATION, body=b'"1234567"')
    plane.faults.add(OPERATION, CutBody(sent))
    raw = open_raw(plane, trust)
    raw.send()
    answer = raw.rest()
    assert b"\r\nContent-Length: %d" % length in answer.head
    assert (answer.body, answer.end) == (body, "in order")


@pytest.mark.parametrize(
    ("sent", "body"), [(None, b'4\r\n"123\r\n'), (0, b""), (99, b'9\r\n"1234567"\r\n')]
)
def test_cut_chunks(plane: Any, open_raw: Any, trust: Any, sent: int | None, body: bytes) -> None:
    plane.respond(OPERATION, body=b'"1234567"')
    plane.faults.add(OPERATION, CutBody(sent, chunked=True))
    raw = open_raw(plane, trust)
    raw.send()
    answer = raw.rest()
    assert b"\r\nTransfer-Encoding: chunked" in answer.head
    assert b"Content-Length" not in answer.head
    assert (answer.body, answer.end) == (body, "in order")


@pytest.mark.parametrize("fault", [CutBody(), Drop("after", sent=None), SlowBody(1, 3600)])
@pytest.mark.parametrize(("method", "status"), [("HEAD", 405), ("GET", 204)])
def test_answers_without_a_body(
    control_plane: Any, open_raw: Any, fault: Fault, method: str, status: int
) -> None:
    control_plane.respond(OPERATION, 204)
    control_plane.faults.add("*", fault)
    raw = open_raw(control_plane)
    raw.send(method, PROJECTS, "Connection: close")
    answer = raw.rest()
    assert answer.head.startswith(b"HTTP/1.1 %d " % status)
    assert (answer.body, answer.end) == (b"", "in order")


def test_refusals_are_cut_too(control_plane: Any, open_raw: Any) -> None:
    control_plane.faults.add("*", CutBody(1))
    raw = open_raw(control_plane)
    raw.send("GET", "/unknown")
    answer = raw.rest()
    assert answer.head.startswith(b"HTTP/1.1 404 ")
    assert answer.body == b"N"
    assert control_plane.requests[0].fault == CutBody(1)


def test_all_kinds_at_once_lose_no_count(open_raw: Any) -> None:
    before = set(threading.enumerate())
    kinds: list[Fault] = [
        *(Drop(when, reset) for when in MOMENTS for reset in (False, True)),
        Status(503),
        WrongJson(),
        ProxyPage(),
        Delay(0.001),
        SlowBody(4096, 0.001),
        CutBody(),
        CutBody(chunked=True),
        RevokeToken(),
        ExpireTokens(),
    ]
    attempts = 8 * 25
    with SampleControlPlane() as control_plane:
        for kind in kinds:
            control_plane.faults.add("*", kind, rate=0.08)

        def attempt() -> None:
            for _ in range(attempts // 8):
                with contextlib.suppress(ConnectionError):
                    raw = open_raw(control_plane)
                    raw.send("GET", PROJECTS, "Connection: close")
                    raw.rest()

        threads = [threading.Thread(target=attempt) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        given = Counter(control_plane.faults.applied)
        recorded = Counter(request.fault for request in control_plane.requests)
    assert set(threading.enumerate()) <= before
    assert set(given) == set(kinds)
    assert control_plane.connections == attempts
    unread = {kind: given.pop(kind) for kind in kinds if drops_unread(kind)}
    assert recorded.pop(None) == attempts - sum(unread.values()) - sum(given.values())
    assert recorded == given


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Status(199), "status 199 is no final answer"),
        (lambda: WrongJson(status=600), "status 600 is no final answer"),
        (lambda: ProxyPage(0), "status 0 is no final answer"),
        (lambda: Delay(-1), "seconds -1 is no duration"),
        (lambda: Delay(math.nan), "seconds nan is no duration"),
        (lambda: Delay(1, Delay(1)), "cannot come after a delay"),
        (lambda: Delay(1, Drop("before")), "cannot come after a delay"),
        (lambda: Delay(1, Drop("connect")), "cannot come after a delay"),
        (lambda: SlowBody(size=0), "size 0 sends nothing"),
        (lambda: SlowBody(interval=math.inf), "interval inf is no duration"),
        (lambda: Drop("later"), "when 'later' is no moment"),  # type: ignore[arg-type]
        (lambda: Drop("after", sent=-1), "sent -1 is no number of bytes"),
        (lambda: CutBody(-1), "sent -1 is no number of bytes"),
        (lambda: ClockSkew(math.nan), "seconds nan is no time"),
        (lambda: ClockSkew(-math.inf), "seconds -inf is no time"),
        (lambda: Status("503"), "status '503' is no final answer"),  # type: ignore[arg-type]
        (lambda: Status(503, body="no"), "body 'no' is no bytes"),  # type: ignore[arg-type]
        (lambda: WrongJson({}), "body {} is no bytes"),  # type: ignore[arg-type]
        (lambda: Status(503, [("A", "b")]), "headers .*: give a dict"),  # type: ignore[arg-type]
        (lambda: Status(503, {"A": "b\r\nC: d"}), r"headers.A is 'b\\r\\nC: d': give one line"),
        (
            lambda: Status(503, {"A": "\u65e5"}),
            "headers.A is '\u65e5': give one line of ISO",
        ),
        (lambda: Status(503, {"a b": "c"}), "headers: 'a b' is no name of a header"),
        (lambda: Status(503, {"": "c"}), "headers: '' is no name of a header"),
    ],
)
def test_kinds_say_what_is_wrong(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_headers_may_be_numbers_and_more_than_ascii(wire: Any, control_plane: Any) -> None:
    headers: Any = {"Retry-After": 7, "X-Name": "Andr\xe9\t~"}
    control_plane.faults.add("*", Status(503, headers))
    answer = wire.call("GET", PROJECTS)
    assert (answer.headers["Retry-After"], answer.headers["X-Name"]) == ("7", "Andr\xe9\t~")


def test_kinds_are_values() -> None:
    assert Counter([Status(503, {"A": "b"}), Status(503, {"A": "b"})]) == {
        Status(503, {"A": "b"}): 2
    }
    with pytest.raises(AttributeError):
        Drop().when = "after"  # type: ignore[misc]
