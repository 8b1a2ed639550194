"""Connections that fail, and TLS."""

from __future__ import annotations

import asyncio
import gc
import socket
import ssl
import threading
import warnings
from typing import Any, Iterator

import pytest
import trustme
from slow_server import SlowServer

from runai.api_client import AsyncApiClient
from runai.configuration import Configuration
from runai.exceptions import (
    ApiConnectionError,
    ApiException,
    ApiProxyError,
    ApiTimeoutError,
    ApiTlsError,
    InsecureTlsWarning,
)

# Other machines are called here, by names that lead nowhere.
pytestmark = pytest.mark.filterwarnings("ignore::runai.exceptions.InsecureHttpWarning")


@pytest.fixture(scope="module")
def authority() -> Any:
    return trustme.CA()


@pytest.fixture
def tls_server(authority: Any, make_tls_server: Any) -> Any:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "named.example").configure_cert(context)
    with make_tls_server(context) as server:
        yield server


@pytest.fixture
def ca_file(authority: Any, tmp_path: Any) -> Any:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return str(path)


def bearer(url: Any, **more: Any) -> Any:
    return Configuration(
        bearer_token="t0p-secret", runai_base_url=url, retry_backoff_factor=0, **more
    )


def test_unknown_authority_is_refused(tls_server: Any, caller: Any) -> None:
    with pytest.raises(ApiTlsError, match="certificate") as caught:
        caller(caller.client(bearer(tls_server.url)), "GET", "/x")
    assert caught.value.attempts == 1
    assert caught.value.__cause__ is not None
    assert tls_server.requests == []


def test_own_authority_is_accepted(tls_server: Any, ca_file: Any, caller: Any) -> None:
    assert (
        caller(caller.client(bearer(tls_server.url, ssl_ca_cert=ca_file)), "GET", "/x").data == {}
    )


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
def test_authority_of_the_environment(
    tls_server: Any, ca_file: Any, caller: Any, monkeypatch: Any, variable: Any
) -> None:
    monkeypatch.setenv(variable, ca_file)
    if caller.kind == "session" and variable == "SSL_CERT_FILE":
        pytest.skip("requests itself does not read SSL_CERT_FILE")
    assert caller(caller.client(bearer(tls_server.url)), "GET", "/x").data == {}


def test_another_name_is_refused(tls_server: Any, ca_file: Any, caller: Any) -> None:
    url = tls_server.url.replace("127.0.0.1", "localhost")
    with pytest.raises(ApiTlsError):
        caller(caller.client(bearer(url, ssl_ca_cert=ca_file)), "GET", "/x")
    assert tls_server.requests == []


def test_name_to_verify_can_be_given(tls_server: Any, ca_file: Any, caller: Any) -> None:
    if caller.kind == "session":
        pytest.skip("the session's own TLS settings apply")
    url = tls_server.url.replace("127.0.0.1", "localhost")
    configuration = bearer(url, ssl_ca_cert=ca_file, proxy_server_name="named.example")
    assert caller(caller.client(configuration), "GET", "/x").data == {}


@pytest.mark.parametrize("with_ca_file", [False, True])
def test_verification_can_be_switched_off(
    tls_server: Any, ca_file: Any, caller: Any, with_ca_file: Any
) -> None:
    more = {"ssl_ca_cert": ca_file} if with_ca_file else {}
    url = tls_server.url.replace("127.0.0.1", "localhost")
    with pytest.warns(InsecureTlsWarning, match="verify_ssl=False") as warned:
        configuration = bearer(url, verify_ssl=False, **more)
    assert len(warned) == 1
    client = caller.client(configuration)
    with warnings.catch_warnings():
        # Every other warning is an error, as in all tests.
        if caller.kind == "session":
            warnings.simplefilter("ignore")
        assert caller(client, "GET", "/x").data == {}
        assert caller(client, "GET", "/x").data == {}


@pytest.mark.aiohttp
def test_closed_async_client_waits_for_no_goodbye(authority: Any, ca_file: Any) -> None:
    def silent_when_answered(server: SlowServer) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
        server.stopped.wait(30)

    async def call() -> None:
        async with AsyncApiClient(bearer(server.url, ssl_ca_cert=ca_file)) as client:
            await client.call_api("GET", "/x")

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server = SlowServer(silent_when_answered, context)
    # What other tests left is not meant.
    gc.collect()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            asyncio.run(call())
            # A connection that is still open warns now.
            gc.collect()
    finally:
        server.close()


def test_client_certificate(
    authority: Any, ca_file: Any, caller: Any, make_tls_server: Any, tmp_path: Any
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # With TLS 1.3 the client learns of the refusal only when it reads.
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.verify_mode = ssl.CERT_REQUIRED
    authority.configure_trust(context)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    mine = authority.issue_cert("me@example.org")
    certificate, key = tmp_path / "me.pem", tmp_path / "me.key"
    mine.cert_chain_pems[0].write_to_path(certificate)
    mine.private_key_pem.write_to_path(key)
    with make_tls_server(context) as server:
        configuration = bearer(
            server.url, ssl_ca_cert=ca_file, cert_file=str(certificate), key_file=str(key)
        )
        assert caller(caller.client(configuration), "GET", "/x").data == {}
        if caller.kind == "session":
            return  # below 2.32 a session of requests keeps using the connection it has
        with pytest.raises(ApiConnectionError):
            caller(caller.client(bearer(server.url, ssl_ca_cert=ca_file)), "GET", "/x")


def test_refused_connection(caller: Any) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(ApiConnectionError) as caught:
            caller(caller.client(bearer(url)), "POST", "/x")
    assert caught.value.attempts == 4
    assert caught.value.__cause__ is not None
    assert caught.value.status is None
    assert "POST /x: could not connect" in str(caught.value)
    assert "sent 4 times" in str(caught.value)


def test_unknown_host(caller: Any) -> None:
    with pytest.raises(ApiConnectionError, match="name could not be resolved") as caught:
        caller(caller.client(bearer("http://no-such-host.invalid")), "GET", "/x")
    assert caught.value.attempts == 1


def test_silent_server(caller: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        client = caller.client(bearer(url, read_timeout=0.05, retry_max_retries=1))
        with pytest.raises(ApiTimeoutError) as caught:
            caller(client, "GET", "/x")
        assert caught.value.attempts == 2
        with pytest.raises(ApiTimeoutError) as caught:
            caller(client, "POST", "/x")
        assert caught.value.attempts == 1


def test_timeouts_of_one_call(caller: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        client = caller.client(bearer(url, retry_enabled=False))
        for timeout in (0.05, (5, 0.05)):
            with pytest.raises(ApiTimeoutError):
                caller(client, "GET", "/x", _request_timeout=timeout)


def test_no_http(caller: Any) -> None:
    """A server that talks something else."""
    with socket.create_server(("127.0.0.1", 0)) as strange:

        def talk() -> None:
            connection, _ = strange.accept()
            with connection:
                connection.recv(10_000)
                connection.sendall(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")

        thread = threading.Thread(target=talk)
        thread.start()
        url = f"http://127.0.0.1:{strange.getsockname()[1]}"
        with pytest.raises(ApiConnectionError):
            caller(caller.client(bearer(url, retry_enabled=False)), "GET", "/x")
        thread.join()


class TestProxies:
    """The server of the test is the proxy; it need not pass anything on."""

    def test_configured(self, server: Any, caller: Any) -> None:
        proxy = server.url.replace("//", "//me:p%40ss@")
        configuration = bearer(
            "http://elsewhere.invalid", proxy_url=proxy, proxy_headers={"X-Proxy": "yes"}
        )
        caller(caller.client(configuration), "GET", "/a%2Fb")
        (request,) = server.requests
        assert request.target == "http://elsewhere.invalid/a%2Fb"
        assert request.header("Host") == "elsewhere.invalid"
        assert request.header("Proxy-Authorization") == "Basic bWU6cEBzcw=="
        if caller.kind != "session":
            assert request.header("X-Proxy") == "yes"

    def test_of_the_environment(self, server: Any, caller: Any, monkeypatch: Any) -> None:
        monkeypatch.setenv("http_proxy", server.url)
        monkeypatch.setenv("no_proxy", "localhost,direct.invalid")
        client = caller.client(bearer("http://elsewhere.invalid"))
        caller(client, "GET", "/x")
        assert [each.target for each in server.requests] == ["http://elsewhere.invalid/x"]
        with pytest.raises(ApiConnectionError, match="resolved"):
            caller(caller.client(bearer("http://direct.invalid")), "GET", "/x")
        assert len(server.requests) == 1

    def test_that_refuses_to_connect(self, server: Any, caller: Any) -> None:
        # A CONNECT is no method that this server knows.
        configuration = bearer(
            "https://elsewhere.invalid", proxy_url=server.url, retry_enabled=False
        )
        with pytest.raises(ApiProxyError):
            caller(caller.client(configuration), "GET", "/x")

    def test_out_of_reach(self, caller: Any) -> None:
        configuration = bearer(
            "https://elsewhere.invalid", proxy_url="http://127.0.0.1:9", retry_enabled=False
        )
        with pytest.raises(ApiProxyError):
            caller(caller.client(configuration), "GET", "/x")

    def test_of_another_kind(self, server: Any, caller: Any, monkeypatch: Any) -> None:
        if caller.kind == "session":
            pytest.skip("the session's own proxies apply")
        monkeypatch.setenv("http_proxy", "socks5://127.0.0.1:9")
        with pytest.raises(ApiProxyError, match="socks5"):
            caller(caller.client(bearer("http://elsewhere.invalid")), "GET", "/x")


def test_no_failure_shows_the_token(caller: Any) -> None:
    with pytest.raises(ApiException) as caught:
        caller(caller.client(bearer("http://127.0.0.1:9", retry_enabled=False)), "GET", "/x")
    assert "t0p-secret" not in f"{caught.value} {caught.value!r} {caught.value.__cause__!r}"
