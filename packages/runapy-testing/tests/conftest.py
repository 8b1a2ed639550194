from __future__ import annotations

import http.client
import json
import socket
import ssl
from collections.abc import Iterator, Mapping
from typing import Any, Callable, Literal, NamedTuple
from urllib.parse import urlsplit

import pytest

from runai.testing import SampleControlPlane


class Reply(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self) -> Any:
        assert self.headers.get_content_type() == "application/json"
        return json.loads(self.body)


class Wire:
    """Sends requests by the standard library's client alone, byte for byte as a test gives them."""

    def __init__(self, control_plane: SampleControlPlane) -> None:
        self._control_plane = control_plane
        self._connection = http.client.HTTPConnection(
            urlsplit(control_plane.url).netloc, timeout=20
        )

    def send(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        self._connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in (headers or {}).items():
            self._connection.putheader(name, value)
        if body is not None:
            self._connection.putheader("Content-Length", str(len(body)))
        self._connection.endheaders(body)
        response = self._connection.getresponse()
        return Reply(response.status, response.msg, response.read())

    def authorization(self) -> dict[str, str]:
        """The header with a live token."""
        return {"Authorization": f"Bearer {self._control_plane.tokens.issue()}"}

    def call(
        self,
        method: str,
        target: str,
        content: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send with a live token, and a JSON body where there is content."""
        known = self.authorization()
        body = None
        if content is not None:
            known["Content-Type"] = "application/json"
            body = json.dumps(content).encode()
        return self.send(method, target, body, {**known, **(headers or {})})

    def close(self) -> None:
        self._connection.close()


class Received(NamedTuple):
    head: bytes
    """Status line and headers."""
    body: bytes
    end: Literal["in order", "reset"]


class Raw:
    """One connection, whose bytes and whose end a test sees as they are.

    Args:
        control_plane: to connect to.
        trust: for TLS, where an end that TLS was not told of is an error then.
    """

    def __init__(
        self, control_plane: SampleControlPlane, trust: ssl.SSLContext | None = None
    ) -> None:
        self._token = control_plane.tokens.issue()
        address = urlsplit(control_plane.url)
        host, port = str(address.hostname), int(address.port or 0)
        self.socket = socket.create_connection((host, port), timeout=20)
        if trust is not None:
            try:
                self.socket = trust.wrap_socket(
                    self.socket, server_hostname=host, suppress_ragged_eofs=False
                )
            except OSError:
                self.socket.close()
                raise

    def send(
        self,
        method: str = "GET",
        target: str = "/api/v1/org-unit/projects",
        *headers: str,
        body: bytes = b"",
    ) -> None:
        known = ["Host: 127.0.0.1", f"Authorization: Bearer {self._token}"]
        lines = [f"{method} {target} HTTP/1.1", *known, *headers]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode() + body)

    def head(self) -> bytes:
        """Status line and headers of an answer, and no byte behind them."""
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            piece = self.socket.recv(1)
            assert piece, f"the connection ended behind {head!r}"
            head += piece
        return head

    def is_silent(self) -> bool:
        """Whether nothing comes for a moment."""
        self.socket.settimeout(0.05)
        try:
            self.socket.recv(1)
        except socket.timeout:
            return True
        else:
            return False
        finally:
            self.socket.settimeout(20)

    def rest(self) -> Received:
        """Everything until the server ends the connection."""
        content = b""
        end: Literal["in order", "reset"] = "in order"
        try:
            while piece := self.socket.recv(65536):
                content += piece
        except (ConnectionResetError, ssl.SSLEOFError):
            # Python 3.10 calls a reset below TLS an end that TLS was not told of.
            end = "reset"
        head, _, body = content.partition(b"\r\n\r\n")
        return Received(head, body, end)

    def close(self) -> None:
        self.socket.close()


OpenRaw = Callable[..., Raw]
OpenWire = Callable[[SampleControlPlane], Wire]


@pytest.fixture(scope="session")
def server() -> Iterator[SampleControlPlane]:
    with SampleControlPlane() as control_plane:
        yield control_plane


@pytest.fixture
def control_plane(server: SampleControlPlane) -> SampleControlPlane:
    server.reset()
    return server


@pytest.fixture
def open_wire() -> Iterator[OpenWire]:
    opened: list[Wire] = []

    def open_to(control_plane: SampleControlPlane) -> Wire:
        opened.append(Wire(control_plane))
        return opened[-1]

    yield open_to
    for wire in opened:
        wire.close()


@pytest.fixture
def wire(control_plane: SampleControlPlane, open_wire: OpenWire) -> Wire:
    return open_wire(control_plane)


@pytest.fixture
def open_raw() -> Iterator[OpenRaw]:
    opened: list[Raw] = []

    def open_to(control_plane: SampleControlPlane, trust: ssl.SSLContext | None = None) -> Raw:
        opened.append(Raw(control_plane, trust))
        return opened[-1]

    yield open_to
    for raw in opened:
        raw.close()
