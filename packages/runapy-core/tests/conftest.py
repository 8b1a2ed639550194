"""A control plane that does as it is told, and one way to call with each of the clients."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import socket
import ssl
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import (
    Any,
    Callable,
    Dict,
    Generator,
    Iterator,
    List,
    Mapping,
    NamedTuple,
    Optional,
    Tuple,
)

import pytest
import requests

from runai.api_client import ApiClient, AsyncApiClient, ThreadedApiClient
from runai.configuration import Configuration
from runai.exceptions import ApiException

SECRET = 's3cr3t/+"value'


class Recorded(NamedTuple):
    """A request as it came over the wire."""

    method: str
    target: str
    headers: List[Tuple[str, str]]
    body: bytes
    connection: int

    def header(self, name: str) -> Optional[str]:
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        assert len(values) <= 1, f"{name} came {len(values)} times"
        return values[0] if values else None


class Reply(NamedTuple):
    """What to answer; a body of None closes the connection without an answer."""

    status: int = 200
    body: Optional[bytes] = b"{}"
    headers: Mapping[str, str] = MappingProxyType({"Content-Type": "application/json"})
    cut_at: Optional[int] = None


def json_reply(value: Any, status: int = 200, **headers: str) -> Reply:
    return Reply(
        status, json.dumps(value).encode(), {"Content-Type": "application/json", **headers}
    )


def jwt(**claims: Any) -> str:
    def part(value: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    # These bytes need both characters that base64url has and base64 has not.
    claims["sub"] = "?>?>?>~~~~"
    return ".".join([part({"alg": "none"}), part(claims), "signature"])


class Server:
    """An HTTP server whose answers a test decides."""

    def __init__(self, tls: Optional[ssl.SSLContext] = None) -> None:
        self.requests: List[Recorded] = []
        self.answer: Callable[[Recorded], Reply] = lambda request: Reply()
        self.grant: Callable[[Recorded], Reply] = self._grant
        self.tokens = 0
        self.lifetime = 3600.0
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"server_of_test": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True
        if tls is not None:
            self._http.socket = tls.wrap_socket(
                self._http.socket, server_side=True, do_handshake_on_connect=False
            )
        self.scheme = "http" if tls is None else "https"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return self._http.server_address[1]

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def calls(self) -> List[Recorded]:
        """All requests but those for tokens."""
        return [each for each in self.requests if not each.target.endswith("/api/v1/token")]

    @property
    def token_requests(self) -> List[Recorded]:
        return [each for each in self.requests if each.target.endswith("/api/v1/token")]

    def handle(self, request: Recorded) -> Reply:
        with self._lock:
            self.requests.append(request)
        is_token = request.target.endswith("/api/v1/token")
        return self.grant(request) if is_token else self.answer(request)

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def _grant(self, request: Recorded) -> Reply:
        with self._lock:
            self.tokens += 1
            number = self.tokens
        return json_reply({"accessToken": jwt(exp=time.time() + self.lifetime, number=number)})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_of_test: Server
    timeout = 30
    disable_nagle_algorithm = True

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except (OSError, ssl.SSLError):
            self.close_connection = True

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        target = self.requestline.split(" ")[1]
        recorded = Recorded(
            self.command, target, list(self.headers.items()), body, self.client_address[1]
        )
        reply = self.server_of_test.handle(recorded)
        if reply.body is None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        head = [f"HTTP/1.1 {reply.status} Told"]
        head += [f"{name}: {value}" for name, value in reply.headers.items()]
        head.append(f"Content-Length: {len(reply.body)}")
        content = b"" if self.command == "HEAD" else reply.body[: reply.cut_at]
        self.wfile.write("\r\n".join([*head, "", ""]).encode("utf-8") + content)
        if reply.cut_at is not None:
            self.close_connection = True

    def __getattr__(self, name: str) -> Any:
        # CONNECT stays unknown: this server is no proxy for TLS.
        if name.startswith("do_") and name != "do_CONNECT":
            return self._handle
        raise AttributeError(name)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


class Caller:
    """Calls with one kind of client, and waits for the answer."""

    kinds = (
        "requests",
        "urllib3",
        "session",
        "threads",
        pytest.param("asyncio", marks=pytest.mark.aiohttp),
    )

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.loop = asyncio.new_event_loop() if kind == "asyncio" else None
        self._clients: List[Any] = []
        self._session = requests.Session()
        self._session.trust_env = kind == "session"

    def client(self, configuration: Configuration, **arguments: Any) -> Any:
        if self.kind == "asyncio":
            client: Any = AsyncApiClient(configuration, **arguments)
        elif self.kind == "threads":
            client = ThreadedApiClient(configuration, **arguments)
        else:
            choice: Any = self._session if self.kind == "session" else self.kind
            client = ApiClient(configuration, transport=choice, **arguments)
        self._clients.append(client)
        return client

    def __call__(self, client: Any, *arguments: Any, **named: Any) -> Any:
        return self.wait(client.call_api(*arguments, **named))

    def wait(self, started: Any) -> Any:
        if self.loop is not None:
            return self.loop.run_until_complete(started)
        return started.get(30) if self.kind == "threads" else started

    def together(self, client: Any, count: int, *arguments: Any) -> List[Any]:
        """The same call many times at once; exceptions are returned."""
        if self.loop is not None:

            async def gather() -> List[Any]:
                calls = [client.call_api(*arguments) for _ in range(count)]
                return list(await asyncio.gather(*calls, return_exceptions=True))

            return self.loop.run_until_complete(gather())
        outcomes: List[Any] = [None] * count
        barrier = threading.Barrier(count)

        def work(index: int) -> None:
            barrier.wait()
            try:
                outcomes[index] = self(client, *arguments)
            except (ApiException, RuntimeError) as error:
                outcomes[index] = error

        threads = [threading.Thread(target=work, args=(index,)) for index in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return outcomes

    def close(self) -> None:
        for client in self._clients:
            if self.loop is not None:
                self.loop.run_until_complete(client.close())
            else:
                client.close()
        self._session.close()
        if self.loop is not None:
            self.loop.run_until_complete(self.loop.shutdown_asyncgens())
            self.loop.close()


@pytest.fixture(params=Caller.kinds)
def caller(request: pytest.FixtureRequest) -> Iterator[Caller]:
    made = Caller(request.param)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")


@pytest.fixture
def settings(server: Server) -> Dict[str, Any]:
    """Arguments of a Configuration for the server, without waits between repetitions."""
    return {
        "client_id": "the-client",
        "client_secret": SECRET,
        "runai_base_url": server.url,
        "retry_backoff_factor": 0,
    }


@contextmanager
def tls_server(context: ssl.SSLContext) -> Generator[Server, None, None]:
    made = Server(context)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def make_tls_server() -> Callable[[ssl.SSLContext], Any]:
    return tls_server


@pytest.fixture
def wire() -> Any:
    """The names of this module that tests use."""

    class Names:
        reply = Reply
        json = staticmethod(json_reply)
        token = staticmethod(jwt)
        secret = SECRET
        zipped = staticmethod(gzip.compress)

    return Names
