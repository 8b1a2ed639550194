from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from runai.testing import ControlPlane


class Reply(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self) -> Any:
        assert self.headers.get_content_type() == "application/json"
        return json.loads(self.body)


class Wire:
    """Sends requests by the standard library's client alone, byte for byte as a test gives them."""

    def __init__(self, control_plane: ControlPlane) -> None:
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


OpenWire = Callable[[ControlPlane], Wire]


@pytest.fixture(scope="session")
def server() -> Iterator[ControlPlane]:
    with ControlPlane() as control_plane:
        yield control_plane


@pytest.fixture
def control_plane(server: ControlPlane) -> ControlPlane:
    server.reset()
    return server


@pytest.fixture
def open_wire() -> Iterator[OpenWire]:
    opened: list[Wire] = []

    def open_to(control_plane: ControlPlane) -> Wire:
        opened.append(Wire(control_plane))
        return opened[-1]

    yield open_to
    for wire in opened:
        wire.close()


@pytest.fixture
def wire(control_plane: ControlPlane, open_wire: OpenWire) -> Wire:
    return open_wire(control_plane)
