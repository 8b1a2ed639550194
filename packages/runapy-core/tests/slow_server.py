"""A server that sends what it is told to piece by piece, and notices when it is left."""

from __future__ import annotations

import socket
import ssl
import threading
from typing import Callable, Iterator, List, Optional


class SlowServer:
    """Answers each connection's one request with pieces.

    Arguments:
        pieces: gives the bytes to send; may wait between them for `stopped`.
        context: of the server's side, to serve HTTPS.
    """

    def __init__(
        self,
        pieces: Callable[[SlowServer], Iterator[bytes]],
        context: Optional[ssl.SSLContext] = None,
    ) -> None:
        self._pieces = pieces
        self._context = context
        self.stopped = threading.Event()
        self.left = threading.Event()
        self.sent = threading.Event()
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: List[threading.Thread] = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        scheme = "https" if self._context else "http"
        return f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}"

    def close(self) -> None:
        self.stopped.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(30)
        if self._context:
            connection = self._context.wrap_socket(connection, server_side=True)
        with connection:
            head = b""
            while b"\r\n\r\n" not in head:
                head += connection.recv(4096)
            try:
                for piece in self._pieces(self):
                    connection.sendall(piece)
                    self.sent.set()
            except OSError:
                self.left.set()
