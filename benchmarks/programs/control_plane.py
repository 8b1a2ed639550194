"""The embedded control plane, and a bare `http.server` in its place, each in its own process.

Run as a program, this file is such a server: it prints port and token, and ends with its input.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.worker import Operation

_BODY = b'{"count": 0}'
_COUNT = "/api/v1/workloads/count"
_KEPT: list[object] = []


def started(_: str, kind: str) -> Operation:
    """From the first import to the first answer, in this process."""

    def operation(_: int) -> None:
        port, token = _SERVERS[kind](0)
        _asking(port, token, _COUNT)(1)

    return operation


def answers(_url: str, kind: str, target: str = _COUNT, workloads: str = "0") -> Operation:
    """Answers of a server in another process, one after the other, over one connection."""
    import subprocess

    process = subprocess.Popen(
        [sys.executable, "-I", __file__, kind, workloads],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    port, token = process.stdout.readline().split()
    _KEPT.append(process)
    ask = _asking(int(port), token, target)
    # Forms of records are made once; workloads enter their phases meanwhile.
    ask(3)
    return ask


def _asking(port: int, token: str, target: str) -> Operation:
    import socket

    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    stream = connection.makefile("rb")
    request = (
        f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: application/json\r\n"
        f"User-Agent: benchmark\r\nAuthorization: Bearer {token}\r\n\r\n"
    ).encode()

    def operation(count: int) -> None:
        for _ in range(count):
            connection.sendall(request)
            status = stream.readline()
            if b" 200 " not in status:
                raise RuntimeError(f"{target}: {status!r}")
            length = 0
            while (line := stream.readline()) != b"\r\n":
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            stream.read(length)

    return operation


def _bare(_: int) -> tuple[int, str]:
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
    from threading import Thread

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(_BODY)))
            self.end_headers()
            self.wfile.write(_BODY)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port, "none"


def _embedded(workloads: int) -> tuple[int, str]:
    from runai.testing import ControlPlane

    control_plane = ControlPlane()
    control_plane.start()
    _KEPT.append(control_plane)
    if workloads:
        state = control_plane.state
        [cluster] = state.collections()["/api/v1/clusters"]
        project = {"name": "benchmark", "clusterId": _id(cluster), "resources": []}
        made = state.create("/api/v1/org-unit/projects", project)
        for number in range(workloads):
            body = {
                "name": f"workload-{number:06}",
                "clusterId": _id(cluster),
                "projectId": made.id,
                "spec": {"image": "x/y", "compute": {"gpuDevicesRequest": 1}},
            }
            kind = "workspaces" if number % 2 else "trainings"
            state.create(f"/api/v1/workloads/{kind}", body)
        control_plane.clock.advance(10)
    return int(control_plane.url.rpartition(":")[2]), control_plane.tokens.issue()


def _id(cluster: object) -> object:
    return cluster.get("uuid", cluster.get("id")) if isinstance(cluster, dict) else None


_SERVERS: dict[str, Callable[[int], tuple[int, str]]] = {"bare": _bare, "embedded": _embedded}

if __name__ == "__main__":
    print(*_SERVERS[sys.argv[1]](int(sys.argv[2])), flush=True)
    sys.stdin.read()
