"""A certificate for 127.0.0.1, by an authority of its own."""

from __future__ import annotations

import ssl
from pathlib import Path


def make_certificate(ca_file: Path) -> ssl.SSLContext:
    """The server's side of TLS with a new certificate for 127.0.0.1, ::1 and localhost.

    Args:
        ca_file: gets the certificate of the authority, for clients to trust.

    Raises:
        ImportError: trustme is not installed.
        OSError: the file cannot be written.
    """
    try:
        import trustme
    except ModuleNotFoundError as error:
        raise ImportError('--tls needs trustme: pip install "runapy-testing[tls]"') from error
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "::1", "localhost").configure_cert(context)
    ca_file.write_bytes(authority.cert_pem.bytes())
    return context
