"""One small call after the other."""

from __future__ import annotations

from benchmarks import answers
from benchmarks.plan import Benchmark, Contender, Goal, Interpreter, Quantity, Row

_PEER = Interpreter.PEER
_BARE = (answers.PROJECT, "bytes")
OPERATIONS = 200


def _clients() -> list[Contender]:
    return [
        Contender(f"{kind}{suffix}", "clients:small_calls", (kind,), OPERATIONS, interpreter)
        for kind in ("ApiClient", "ThreadedApiClient", "AsyncApiClient")
        for suffix, interpreter in (("", Interpreter.OURS), (" of the peer", _PEER))
    ]


CALLS = Benchmark(
    "calls",
    "One small call",
    "`get_project`, 486 bytes, one after the other, up to the bytes of the body; the peer cannot"
    " but decode them. Each answer of `ThreadedApiClient` is waited for before the next call.",
    (
        Contender("requests", "bare:requests_calls", _BARE, OPERATIONS),
        Contender("urllib3", "bare:urllib3_calls", _BARE, OPERATIONS),
        Contender("urllib3 in a thread", "bare:urllib3_calls_in_thread", _BARE, OPERATIONS),
        Contender("aiohttp", "bare:aiohttp_calls", _BARE, OPERATIONS),
        *_clients(),
    ),
    (
        Row(
            "`ApiClient` against urllib3",
            Quantity.TIMES,
            "ApiClient",
            "urllib3",
            "ApiClient of the peer",
            goal=Goal(1.15),
        ),
        Row(
            "`ThreadedApiClient` against urllib3",
            Quantity.TIMES,
            "ThreadedApiClient",
            "urllib3",
            "ThreadedApiClient of the peer",
            goal=Goal(1.15),
        ),
        Row(
            "`AsyncApiClient` against aiohttp",
            Quantity.TIMES,
            "AsyncApiClient",
            "aiohttp",
            "AsyncApiClient of the peer",
            goal=Goal(1.15),
        ),
        Row(
            "`ThreadedApiClient` against urllib3 in a thread pool",
            Quantity.TIMES,
            "ThreadedApiClient",
            "urllib3 in a thread",
            "ThreadedApiClient of the peer",
        ),
        Row(
            "`ApiClient` against a session of requests",
            Quantity.TIMES,
            "ApiClient",
            "requests",
            "ApiClient of the peer",
        ),
    ),
)
