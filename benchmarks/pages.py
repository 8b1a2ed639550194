"""Whole calls for pages of workloads, and how their cost grows with the page."""

from __future__ import annotations

from benchmarks import answers
from benchmarks.plan import Benchmark, Contender, Goal, Interpreter, Quantity, Row

ITEMS = (1, 10, 100, 500)
_OPERATIONS = {1: 200, 10: 150, 100: 30, 500: 8}
_KINDS = (("", Interpreter.OURS), (" of the peer", Interpreter.PEER))


def _bare(library: str, items: int) -> Contender:
    return Contender(
        f"{library} {items}",
        f"bare:{library}_calls",
        (f"{answers.WORKLOADS}?limit={items}", "json"),
        _OPERATIONS[items],
    )


def _clients(kind: str, items: int, view: str) -> list[Contender]:
    return [
        Contender(
            f"{kind} {items}{suffix}",
            "clients:pages",
            (kind, str(items), view),
            _OPERATIONS[items],
            interpreter,
        )
        for suffix, interpreter in _KINDS
    ]


def _row(what: str, kind: str, library: str, items: int, goal: Goal | None) -> Row:
    return Row(
        what,
        Quantity.TIMES,
        f"{kind} {items}",
        f"{library} {items}",
        f"{kind} {items} of the peer",
        goal=goal,
    )


def _growing(name: str, title: str, words: str, view: str) -> Benchmark:
    return Benchmark(
        name,
        title,
        words,
        tuple(
            each
            for items in ITEMS
            for each in (_bare("urllib3", items), *_clients("ApiClient", items, view))
        ),
        tuple(
            _row(
                f"{items} workloads, {len(answers.body(answers.WORKLOADS, items) or b''):,} bytes",
                "ApiClient",
                "urllib3",
                items,
                Goal(0.8) if items == 500 and view == "data" else None,
            )
            for items in ITEMS
        ),
        shows_growth=True,
    )


DATA = _growing(
    "pages",
    "Pages, as data",
    "`get_workloads` of `ApiClient` up to `data`, the whole call, against urllib3 and"
    " `json.loads`.",
    "data",
)

MODELS = _growing(
    "pages-of-models",
    "Pages, as models",
    "`get_workloads` of `ApiClient` up to `model`, the whole call, against urllib3 and"
    " `json.loads`. The peer's models are made by hand, with `from_dict`.",
    "model",
)

OTHER_CLIENTS = Benchmark(
    "pages-of-other-clients",
    "A page of 500 workloads with the other clients",
    "As data, the whole call, one after the other.",
    (
        _bare("urllib3", 500),
        _bare("aiohttp", 500),
        *_clients("ThreadedApiClient", 500, "data"),
        *_clients("AsyncApiClient", 500, "data"),
    ),
    (
        _row(
            "`ThreadedApiClient` against urllib3 and `json.loads`",
            "ThreadedApiClient",
            "urllib3",
            500,
            Goal(0.8),
        ),
        _row(
            "`AsyncApiClient` against aiohttp and `json.loads`",
            "AsyncApiClient",
            "aiohttp",
            500,
            None,
        ),
    ),
)
