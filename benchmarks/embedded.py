"""What the embedded control plane costs: its start, small requests, long lists."""

from __future__ import annotations

from benchmarks.plan import Benchmark, Contender, Goal, Interpreter, Quantity, Row

_FEW, _MANY = "1000", "100000"
_ONLY = "has none"
_LISTS = {
    "the first page": "/api/v1/workloads?limit=50",
    "one type": "/api/v1/workloads?limit=50&filterBy=type%3D%3DTraining",
    "one type of one project": (
        "/api/v1/workloads?limit=50&filterBy=type%3D%3DTraining,projectName%3D%3Dbenchmark"
    ),
    "found by a part of the name": "/api/v1/workloads?limit=50&search=-0009",
    "sorted by name": "/api/v1/workloads?limit=50&sortBy=name&sortOrder=desc",
}

START = Benchmark(
    "embedded-start",
    "Starting the embedded control plane",
    "From the first import to the first answer, against a bare `http.server`.",
    tuple(
        Contender(kind, "control_plane:started", (kind,), 1, Interpreter.TOOLS)
        for kind in ("bare", "embedded")
    ),
    (
        Row(
            "`ControlPlane` started, and a count of workloads",
            Quantity.MILLISECONDS_MORE,
            "embedded",
            "bare",
            cannot=_ONLY,
            goal=Goal(300),
        ),
    ),
    is_fresh=True,
    share_of_rounds=0.5,
)

REQUESTS = Benchmark(
    "embedded-requests",
    "Small requests to the embedded control plane",
    "A count of workloads, one after the other over one connection, against a bare `http.server`"
    " that sends as many bytes and looks at nothing.",
    tuple(
        Contender(kind, "control_plane:answers", (kind,), 1000, Interpreter.TOOLS)
        for kind in ("bare", "embedded")
    ),
    (
        Row(
            "one request, checked, carried out and recorded",
            Quantity.TIMES,
            "embedded",
            "bare",
            cannot=_ONLY,
        ),
    ),
    share_of_rounds=0.5,
)

LISTS = Benchmark(
    "embedded-lists",
    "Long lists of the embedded control plane",
    'A page of 50 workloads, the whole call: of 100,000, and under "bare" of 1,000, a hundredth.'
    " Nothing is created meanwhile.",
    tuple(
        Contender(
            f"{what}, {workloads}",
            "control_plane:answers",
            ("embedded", target, workloads),
            10,
            Interpreter.TOOLS,
        )
        for what, target in _LISTS.items()
        for workloads in (_FEW, _MANY)
    ),
    tuple(
        Row(what, Quantity.TIMES, f"{what}, {_MANY}", f"{what}, {_FEW}", cannot=_ONLY)
        for what in _LISTS
    ),
    share_of_rounds=0.5,
)
