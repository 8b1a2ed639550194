"""HTTP/1.1 with keep-alive on a loopback socket: reads requests, writes answers, knows no API."""

from __future__ import annotations

import contextlib
import logging
import re
import socket
import ssl
import sys
import threading
from http.client import HTTPMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from runai.testing import connection_end
from runai.testing.answers import Answer, Refusal
from runai.testing.delivery import deliver
from runai.testing.exchange import Application, WireRequest
from runai.testing.faults import Drop, drops_unread
from runai.testing.framing import framed_body
from runai.testing.http_rules import demand_http
from runai.testing.pauses import Pauses

_LOGGER = logging.getLogger(__name__)


class Server(ThreadingHTTPServer):
    """Serves in the background from construction until `close`.

    Args:
        application: that answers.
        pauses: those of delayed answers.
        port: on 127.0.0.1; 0 for any free one.
        ssl_context: of the server's side, to serve HTTPS.
    """

    request_queue_size = 512

    def __init__(
        self,
        application: Application,
        pauses: Pauses,
        port: int = 0,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self.application = application
        self.pauses = pauses
        self._connections: set[socket.socket] = set()
        self._serving: set[threading.Thread] = set()
        self._lock = threading.Lock()
        try:
            super().__init__(("127.0.0.1", port), _Handler)
        except OSError as error:
            advice = f"port {port}: {error.strerror}; give another, or 0 for any free one"
            raise OSError(error.errno, advice) from error
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
        # After their connections: what waited is not answered any more.
        self.pauses.close()
        with self._lock:
            serving = list(self._serving)
        for thread in serving:
            thread.join()
        self.server_close()

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept a connection and remember it until it ends."""
        connection, address = super().get_request()
        with self._lock:
            self._connections.add(connection)
        return connection, address

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection in a thread that does not keep the process from ending."""
        # Those of the base class are waited for either by the process as well, or by nobody.
        thread = threading.Thread(target=self._serve, args=(request, client_address), daemon=True)
        with self._lock:
            self._serving.add(thread)
        thread.start()

    def shutdown_request(self, request: Any) -> None:
        """End a connection and forget it."""
        with self._lock:
            self._connections.discard(request)
        if connection_end.is_reset(request):
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away, or speak no TLS, are no error of the server."""
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            _LOGGER.error("connection from %s failed", client_address, exc_info=error)

    def _serve(self, request: Any, client_address: Any) -> None:
        try:
            self.process_request_thread(request, client_address)
        finally:
            with self._lock:
                self._serving.discard(threading.current_thread())


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

    def handle(self) -> None:
        """Serve one connection, unless it is to be dropped."""
        fault = self._server.application.connected()
        if fault is None:
            super().handle()
        else:
            self._drop_unread(fault)

    def handle_one_request(self) -> None:
        """Serve one request; the headers of the one before are not its own."""
        self.headers = HTTPMessage()
        super().handle_one_request()

    def handle_expect_100(self) -> bool:
        """Ask for the body at once."""
        goes_on = super().handle_expect_100()
        self.wfile.flush()
        return goes_on

    def finish(self) -> None:
        """Give the streams back, what cannot be sent any more included."""
        for stream in (self.wfile, self.rfile):
            with contextlib.suppress(OSError):
                stream.close()

    @property
    def _server(self) -> Server:
        return cast("Server", self.server)

    def _handle(self) -> None:
        target = self.requestline.split()[1]
        # Before the fault, so that clearing the faults ends its waits for certain.
        pause = self._server.pauses.begin()
        fault = self._server.application.fault(self.command, target)
        if isinstance(fault, Drop) and drops_unread(fault):
            self._drop_unread(fault)
            return
        body = b""
        try:
            body = framed_body(self.headers, self.rfile)
            demand_http(self.request_version, target, self.headers)
        except Refusal as refusal:
            self._refuse(refusal, target, body)
            return
        request = WireRequest(self.command, target, self.headers, body, fault)
        deliver(self._server.application.respond(request), fault, self, pause)

    def _refuse(self, refusal: Refusal, target: str, body: bytes = b"") -> None:
        # Where the next request starts may not be known.
        self.close_connection = True
        request = WireRequest(self.command, target, self.headers, body)
        self.send(self._server.application.refuse(request, refusal))

    def send(self, answer: Answer) -> None:
        """Send a whole answer."""
        if self._head(answer, None):
            self.wfile.write(answer.body)

    def send_head(self, answer: Answer, framing: tuple[str, str] | None = None) -> bool:
        """Send status and headers, at once; say whether a body follows."""
        has_body = self._head(answer, framing)
        self.wfile.flush()
        return has_body

    def send_piece(self, piece: bytes) -> None:
        """Send something of the body, at once."""
        self.wfile.write(piece)
        self.wfile.flush()

    def drop(self, *, reset: bool) -> None:
        """End the connection."""
        self.close_connection = True
        if reset:
            connection_end.reset(self.connection)
        else:
            connection_end.end_in_order(self.connection)

    def _drop_unread(self, fault: Drop) -> None:
        self.drop(reset=fault.reset)
        if not fault.reset:
            connection_end.discard_rest(self.connection)

    def _head(self, answer: Answer, framing: tuple[str, str] | None) -> bool:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        has_body = answer.status >= 200 and answer.status not in (204, 304)
        if has_body:
            self.send_header(*(framing or ("Content-Length", str(len(answer.body)))))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        return has_body and self.command != "HEAD"

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the base class could not read, answered as the API answers errors."""
        # To a request without a readable version the base class would write no headers.
        self.request_version = self.protocol_version
        line = re.fullmatch(r"(\S+) (.*) HTTP/\S*", self.requestline)
        self.command, target = line.groups() if line else ("", "")
        self._refuse(Refusal(int(code), message or explain or "The request is malformed"), target)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Write to the log instead of to standard error."""
        _LOGGER.debug(format, *args)
