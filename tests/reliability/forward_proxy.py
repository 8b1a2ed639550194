"""A forwarding proxy on loopback: passes plain requests on, and tunnels for CONNECT."""

from __future__ import annotations

import http.client
import select
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, cast
from urllib.parse import urlsplit


class Seen(NamedTuple):
    method: str
    target: str
    headers: dict[str, str]
    """Names in lower case."""


class ForwardProxy:
    """Serves within its `with` block.

    Args:
        names: where to connect instead of the addresses asked for, each as "host:port".
        authorization: the `Proxy-Authorization` that it demands, if any.
    """

    def __init__(self, names: dict[str, str] | None = None, authorization: str = "") -> None:
        self.seen: list[Seen] = []
        self.names = names or {}
        self.authorization = authorization
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.proxy = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> ForwardProxy:
        self._thread.start()
        return self

    def __exit__(self, *details: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.end_connections()
        self._server.server_close()

    def address(self, name: str) -> tuple[str, int]:
        host, _, port = self.names.get(name, name).rpartition(":")
        return host, int(port)


class _Server(ThreadingHTTPServer):
    proxy: ForwardProxy
    daemon_threads = False

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._connections: set[Any] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def end_connections(self) -> None:
        for each in list(self._connections):
            each.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_CONNECT(self) -> None:
        if not self._is_let_in():
            return
        with socket.create_connection(self._proxy.address(self.path)) as onward:
            self.send_response(200)
            self.end_headers()
            self._tunnel(onward)
        self.close_connection = True

    @property
    def _proxy(self) -> ForwardProxy:
        return cast("_Server", self.server).proxy

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._pass_on
        raise AttributeError(name)

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not self._is_let_in():
            return
        parts = urlsplit(self.path)
        onward = http.client.HTTPConnection(*self._proxy.address(parts.netloc))
        headers = {
            name: value
            for name, value in self.headers.items()
            if not name.lower().startswith("proxy-")
        }
        onward.request(self.command, parts._replace(scheme="", netloc="").geturl(), body, headers)
        answer = onward.getresponse()
        content = answer.read()
        onward.close()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.headers.get("Content-Type", ""))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _is_let_in(self) -> bool:
        proxy = self._proxy
        headers = {name.lower(): value for name, value in self.headers.items()}
        proxy.seen.append(Seen(self.command, self.path, headers))
        if headers.get("proxy-authorization", "") == proxy.authorization:
            return True
        self.send_response(407)
        self.send_header("Proxy-Authenticate", "Basic")
        self.send_header("Content-Length", "0")
        self.end_headers()
        return False

    def _tunnel(self, onward: socket.socket) -> None:
        other = {self.connection: onward, onward: self.connection}
        while True:
            for ready in select.select(list(other), [], [])[0]:
                try:
                    piece = ready.recv(65536)
                except OSError:
                    piece = b""
                if not piece:
                    return
                other[ready].sendall(piece)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
        pass
