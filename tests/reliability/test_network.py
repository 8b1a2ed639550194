"""Proxies, TLS names, client certificates and redirects, the same on each client."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from typing import Any

import pytest
import trustme

from runai.configuration import Configuration
from runai.exceptions import ApiException, ApiProxyError, InsecureTlsWarning
from runai.testing import SampleControlPlane
from runai.testing.faults import Status

from .callers import Caller, Waits
from .forward_proxy import ForwardProxy

PATH = "/api/v1/org-unit/projects"
NAME = "control-plane.example"

# The name leads to loopback, which only the proxy knows.
pytestmark = pytest.mark.filterwarnings("ignore:runai_base_url begins with http")


@pytest.fixture(scope="module")
def named_server(authority: trustme.CA) -> Iterator[tuple[SampleControlPlane, list[str | None]]]:
    """A control plane for two names, and the names that clients asked for in the handshake."""
    asked: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(NAME, "other.example", "127.0.0.1").configure_cert(context)
    context.sni_callback = lambda connection, name, _: asked.append(name)
    with SampleControlPlane(ssl_context=context) as made:
        yield made, asked


@pytest.fixture
def proxy(control_plane: SampleControlPlane, named_server: Any) -> Iterator[ForwardProxy]:
    """Leads to the two control planes by a name that only the proxy knows."""
    https = named_server[0]
    https.reset()
    named_server[1].clear()
    names = {
        f"{NAME}:80": control_plane.url.partition("//")[2],
        NAME: control_plane.url.partition("//")[2],
        f"{NAME}:443": https.url.partition("//")[2],
    }
    with ForwardProxy(names, authorization="Basic bWU6cEBzcw==") as made:
        yield made


def settings(
    scheme: str, ca_file: str, control_plane: SampleControlPlane, **more: Any
) -> Configuration:
    return control_plane.configuration().replace(
        runai_base_url=f"{scheme}://{NAME}",
        ssl_ca_cert=ca_file if scheme == "https" else None,
        **more,
    )


def with_password(proxy: ForwardProxy) -> str:
    return proxy.url.replace("//", "//me:p%40ss@")


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("source", ["configuration", "environment", "upper case", "all"])
def test_proxy(
    scheme: str,
    source: str,
    proxy: ForwardProxy,
    named_server: Any,
    control_plane: SampleControlPlane,
    ca_file: str,
    caller: Caller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    more: dict[str, Any] = {"proxy_headers": {"X-Proxy": "yes"}}
    variables = {
        "environment": f"{scheme}_proxy",
        "upper case": f"{scheme}_proxy".upper(),
        "all": "ALL_PROXY",
    }
    if source == "configuration":
        more["proxy_url"] = with_password(proxy)
    elif variables[source] == "HTTP_PROXY":
        monkeypatch.setenv("HTTP_PROXY", with_password(proxy))
    else:
        monkeypatch.setenv(variables[source], with_password(proxy))
    client = caller.client(settings(scheme, ca_file, control_plane, **more))
    assert caller(client, "GET", PATH).status_code == 200
    assert caller(client, "GET", PATH).status_code == 200
    behind = named_server[0] if scheme == "https" else control_plane
    assert len(behind.requests) == 3
    assert behind.requests[0].headers["Host"] == NAME
    for request in behind.requests:
        assert not [name for name in request.headers if name.lower().startswith("proxy")]
        if scheme == "https":
            assert request.headers["X-Proxy"] is None
    assert {each.headers["x-proxy"] for each in proxy.seen} == {"yes"}
    if scheme == "https":
        # One tunnel, kept; what is for the control plane goes through it unseen.
        assert [(each.method, each.target) for each in proxy.seen] == [("CONNECT", f"{NAME}:443")]
        assert "authorization" not in proxy.seen[0].headers
        assert named_server[1] == [NAME]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_wrong_password_of_the_proxy(
    scheme: str,
    proxy: ForwardProxy,
    control_plane: SampleControlPlane,
    ca_file: str,
    caller: Caller,
    waits: Waits,
) -> None:
    url = proxy.url.replace("//", "//me:s3cr3t@")
    client = caller.client(settings(scheme, ca_file, control_plane, proxy_url=url), waits)
    with pytest.raises(ApiException) as caught:
        caller(client, "GET", PATH)
    assert "s3cr3t" not in f"{caught.value} {caught.value!r} {caught.value.__cause__!r} {client!r}"
    if scheme == "https":
        assert isinstance(caught.value, ApiProxyError)
    else:
        assert caught.value.status == 407
    assert len(control_plane.requests) == 0


@pytest.mark.parametrize("no_proxy", ["127.0.0.1", "localhost,127.0.0.1", "*", "{netloc}"])
def test_no_proxy(
    no_proxy: str,
    proxy: ForwardProxy,
    control_plane: SampleControlPlane,
    caller: Caller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("http_proxy", proxy.url)
    netloc = control_plane.url.partition("//")[2]
    monkeypatch.setenv("no_proxy", no_proxy.format(netloc=netloc))
    assert caller(caller.client(control_plane.configuration()), "GET", PATH).status_code == 200
    assert proxy.seen == []


def test_a_configured_proxy_comes_before_no_proxy(
    proxy: ForwardProxy,
    control_plane: SampleControlPlane,
    caller: Caller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    configuration = control_plane.configuration().replace(proxy_url=with_password(proxy))
    assert caller(caller.client(configuration), "GET", PATH).status_code == 200
    assert len(proxy.seen) == 2


def test_name_of_the_handshake(named_server: Any, ca_file: str, caller: Caller) -> None:
    server, asked = named_server
    server.reset()
    asked.clear()
    configuration = server.configuration().replace(
        ssl_ca_cert=ca_file, proxy_server_name="other.example"
    )
    assert caller(caller.client(configuration), "GET", PATH).status_code == 200
    assert asked == ["other.example"]
    assert server.requests[-1].headers["Host"] == server.url.partition("//")[2]


def test_name_of_the_handshake_through_a_proxy(
    proxy: ForwardProxy,
    named_server: Any,
    control_plane: SampleControlPlane,
    ca_file: str,
    caller: Caller,
) -> None:
    configuration = settings(
        "https",
        ca_file,
        control_plane,
        proxy_url=with_password(proxy),
        proxy_server_name="other.example",
    )
    assert caller(caller.client(configuration), "GET", PATH).status_code == 200
    assert named_server[1] == ["other.example"]
    assert proxy.seen[0].target == f"{NAME}:443"


@pytest.mark.parametrize("trust", ["authority", "nothing"])
def test_client_certificate_through_a_proxy(
    trust: str,
    proxy: ForwardProxy,
    authority: trustme.CA,
    ca_file: str,
    client_certificate: tuple[str, str],
    caller: Caller,
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.verify_mode = ssl.CERT_REQUIRED
    authority.configure_trust(context)
    authority.issue_cert(NAME).configure_cert(context)
    with SampleControlPlane(ssl_context=context) as server:
        proxy.names[f"{NAME}:443"] = server.url.partition("//")[2]
        verification: dict[str, Any] = {"ssl_ca_cert": ca_file}
        base = settings("https", ca_file, server, proxy_url=with_password(proxy))
        if trust == "nothing":
            verification = {"ssl_ca_cert": None, "verify_ssl": False}
            with pytest.warns(InsecureTlsWarning):
                base = base.replace(**verification)
        certificate, key = client_certificate
        if trust == "nothing":
            with pytest.warns(InsecureTlsWarning):
                mine = base.replace(cert_file=certificate, key_file=key)
        else:
            mine = base.replace(cert_file=certificate, key_file=key)
        client = caller.client(mine)
        assert caller(client, "GET", PATH).status_code == 200
        without = caller.client(base, Waits())
        with pytest.raises(ApiException) as caught:
            caller(without, "GET", PATH)
        assert caught.value.status is None
        caller.close_client(client)
        caller.close_client(without)
    assert len(server.requests) == 2


def test_no_redirect_from_https_to_http(
    https_control_plane: SampleControlPlane,
    control_plane: SampleControlPlane,
    ca_file: str,
    caller: Caller,
) -> None:
    configuration = https_control_plane.configuration().replace(ssl_ca_cert=ca_file)
    elsewhere = Status(302, {"Location": f"{control_plane.url}{PATH}"})
    https_control_plane.faults.add("projects.get_projects", elsewhere)
    with pytest.raises(ApiException) as caught:
        caller(caller.client(configuration), "GET", PATH)
    assert caught.value.status == 302
    assert len(control_plane.requests) == 0


def test_the_token_goes_to_no_other_port_of_the_host(
    https_control_plane: SampleControlPlane,
    control_plane: SampleControlPlane,
    ca_file: str,
    caller: Caller,
) -> None:
    elsewhere = Status(307, {"Location": f"{https_control_plane.url}{PATH}"})
    control_plane.faults.add("projects.get_projects", elsewhere)
    client = caller.client(control_plane.configuration().replace(ssl_ca_cert=ca_file))
    with pytest.raises(ApiException):
        caller(client, "GET", PATH)
    assert [each.headers["Authorization"] for each in https_control_plane.requests] in (
        [None],
        [None, None],
    )
