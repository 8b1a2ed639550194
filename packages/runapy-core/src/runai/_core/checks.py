"""What each parameter of `Configuration` must be; every refusal says what to do."""

from __future__ import annotations

import logging as _logging
import math
import os
import re
from pathlib import Path
from typing import Any, Dict, Mapping, Optional, Tuple
from urllib.parse import SplitResult, urlsplit

from runai._core.headers import checked
from runai.exceptions import ApiValueError

_INVISIBLE = re.compile(r"[\x00-\x20\x7f]")


def check_credentials(
    client_id: Optional[str], client_secret: Optional[str], bearer_token: Optional[str]
) -> None:
    """Exactly one way to authenticate."""
    if bearer_token and (client_id or client_secret):
        raise ValueError(
            "bearer_token and client_id/client_secret were both given: leave out the ones not meant"
        )
    if bearer_token:
        return
    if not client_id and not client_secret:
        raise ValueError(
            "no credentials: give client_id and client_secret of a service account or access key,"
            " or bearer_token; Configuration.from_env() and Configuration.from_cliv2() find them"
        )
    if not client_id or not client_secret:
        missing = "client_id" if not client_id else "client_secret"
        raise ValueError(f"{missing} is missing: client_id and client_secret go together")


def check_certificates(
    ssl_ca_cert: Optional[str], cert_file: Optional[str], key_file: Optional[str]
) -> None:
    """The files hold what they should; read now, because later is during a call."""
    if key_file and not cert_file:
        raise ValueError(f"key_file={key_file!r} is of no use without cert_file")
    if not (ssl_ca_cert or cert_file):
        return
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if ssl_ca_cert:
        try:
            context.load_verify_locations(ssl_ca_cert)
        except (ssl.SSLError, OSError) as error:
            raise ValueError(
                f"ssl_ca_cert={ssl_ca_cert!r} holds no certificates in PEM form ({error})"
            ) from error
    if cert_file:
        try:
            # An empty password makes an encrypted key fail here instead of asking the terminal.
            context.load_cert_chain(cert_file, key_file, password="")
        except (ssl.SSLError, OSError, ValueError) as error:
            raise ValueError(
                f"cert_file={cert_file!r} and key_file={key_file!r} are no certificate and its"
                f" unencrypted key in PEM form ({error})"
            ) from error


def base_url(name: str, value: Any) -> str:
    """A control plane's URL, without slashes at its end."""
    if value is None or value == "":
        raise ValueError(
            f"{name} is missing: give the control plane's URL, https://<company>.run.ai"
        )
    parts = _url(name, value)
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError(
            f"{name} must be scheme, host and path alone, without user, query or fragment"
        )
    return str(value).rstrip("/")


def proxy_url(name: str, value: Any) -> Optional[str]:
    """A proxy's URL; user and password may be in it."""
    if value is None or value == "":
        return None
    _url(name, value)
    return str(value)


def without_password(url: str) -> str:
    """A URL that can be shown."""
    parts = urlsplit(url)
    if parts.password is None:
        return url
    return url.replace(f":{parts.password}@", ":***@")


def secret(name: str, value: Any) -> Optional[str]:
    """A string that must not be shown."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise ValueError(f"{name} must be a string, not {type(value).__name__}")
    return value


def token(name: str, value: Any) -> Optional[str]:
    """An access token: one word of visible ASCII."""
    text = secret(name, value)
    if text is not None and (_INVISIBLE.search(text) or not text.isascii()):
        raise ValueError(
            f"{name} holds a space, line break or non-ASCII character: give the token alone,"
            " without the word Bearer"
        )
    return text


def file(name: str, value: Any) -> Optional[str]:
    """A file that exists."""
    if value is None or value == "":
        return None
    if not isinstance(value, (str, os.PathLike)):
        raise ValueError(f"{name}={value!r} must be the path of a file")
    path = Path(value).expanduser()
    if not path.is_file():
        raise ValueError(f"{name}={os.fspath(value)!r} is no file")
    return str(path)


def flag(name: str, value: Any) -> bool:
    """True or False; a string such as "false" would count as true."""
    if not isinstance(value, bool):
        hint = "; a CA file is given as ssl_ca_cert" if name == "verify_ssl" else ""
        raise ValueError(f"{name}={value!r} must be True or False{hint}")
    return value


def whole(name: str, value: Any, least: int) -> int:
    """A whole number."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ValueError(f"{name}={value!r} must be a whole number of at least {least}")
    return value


def seconds(name: str, value: Any) -> float:
    """A duration; 0 is allowed."""
    if not _is_finite(value) or value < 0:
        raise ValueError(f"{name}={value!r} must be a number of seconds, 0 or more")
    return float(value)


def timeout(name: str, value: Any) -> float:
    """A duration of more than 0; there is no waiting for ever."""
    if not _is_finite(value) or value <= 0:
        raise ValueError(f"{name}={value!r} must be a number of seconds, more than 0")
    return float(value)


def host_name(name: str, value: Any) -> Optional[str]:
    """A host name without scheme and port."""
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not re.match(r"[A-Za-z0-9._-]+\Z", value):
        raise ValueError(f"{name}={value!r} must be a host name alone, without scheme and port")
    return value


def headers(name: str, value: Any) -> Optional[Dict[str, str]]:
    """Headers that can be sent."""
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise ValueError(f"{name} must be a dict of header names and values")
    try:
        return dict(checked(each, content) for each, content in value.items())
    except ApiValueError as error:
        raise ValueError(f"{name}: {error}") from None


def logger(name: str, value: Any) -> Any:
    """A logger, or an adapter of one."""
    if value is not None and not isinstance(value, (_logging.Logger, _logging.LoggerAdapter)):
        raise ValueError(f"{name}={value!r} must be a logging.Logger")
    return value


def hooks(name: str, value: Any) -> Tuple[Any, ...]:
    """One function or several; a coroutine function would never be awaited."""
    if value is None:
        return ()
    functions = (value,) if callable(value) else value
    if not isinstance(functions, (list, tuple)) or not all(map(callable, functions)):
        raise ValueError(f"{name}={value!r} must be a function, or a list of functions")
    from inspect import iscoroutinefunction

    for each in functions:
        if iscoroutinefunction(each) or iscoroutinefunction(type(each).__call__):
            raise ValueError(f"{name}={each!r} is a coroutine function: hooks are not awaited")
    return tuple(functions)


def _url(name: str, value: Any) -> SplitResult:
    if not isinstance(value, str):
        raise ValueError(f"{name}={value!r} must be a string such as https://<company>.run.ai")
    shown = without_password(value)
    if _INVISIBLE.search(value) or "\\" in value:
        raise ValueError(f"{name}={shown!r} holds a space, line break or backslash: remove it")
    try:
        parts = urlsplit(value)
        port_is_valid = parts.port is None or parts.port > 0
    except ValueError as error:
        raise ValueError(f"{name}={shown!r} is no URL: {error}") from None
    if parts.scheme not in ("http", "https"):
        raise ValueError(f"{name}={shown!r} must begin with https:// (or http://)")
    if not parts.hostname or not port_is_valid:
        raise ValueError(f"{name}={shown!r} names no host and port, as in https://<company>.run.ai")
    return parts


def _is_finite(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
