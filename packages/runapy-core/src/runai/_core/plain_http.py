"""Whether credentials would go over a network that others can read."""

from __future__ import annotations

import warnings
from urllib.parse import urlsplit

from runai.exceptions import InsecureHttpWarning

_warned = False


def warn_of_plain_http(url: str, stacklevel: int) -> None:
    """Warn, once in a process, of a base URL of `http://` that leads to another machine.

    Arguments:
        url: the control plane's.
        stacklevel: as for `warnings.warn`, from the caller's point of view.
    """
    global _warned  # noqa: PLW0603 - once in a process
    parts = urlsplit(url)
    if _warned or parts.scheme != "http" or _is_loopback(parts.hostname or ""):
        return
    _warned = True
    warnings.warn(
        f"runai_base_url begins with http://: whoever stands between you and {parts.hostname} can"
        " read the credentials and change the answers; use https://",
        InsecureHttpWarning,
        stacklevel=stacklevel + 1,
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    import ipaddress

    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
