"""The tables of failures in docs/reliability.md, each cell on each client."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pytest

import runai.exceptions
from runai.configuration import Configuration
from runai.exceptions import ApiException
from runai.testing import SampleControlPlane
from runai.testing.faults import (
    CutBody,
    Delay,
    Drop,
    Fault,
    ProxyPage,
    Status,
    TokenAnswer,
    WrongJson,
)

from .callers import Caller, Waits
from .documented import bounds, table, words_in_code

PATH = "/api/v1/org-unit/projects"
LATE = Delay(3600)

FAULTS: dict[str, Fault] = {
    "reset before the request was read": Drop("before", reset=True),
    "reset after the request was read": Drop("during", reset=True),
    "connection closed without an answer": Drop("during"),
    "connection cut inside the answer's body": CutBody(),
    "chunked body without its end": CutBody(chunked=True),
    "no answer in time": LATE,
    "307 to another host": Status(307, {"Location": "http://127.0.0.1:9/api/v1/token"}),
    "an HTML page": ProxyPage(200),
    "broken JSON": WrongJson(),
    "an answer without a token": TokenAnswer("missing"),
    "a token that is null": TokenAnswer("null"),
}


class Place(NamedTuple):
    """Where no request arrives."""

    settings: dict[str, Any]


def fault_of(failure: str) -> Fault | None:
    """The fault that a row names: a status with its headers, or one of `FAULTS`."""
    status, _, header = failure.partition(", ")
    if not status.isdigit():
        return FAULTS.get(failure)
    headers = dict(code.split(": ") for code in words_in_code(header))
    return Status(int(status), headers)


@contextmanager
def refused() -> Generator[Place]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        yield Place({"runai_base_url": f"http://127.0.0.1:{free.getsockname()[1]}"})


@contextmanager
def full_backlog() -> Generator[Place]:
    if sys.platform != "linux":
        pytest.skip("other systems answer when the queue of connections is full")
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(address)
        yield Place({"runai_base_url": f"http://127.0.0.1:{address[1]}", "connect_timeout": 0.05})
        for each in waiting:
            each.close()


@contextmanager
def no_proxy() -> Generator[Place]:
    with refused() as place:
        proxy = place.settings["runai_base_url"]
        yield Place({"proxy_url": proxy, "runai_base_url": "https://control-plane.example"})


PLACES: dict[str, Callable[[], Any]] = {
    "connection refused": refused,
    "no connection in time": full_backlog,
    "proxy out of reach": no_proxy,
}
TLS: dict[str, Callable[[Any, str], tuple[str | None, str | None]]] = {
    "certificate of an unknown authority": lambda https, ca_file: (https.url, None),
    "certificate of another name": lambda https, ca_file: (
        https.url.replace("127.0.0.1", "localhost"),
        ca_file,
    ),
    "server without TLS": lambda https, ca_file: (None, ca_file),
}


class Cell(NamedTuple):
    failure: str
    method: str
    sent: int
    waits: list[tuple[float, float]]
    raised: type[ApiException]

    def __str__(self) -> str:
        return f"{self.method} {self.failure}"


def cells(heading: str) -> Iterator[Cell]:
    for row in table(heading):
        (raised,) = words_in_code(row["Raised"])
        for column, value in row.items():
            for method in words_in_code(column):
                if value.isdigit():
                    sent = int(value)
                    waits = bounds(row["Waits in seconds"])[: sent - 1]
                    yield Cell(
                        row[next(iter(row))], method, sent, waits, getattr(runai.exceptions, raised)
                    )


FAILURES = list(cells("Failures"))
OF_TOKENS = [
    Cell(
        row["Failure of the token request"],
        "POST",
        int(row["Sent"]),
        bounds(row["Waits in seconds"]),
        getattr(runai.exceptions, words_in_code(row["Raised"])[0]),
    )
    for row in table("The token")
]


def test_every_method_and_every_failure_has_cells() -> None:
    assert {cell.method for cell in FAILURES} == {"GET", "HEAD", "PUT", "DELETE", "POST", "PATCH"}
    named = {cell.failure for cell in [*FAILURES, *OF_TOKENS]}
    assert named >= {*FAULTS, *PLACES, *TLS}
    statuses = {int(name[:3]) for name in named if name[:3].isdigit()}
    assert statuses >= {401, 408, 409, 413, 422, 429, 500, 502, 503, 504}


def assert_waited(waits: Waits, expected: list[tuple[float, float]]) -> None:
    assert len(waits.seconds) == len(expected)
    for seconds, (least, most) in zip(waits.seconds, expected):
        assert least <= seconds <= most


def all_but_tokens(control_plane: SampleControlPlane, fault: Fault) -> None:
    """Give a fault to every request except those for tokens."""
    control_plane.faults.add("tokens.grant_token", Delay(0))
    control_plane.faults.add("*", fault)


def times(control_plane: SampleControlPlane, fault: Fault, expected: int) -> int:
    """How many requests got a fault."""
    if fault == LATE:
        # The client may have given up before the server came to read.
        control_plane.requests.wait_for(expected)
    return sum(each == fault for each in control_plane.faults.applied)


@pytest.mark.parametrize("cell", [c for c in FAILURES if fault_of(c.failure)], ids=str)
def test_answers_and_lost_connections(
    cell: Cell, control_plane: SampleControlPlane, caller: Caller, waits: Waits
) -> None:
    fault = fault_of(cell.failure)
    assert fault is not None
    client = caller.client(control_plane.configuration(), waits)
    caller(client, "GET", PATH)
    control_plane.requests.clear()
    all_but_tokens(control_plane, fault)
    timeout = (10, 0.05) if fault == LATE else None
    with pytest.raises(ApiException) as caught:
        caller(client, cell.method, PATH, _request_timeout=timeout)
    assert type(caught.value) is cell.raised
    assert caught.value.method == cell.method
    assert caught.value.attempts == times(control_plane, fault, cell.sent) == cell.sent
    assert_waited(waits, cell.waits)
    if isinstance(fault, Status):
        assert caught.value.status == fault.status
    else:
        assert caught.value.status is None
        assert caught.value.__cause__ is not None
    control_plane.faults.clear()
    assert caller(client, "GET", PATH).status_code == 200


@pytest.mark.parametrize("cell", [c for c in FAILURES if c.failure in PLACES], ids=str)
def test_places_that_cannot_be_reached(cell: Cell, caller: Caller, waits: Waits) -> None:
    with PLACES[cell.failure]() as place:
        configuration = Configuration(bearer_token="a-token", **place.settings)
        with pytest.raises(ApiException) as caught:
            caller(caller.client(configuration, waits), cell.method, PATH)
    assert type(caught.value) is cell.raised
    assert caught.value.attempts == cell.sent
    assert caught.value.__cause__ is not None
    assert_waited(waits, cell.waits)


@pytest.mark.parametrize("cell", [c for c in FAILURES if c.failure in TLS], ids=str)
def test_wrong_tls(
    cell: Cell,
    control_plane: SampleControlPlane,
    https_control_plane: SampleControlPlane,
    ca_file: str,
    caller: Caller,
    waits: Waits,
) -> None:
    url, authorities = TLS[cell.failure](https_control_plane, ca_file)
    configuration = Configuration(
        bearer_token="a-token",
        runai_base_url=url or control_plane.url.replace("http:", "https:"),
        ssl_ca_cert=authorities,
    )
    with pytest.raises(ApiException) as caught:
        caller(caller.client(configuration, waits), cell.method, PATH)
    assert type(caught.value) is cell.raised
    assert caught.value.attempts == cell.sent
    assert caught.value.__cause__ is not None
    assert_waited(waits, cell.waits)
    reached = https_control_plane if url else control_plane
    assert (reached.connections, len(reached.requests)) == (1, 0)


@pytest.mark.parametrize("cell", OF_TOKENS, ids=str)
def test_token_request(
    cell: Cell, control_plane: SampleControlPlane, caller: Caller, waits: Waits
) -> None:
    fault = fault_of(cell.failure)
    assert fault is not None
    # A call's own timeouts are not those of the token, which all calls share.
    timeout = {"read_timeout": 0.2} if fault == LATE else {}
    client = caller.client(control_plane.configuration().replace(**timeout), waits)
    control_plane.faults.add("tokens.grant_token", fault)
    with pytest.raises(ApiException) as caught:
        caller(client, "POST", PATH)
    assert type(caught.value) is cell.raised
    assert times(control_plane, fault, cell.sent) == cell.sent
    assert_waited(waits, cell.waits)
    assert control_plane.requests.of("projects.create_project") == []
    control_plane.faults.clear()
    assert caller(client, "GET", PATH).status_code == 200
