"""What a client costs in memory and in time, idle and with its categories in use."""

from __future__ import annotations

from benchmarks.plan import Benchmark, Contender, Interpreter, Quantity, Row

CATEGORIES = (1, 3, 6, 9)
_KINDS = (("", Interpreter.OURS), (" of the peer", Interpreter.PEER))
_TARGETS = (
    "/api/v1/org-unit/projects",
    "/api/v1/workloads",
    "/api/v1/authorization/access-rules",
    "/api/v1/asset/compute",
    "/api/v2/policy",
    "/api/v1/datavolumes",
    "/api/v1/audit/log",
    "/api/v1/notification-state",
    "/api/v1/ai-applications",
)


def _clients() -> list[Contender]:
    contenders = []
    for suffix, interpreter in _KINDS:
        contenders += [
            Contender(
                f"idle{suffix}", "beginning:client_made", ("ApiClient",), interpreter=interpreter
            ),
            Contender(
                f"touched{suffix}",
                "beginning:categories_touched",
                ("ApiClient",),
                interpreter=interpreter,
            ),
        ]
    return contenders


MEMORY = Benchmark(
    "memory",
    "Memory",
    "An `ApiClient` in a `RunaiClient`, against requests imported.",
    (Contender("requests", "beginning:library_imported", ("requests",)), *_clients()),
    tuple(
        Row(what, Quantity.MEBIBYTES_MORE, name, "requests", f"{name} of the peer")
        for name, what in (
            ("idle", "made, and no call"),
            ("touched", "after touching every group of all nine categories"),
        )
    ),
    is_fresh=True,
    share_of_rounds=0.5,
)


def _used(count: int) -> list[Contender]:
    bare = Contender(f"requests {count}", "bare_beginning:answers", _TARGETS[:count])
    return [
        bare,
        *(
            Contender(
                f"{count}{suffix}",
                "beginning:categories_used",
                ("ApiClient", str(count)),
                interpreter=interpreter,
            )
            for suffix, interpreter in _KINDS
        ),
    ]


def _rows(quantity: Quantity) -> list[Row]:
    return [
        Row(
            "1 category" if count == 1 else f"{count} categories",
            quantity,
            str(count),
            f"requests {count}",
            f"{count} of the peer",
        )
        for count in CATEGORIES
    ]


IN_USE = Benchmark(
    "categories",
    "Categories in use",
    "From the first import on: an `ApiClient`, and one typed answer in each of so many categories,"
    " against a session of requests with the same calls, decoded.",
    tuple(each for count in CATEGORIES for each in _used(count)),
    (*_rows(Quantity.MILLISECONDS_MORE), *_rows(Quantity.MEBIBYTES_MORE)),
    is_fresh=True,
    share_of_rounds=0.3,
)
