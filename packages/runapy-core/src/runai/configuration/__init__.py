"""Where the control plane is, who asks, and how patiently."""

from __future__ import annotations

import logging
import warnings
from typing import TYPE_CHECKING, Any, Callable, Dict, Mapping, Optional, Tuple, Union

from runai._core import checks
from runai._core.plain_http import warn_of_plain_http
from runai.exceptions import InsecureTlsWarning

if TYPE_CHECKING:
    from pathlib import Path

    from runai.cliv2_config_loader import CLIv2Config
    from runai.hooks import OnRequest, OnResponse, RequestInfo, ResponseInfo

LOGGER_NAME = "runai"
logging.getLogger(LOGGER_NAME).addHandler(logging.NullHandler())

_SECRETS = frozenset({"client_secret", "bearer_token", "proxy_headers"})


class Configuration:
    """The settings of a client; immutable, checked when it is made.

    Give either `client_id` and `client_secret`, or `bearer_token`.

    Arguments:
        client_id, client_secret: of a service account or an access key.
        bearer_token: an access token, used as it is and never renewed.
        runai_base_url: the control plane's URL; may have a path.
        verify_ssl: whether to verify the server's certificate.
        ssl_ca_cert: PEM file of the certificate authorities to trust, instead of the system's.
        cert_file, key_file: PEM files of a client certificate and its key.
        pool_maxsize: most connections to keep open; also the threads of a `ThreadedApiClient`.
        pool_size: most hosts to keep connections to; `pool_maxsize` if not given.
        retry_enabled: whether to send again what failed for a passing reason.
        retry_max_retries: most repetitions of one call.
        retry_backoff_factor: seconds before the first repetition, doubled with each one.
        proxy_url: proxy for every request, instead of the one that the environment names.
        proxy_headers: headers for the proxy alone.
        proxy_server_name: name to ask for and to verify in the TLS handshake, if not the URL's.
        auto_refresh_token: whether to get a new token before the old one expires.
        token_refresh_margin: seconds before its expiry at which a token is renewed.
        debug: log requests at level INFO instead of DEBUG.
        logger: in place of the logger `runai`.
        connect_timeout: seconds for a connection to be made.
        read_timeout: seconds of silence until an answer is given up.
        on_request: a function, or several, called with a `runai.hooks.RequestInfo` before each
            attempt; may add headers.
        on_response: the same, with a `runai.hooks.ResponseInfo` after each attempt.

    Raises:
        ValueError: a parameter is missing, or has a value that cannot work.
    """

    client_id: Optional[str]
    client_secret: Optional[str]
    bearer_token: Optional[str]
    runai_base_url: str
    verify_ssl: bool
    ssl_ca_cert: Optional[str]
    cert_file: Optional[str]
    key_file: Optional[str]
    pool_maxsize: int
    pool_size: int
    retry_enabled: bool
    retry_max_retries: int
    retry_backoff_factor: float
    proxy_url: Optional[str]
    proxy_server_name: Optional[str]
    auto_refresh_token: bool
    token_refresh_margin: float
    debug: bool
    logger: logging.Logger
    connect_timeout: float
    read_timeout: float
    on_request: Tuple[Callable[[RequestInfo], object], ...]
    on_response: Tuple[Callable[[ResponseInfo], object], ...]

    def __init__(
        self,
        client_id: Optional[str] = None,
        client_secret: Optional[str] = None,
        bearer_token: Optional[str] = None,
        runai_base_url: Optional[str] = None,
        verify_ssl: bool = True,
        ssl_ca_cert: Union[str, Path, None] = None,
        cert_file: Union[str, Path, None] = None,
        key_file: Union[str, Path, None] = None,
        pool_maxsize: int = 4,
        pool_size: Optional[int] = None,
        retry_enabled: bool = True,
        retry_max_retries: int = 3,
        retry_backoff_factor: float = 0.5,
        proxy_url: Optional[str] = None,
        proxy_headers: Optional[Mapping[str, str]] = None,
        proxy_server_name: Optional[str] = None,
        auto_refresh_token: bool = True,
        token_refresh_margin: float = 60,
        debug: bool = False,
        logger: Optional[logging.Logger] = None,
        connect_timeout: float = 10,
        read_timeout: float = 60,
        *,
        on_request: Optional[OnRequest] = None,
        on_response: Optional[OnResponse] = None,
    ) -> None:
        given = dict(locals())
        del given["self"]
        checks.check_credentials(client_id, client_secret, bearer_token)
        values: Dict[str, Any] = {
            "client_id": checks.secret("client_id", client_id),
            "client_secret": checks.secret("client_secret", client_secret),
            "bearer_token": checks.token("bearer_token", bearer_token),
            "runai_base_url": checks.base_url("runai_base_url", runai_base_url),
            "verify_ssl": checks.flag("verify_ssl", verify_ssl),
            "ssl_ca_cert": checks.file("ssl_ca_cert", ssl_ca_cert),
            "cert_file": checks.file("cert_file", cert_file),
            "key_file": checks.file("key_file", key_file),
            "pool_maxsize": checks.whole("pool_maxsize", pool_maxsize, least=1),
            "pool_size": checks.whole(
                "pool_size", pool_maxsize if pool_size is None else pool_size, least=1
            ),
            "retry_enabled": checks.flag("retry_enabled", retry_enabled),
            "retry_max_retries": checks.whole("retry_max_retries", retry_max_retries, least=0),
            "retry_backoff_factor": checks.seconds("retry_backoff_factor", retry_backoff_factor),
            "proxy_url": checks.proxy_url("proxy_url", proxy_url),
            "_proxy_headers": checks.headers("proxy_headers", proxy_headers),
            "proxy_server_name": checks.host_name("proxy_server_name", proxy_server_name),
            "auto_refresh_token": checks.flag("auto_refresh_token", auto_refresh_token)
            and not bearer_token,
            "token_refresh_margin": 0
            if bearer_token
            else checks.seconds("token_refresh_margin", token_refresh_margin),
            "debug": checks.flag("debug", debug),
            "logger": checks.logger("logger", logger) or logging.getLogger(LOGGER_NAME),
            "connect_timeout": checks.timeout("connect_timeout", connect_timeout),
            "read_timeout": checks.timeout("read_timeout", read_timeout),
            "on_request": checks.hooks("on_request", on_request),
            "on_response": checks.hooks("on_response", on_response),
            "_given": given,
            "_cliv2": None,
        }
        self.__dict__.update(values)
        checks.check_certificates(self.ssl_ca_cert, self.cert_file, self.key_file)
        if not self.verify_ssl:
            warnings.warn(
                "verify_ssl=False: whoever stands between you and the control plane can read the"
                " token and change the answers; give ssl_ca_cert instead",
                InsecureTlsWarning,
                stacklevel=2,
            )
        warn_of_plain_http(self.runai_base_url, stacklevel=2)

    @classmethod
    def from_env(cls, **overrides: Any) -> Configuration:
        """Read the settings from the environment.

        Each parameter comes from `RUNAI_<PARAMETER>`, such as `RUNAI_CLIENT_SECRET` or
        `RUNAI_READ_TIMEOUT`, and `runai_base_url` from `RUNAI_BASE_URL`. Flags are `true` or
        `false`; `RUNAI_PROXY_HEADERS` is a JSON object; an empty variable counts as absent.

        Arguments:
            overrides: parameters of `Configuration` that come before the environment's.

        Raises:
            ValueError: a variable cannot be read, or a parameter is missing or wrong.
        """
        from runai._core.environment import parameters

        return cls(**parameters(cls.__init__, overrides))

    @classmethod
    def from_cliv2(
        cls,
        cliv2: Union[CLIv2Config, str, Path, None] = None,
        **overrides: Any,
    ) -> Configuration:
        """Use the session of the Run:ai command line, version 2.

        Its token is read anew whenever the command line has renewed it.

        Arguments:
            cliv2: a `CLIv2Config`, or the directory for one.
            overrides: further parameters of `Configuration`.

        Raises:
            ValueError: the command line's files cannot be read, or a parameter is wrong.
        """
        from runai.cliv2_config_loader import CLIv2Config

        source = cliv2 if isinstance(cliv2, CLIv2Config) else CLIv2Config(cliv2)
        arguments: Dict[str, Any] = {"runai_base_url": source.control_plane_url, **overrides}
        arguments.setdefault("bearer_token", source.token)
        made = cls(**arguments)
        if "bearer_token" not in overrides:
            made.__dict__["_cliv2"] = source
        return made

    @property
    def proxy_headers(self) -> Optional[Dict[str, str]]:
        """Headers for the proxy alone; a copy."""
        headers: Optional[Dict[str, str]] = self.__dict__["_proxy_headers"]
        return None if headers is None else dict(headers)

    @property
    def cliv2(self) -> Optional[CLIv2Config]:
        """Where the bearer token comes from, if the command line keeps it."""
        source: Optional[CLIv2Config] = self.__dict__["_cliv2"]
        return source

    def replace(self, **changes: Any) -> Configuration:
        """A copy with other values for some parameters.

        Raises:
            ValueError: a new value cannot work.
        """
        made = type(self)(**{**self.__dict__["_given"], **changes})
        if not changes.keys() & {"bearer_token", "client_id", "client_secret"}:
            made.__dict__["_cliv2"] = self.cliv2
        return made

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(
            f"a Configuration cannot be changed: make a new one with .replace({name}=...)"
        )

    def __delattr__(self, name: str) -> None:
        raise AttributeError("a Configuration cannot be changed")

    def __repr__(self) -> str:
        shown = (
            f"{name}={_shown(name, value)}"
            for name, value in self.__dict__["_given"].items()
            if value is not None
        )
        return f"Configuration({', '.join(shown)})"


def _shown(name: str, value: Any) -> str:
    if name in _SECRETS:
        return "'***'"
    return repr(checks.without_password(value) if name == "proxy_url" else value)
