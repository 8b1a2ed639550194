from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from runai.testing import SampleControlPlane


@pytest.fixture(autouse=True)
def _plain_environment(plain_environment: None) -> None:
    """For every test here."""


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(str(file))
    return str(file)


@pytest.fixture(scope="session")
def https_server(authority: trustme.CA) -> Iterator[SampleControlPlane]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "named.example").configure_cert(context)
    with SampleControlPlane(ssl_context=context) as made:
        yield made


@pytest.fixture
def https_control_plane(https_server: SampleControlPlane) -> SampleControlPlane:
    https_server.reset()
    return https_server


@pytest.fixture
def client_certificate(authority: trustme.CA, tmp_path: Path) -> tuple[str, str]:
    """The files of a client certificate and its key."""
    mine = authority.issue_cert("me@example.org")
    certificate, key = tmp_path / "me.pem", tmp_path / "me.key"
    mine.cert_chain_pems[0].write_to_path(str(certificate))
    mine.private_key_pem.write_to_path(str(key))
    return str(certificate), str(key)
