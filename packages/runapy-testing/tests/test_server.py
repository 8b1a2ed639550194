from __future__ import annotations

import gc
import socket
import ssl
import subprocess
import sys
import textwrap
import threading
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import trustme

from runai.testing import SampleControlPlane
from runai.testing.framing import LONGEST_BODY

PROJECTS = "/api/v1/org-unit/projects"


def _connect(control_plane: SampleControlPlane) -> socket.socket:
    address = urlsplit(control_plane.url)
    return socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=20)


def _exchange(control_plane: SampleControlPlane, sent: bytes) -> bytes:
    """Send these bytes and nothing more, and read until the server ends the connection."""
    with _connect(control_plane) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        with connection.makefile("rb") as received:
            return received.read()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 505),
        (b"GET /a b HTTP/1.1\r\n\r\n", 400),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * 70_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"A: a\r\n" * 200 + b"\r\n", 431),
        (b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nab", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (LONGEST_BODY + 1), 413),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFF\r\n", 413),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
    ],
)
def test_broken_requests(control_plane: Any, capfd: Any, sent: bytes, status: int) -> None:
    received = _exchange(control_plane, sent)
    assert received.startswith(b"HTTP/1.1 %d " % status)
    assert b"application/json" in received
    assert b'"code": %d' % status in received
    assert capfd.readouterr() == ("", "")


def test_a_target_that_is_no_path(control_plane: Any) -> None:
    received = _exchange(control_plane, b"GET * HTTP/1.1\r\nHost: a\r\n\r\n")
    assert received.startswith(b"HTTP/1.1 404 ")
    assert received.endswith(b"No operation has the path '*': every path begins with /\n")


@pytest.mark.parametrize("sent", [b"", b"GET", b"POST / HTTP/1.1\r\nContent-Le", b"\x16\x03\x01"])
def test_connections_that_end_early(control_plane: Any, capfd: Any, sent: bytes) -> None:
    _exchange(control_plane, sent)
    assert capfd.readouterr() == ("", "")


def test_chunked_bodies(control_plane: Any) -> None:
    head = (
        f"POST {PROJECTS} HTTP/1.1\r\nHost: a\r\n"
        f"Authorization: Bearer {control_plane.tokens.issue()}\r\n"
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    chunks = b'8;x=y\r\n{"name":\r\n4\r\n "a"\r\n1\r\n}\r\n0\r\nTrailer: x\r\n\r\n'
    _exchange(control_plane, head.encode() + chunks)
    assert control_plane.requests[0].body == b'{"name": "a"}'


def test_expectation_of_a_continue(control_plane: Any, open_raw: Any) -> None:
    raw = open_raw(control_plane)
    content_type = "Content-Type: application/json"
    raw.send("POST", PROJECTS, content_type, "Content-Length: 2", "Expect: 100-continue")
    assert raw.head() == b"HTTP/1.1 100 Continue\r\n\r\n"
    raw.socket.sendall(b"{}")
    assert raw.head().startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("prefix", ["/runai", "/a/b.c"])
def test_path_prefix(open_wire: Any, prefix: str) -> None:
    with SampleControlPlane(path_prefix=prefix) as control_plane:
        assert control_plane.url.endswith(prefix)
        assert control_plane.configuration().runai_base_url == control_plane.url
        wire = open_wire(control_plane)
        assert wire.call("GET", f"{prefix}{PROJECTS}?limit=1").status == 200
        assert wire.call("GET", f"{control_plane.url}{PROJECTS}").status == 200
        for outside in (PROJECTS, f"{prefix}x{PROJECTS}", prefix, f"/x{prefix}{PROJECTS}"):
            reply = wire.call("GET", outside)
            assert reply.status == 404
            message = reply.body.decode()
            assert outside in message
            assert f"every path begins with {prefix}/" in message
        first = control_plane.requests[0]
        assert (first.target, first.query) == (f"{prefix}{PROJECTS}?limit=1", {"limit": 1})


@pytest.mark.parametrize("prefix", ["runai", "/", "/runai/", "//a", "/a?b", "/a b", "/a#"])
def test_what_is_no_path_prefix(prefix: str) -> None:
    with pytest.raises(ValueError, match="begins no path: give one such as '/runai'"):
        SampleControlPlane(path_prefix=prefix)


def test_whole_url_as_target(wire: Any, control_plane: Any) -> None:
    assert wire.call("GET", f"{control_plane.url}{PROJECTS}?limit=1").status == 200
    assert control_plane.requests[0].target.startswith("http://")


def test_keep_alive(control_plane: Any) -> None:
    request = f"GET {PROJECTS} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer x\r\n\r\n".encode()
    assert _exchange(control_plane, request * 3).count(b"HTTP/1.1 401 ") == 3


def test_failure_within_is_an_answer(
    wire: Any, control_plane: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    monkeypatch.setattr(control_plane, "total_items", "many")
    reply = wire.call("GET", PROJECTS)
    assert reply.status == 500
    assert "The embedded control plane failed: TypeError" in reply.json()["message"]
    assert control_plane.requests[0].problems
    assert caplog.records


def test_close_ends_threads_and_connections() -> None:
    before = set(threading.enumerate())
    with SampleControlPlane() as control_plane:
        idle = _connect(control_plane)
        half = _connect(control_plane)
        half.sendall(b"GET / HT")
        used = _connect(control_plane)
        used.sendall(b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
        assert used.recv(12) == b"HTTP/1.1 404"
        address = urlsplit(control_plane.url)
    assert set(threading.enumerate()) <= before
    for connection in (idle, half, used):
        with connection, connection.makefile("rb") as rest:
            rest.read()
    with pytest.raises(OSError, match=r"."):
        socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=20)
    gc.collect()


def test_a_process_ends_with_a_control_plane_that_was_not_stopped() -> None:
    script = textwrap.dedent(
        """
        import http.client
        from urllib.parse import urlsplit
        from runai.testing import SampleControlPlane

        control_plane = SampleControlPlane()
        control_plane.start()
        address = urlsplit(control_plane.url)
        connection = http.client.HTTPConnection(address.hostname, address.port)
        connection.request("GET", "/")
        connection.getresponse().read()
        print("used", connection.sock is not None)
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "used True\n", "")


def test_start_and_close_twice() -> None:
    control_plane = SampleControlPlane()
    with pytest.raises(RuntimeError, match="does not serve"):
        _ = control_plane.url
    control_plane.start()
    url = control_plane.url
    control_plane.start()
    assert control_plane.url == url
    control_plane.close()
    control_plane.close()
    with control_plane:
        assert control_plane.url.startswith("http://127.0.0.1:")


def test_many_clients_at_once(control_plane: Any) -> None:
    token = control_plane.tokens.issue()
    statuses: list[int] = []

    def get() -> None:
        request = urllib.request.Request(f"{control_plane.url}{PROJECTS}?limit=1")
        request.add_header("Authorization", f"Bearer {token}")
        with urllib.request.urlopen(request, timeout=60) as response:
            statuses.append(response.status)

    threads = [threading.Thread(target=get) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 40
    assert len(control_plane.requests) == 40


def test_https(tmp_path: Path, capfd: Any) -> None:
    authority = trustme.CA()
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(server_side)
    client_side = ssl.create_default_context()
    authority.configure_trust(client_side)
    with SampleControlPlane(ssl_context=server_side) as control_plane:
        assert control_plane.url.startswith("https://")
        # One that stays silent and one that speaks no TLS hold up nobody.
        with _connect(control_plane):
            _exchange(control_plane, b"GET / HTTP/1.1\r\n\r\n")
            request = urllib.request.Request(f"{control_plane.url}{PROJECTS}")
            request.add_header("Authorization", f"Bearer {control_plane.tokens.issue()}")
            with urllib.request.urlopen(request, timeout=20, context=client_side) as response:
                assert response.status == 200
    assert capfd.readouterr() == ("", "")


def test_unknown_version() -> None:
    with pytest.raises(ValueError, match=r"no control plane '9\.9' is shipped; there are: .*2\.24"):
        SampleControlPlane("9.9")


def test_own_document(tmp_path: Path) -> None:
    path = tmp_path / "own.json"
    path.write_text(
        '{"openapi": "3.1.0", "paths": {"/ping": {"get": {"operationId": "own.ping",'
        ' "security": [], "responses": {"200": {"content": {"application/json": {"schema":'
        ' {"type": "object", "properties": {"pong": {"const": 1}}}}}}}}}}}'
    )
    with SampleControlPlane(spec=path) as control_plane:
        assert control_plane.operation_ids == ["own.ping"]
        with urllib.request.urlopen(f"{control_plane.url}/ping", timeout=20) as response:
            assert response.read() == b'{"pong": 1}'
