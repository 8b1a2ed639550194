"""TLS and proxies, the same for every transport."""

from __future__ import annotations

import os
import ssl
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Dict, NamedTuple, Optional
from urllib.parse import unquote, urlsplit

from runai._core import checks

if TYPE_CHECKING:
    from runai.configuration import Configuration

_BUNDLE_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


class Proxy(NamedTuple):
    """A proxy: its URL without credentials, and the headers that are for it alone."""

    url: str
    headers: Dict[str, str]


def tls_context(configuration: Configuration) -> ssl.SSLContext:
    """TLS as the configuration wants it.

    Without `ssl_ca_cert` the authorities are those of `REQUESTS_CA_BUNDLE` or `CURL_CA_BUNDLE`,
    else of the system (which `SSL_CERT_FILE` and `SSL_CERT_DIR` redirect), else of certifi.
    """
    if configuration.verify_ssl:
        context = _verifying_context(configuration.ssl_ca_cert)
    else:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if configuration.cert_file:
        context.load_cert_chain(configuration.cert_file, configuration.key_file)
    context.set_alpn_protocols(["http/1.1"])
    return context


def proxy_for(configuration: Configuration, url: str) -> Optional[Proxy]:
    """The proxy for a URL: the configured one, else the environment's.

    The environment is `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY` unless `NO_PROXY` names the host.

    Raises:
        ValueError: the environment names a proxy that is not HTTP.
    """
    proxy_url = configuration.proxy_url or _proxy_of_environment(url)
    if not proxy_url:
        return None
    parts = urlsplit(proxy_url)
    headers = configuration.proxy_headers or {}
    if parts.username is not None:
        user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers.setdefault("Proxy-Authorization", f"Basic {b64encode(user.encode()).decode()}")
    return Proxy(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}", headers)


def _verifying_context(ssl_ca_cert: Optional[str]) -> ssl.SSLContext:
    bundle = ssl_ca_cert or next(filter(None, map(os.environ.get, _BUNDLE_VARIABLES)), None)
    if bundle and Path(bundle).is_dir():
        return ssl.create_default_context(capath=bundle)
    if bundle:
        return ssl.create_default_context(cafile=bundle)
    context = ssl.create_default_context()
    if not context.cert_store_stats()["x509_ca"] and not ssl.get_default_verify_paths().capath:
        import certifi

        context.load_verify_locations(certifi.where())
    return context


def _proxy_of_environment(url: str) -> Optional[str]:
    from urllib.request import getproxies, proxy_bypass

    parts = urlsplit(url)
    if proxy_bypass(parts.netloc):
        return None
    proxies = getproxies()
    found = proxies.get(parts.scheme) or proxies.get("all")
    if not found:
        return None
    # Proxies are often written as host and port alone.
    return checks.proxy_url(f"{parts.scheme}_proxy", found if "://" in found else f"http://{found}")
