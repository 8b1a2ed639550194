"""A package index of the built files on 127.0.0.1, as PEP 503 and 658 say."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType

from .archives import archives


class SimpleIndex:
    """Serves within its `with` block.

    Args:
        folder: the files.
    """

    def __init__(self, folder: Path) -> None:
        # Installers cache by URL, and another run on the same port has other files.
        self._prefix = f"/{secrets.token_hex(8)}"
        self._files: dict[str, bytes] = {}
        self._pages = self._written(folder)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def __enter__(self) -> SimpleIndex:
        self._thread.start()
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}{self._prefix}/simple/"

    def answer(self, path: str) -> tuple[str, bytes] | None:
        """Media type and body of what is at a path."""
        if not path.startswith(self._prefix):
            return None
        place = path[len(self._prefix) :]
        if place in self._pages:
            return "text/html", self._pages[place].encode()
        file = place.removeprefix("/files/")
        return ("application/octet-stream", self._files[file]) if file in self._files else None

    def _written(self, folder: Path) -> dict[str, str]:
        links: dict[str, list[str]] = defaultdict(list)
        for archive in archives(folder):
            name = archive.path.name
            self._files[name] = archive.path.read_bytes()
            address = f"{self._prefix}/files/{name}#sha256={_digest(self._files[name])}"
            described = 'data-requires-python="&gt;=3.8"'
            if archive.is_wheel:
                # PEP 658, as PyPI has it: what a wheel needs is known before it is fetched.
                self._files[f"{name}.metadata"] = archive.metadata
                described += f' data-dist-info-metadata="sha256={_digest(archive.metadata)}"'
            links[archive.name].append(f'<a href="{address}" {described}>{name}</a>')
        pages = {f"/simple/{name}/": _page(found) for name, found in links.items()}
        pages["/simple/"] = _page([f'<a href="{name}/">{name}</a>' for name in links])
        return pages

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        index = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_HEAD(self) -> None:
                self._answer()

            def do_GET(self) -> None:
                self.wfile.write(self._answer())

            def _answer(self) -> bytes:
                found = index.answer(self.path.partition("?")[0])
                media_type, body = found or ("text/plain", b"nothing is here")
                self.send_response(200 if found else 404)
                self.send_header("Content-Type", media_type)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                return body

            def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
                """Keep the output of the tests their own."""

        return Handler


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _page(links: list[str]) -> str:
    return "<!DOCTYPE html><html><body>" + "<br>\n".join(links) + "</body></html>\n"
