"""HTTP/1.1 with keep-alive on a loopback socket: reads requests, writes answers, knows no API."""

from __future__ import annotations

import contextlib
import logging
import re
import socket
import ssl
import sys
import threading
from collections.abc import Callable
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, cast

from runai.testing.answers import Answer, Refusal

LONGEST_BODY = 32 * 2**20
"""Longest request body that is read, in bytes."""

_LOGGER = logging.getLogger(__name__)
_LONGEST_LINE = 65536


class WireRequest(NamedTuple):
    """One request as it came."""

    method: str
    target: str
    headers: Message
    body: bytes


Responder = Callable[[WireRequest], Answer]


class Server(ThreadingHTTPServer):
    """Serves in the background from construction until `close`.

    Args:
        responder: makes the answer to each request; called from many threads at once.
        port: on 127.0.0.1; 0 for any free one.
        ssl_context: of the server's side, to serve HTTPS.
    """

    daemon_threads = False
    block_on_close = True
    request_queue_size = 512

    def __init__(
        self, responder: Responder, port: int = 0, ssl_context: ssl.SSLContext | None = None
    ) -> None:
        self.respond = responder
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", port), _Handler)
        if ssl_context is not None:
            # The handshake is left to the connection's own thread.
            self.socket = ssl_context.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(
            target=self.serve_forever, args=(0.02,), name="runai.testing", daemon=True
        )
        self._thread.start()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.server_address[1])

    def close(self) -> None:
        """Stop listening, end every connection, wait for every thread."""
        self.shutdown()
        self._thread.join()
        with self._lock:
            open_connections = list(self._connections)
        for connection in open_connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.server_close()

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept a connection and remember it until it ends."""
        connection, address = super().get_request()
        with self._lock:
            self._connections.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        """End a connection and forget it."""
        with self._lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away, or speak no TLS, are no error of the server."""
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            _LOGGER.error("connection from %s failed", client_address, exc_info=error)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "runapy-testing"
    sys_version = ""
    # One write per answer, sent at once.
    wbufsize = -1
    disable_nagle_algorithm = True

    def __getattr__(self, name: str) -> Any:
        # The base class looks up do_<METHOD>; which methods there are, the specification says.
        if name.startswith("do_"):
            return self._handle
        raise AttributeError(name)

    def _handle(self) -> None:
        try:
            body = self._body()
        except Refusal as refusal:
            # Where the next request starts is not known.
            self.close_connection = True
            self._write(refusal.answer())
            return
        target = self.requestline.split()[1]
        respond = cast("Server", self.server).respond
        self._write(respond(WireRequest(self.command, target, self.headers, body)))

    def _body(self) -> bytes:
        coding = self.headers.get("Transfer-Encoding")
        if coding is not None:
            if coding.lower() != "chunked" or "Content-Length" in self.headers:
                raise Refusal(400, f"Transfer-Encoding {coding!r} cannot be read")
            return self._chunks()
        lengths = set(self.headers.get_all("Content-Length", ["0"]))
        if len(lengths) > 1 or not re.fullmatch("[0-9]{1,18}", length := lengths.pop()):
            raise Refusal(400, "Content-Length is no single decimal number")
        return self._read(_allowed(int(length)))

    def _chunks(self) -> bytes:
        body = b""
        while True:
            line = self.rfile.readline(_LONGEST_LINE).split(b";")[0].strip()
            if not re.fullmatch(b"[0-9A-Fa-f]{1,16}", line):
                raise Refusal(400, "A chunk has no hexadecimal size")
            size = int(line, 16)
            if size == 0:
                break
            body += self._read(_allowed(size + len(body)) - len(body))
            if self.rfile.readline(_LONGEST_LINE).strip():
                raise Refusal(400, "A chunk is longer than its size")
        while self.rfile.readline(_LONGEST_LINE).strip():
            continue
        return body

    def _read(self, length: int) -> bytes:
        body = self.rfile.read(length) if length else b""
        if len(body) < length:
            raise Refusal(400, f"The body ended after {len(body)} of {length} bytes")
        return body

    def _write(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        has_body = answer.status >= 200 and answer.status not in (204, 304)
        if has_body:
            self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if has_body and self.command != "HEAD":
            self.wfile.write(answer.body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the base class could not read, answered as the API answers errors."""
        self.close_connection = True
        if not hasattr(self, "command"):
            self.command = ""
        # To a request without a readable version the base class would write no headers.
        self.request_version = self.protocol_version
        self._write(Refusal(int(code), message or explain or "The request is malformed").answer())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Write to the log instead of to standard error."""
        _LOGGER.debug(format, *args)


def _allowed(length: int) -> int:
    if length > LONGEST_BODY:
        raise Refusal(413, f"The body is longer than {LONGEST_BODY} bytes")
    return length
