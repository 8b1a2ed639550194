"""Models alone, without the network: of an answer, and of a request."""

from __future__ import annotations

from benchmarks import answers
from benchmarks.plan import Benchmark, Contender, Goal, Interpreter, Quantity, Row

_PEER = Interpreter.PEER

OF_ANSWERS = Benchmark(
    "models",
    "Models of an answer",
    "From the bytes of a page of 500 workloads that is there already to `model`, against"
    " `json.loads` of them. The peer's are made by hand: `from_dict(json.loads(...))`.",
    (
        Contender("json", "bare:json_loads", (f"{answers.WORKLOADS}?limit=500",), 8),
        Contender("ours", "clients:models_of_answers", ("500",), 8),
        Contender("peer", "clients:models_by_hand", ("500",), 8, _PEER),
    ),
    (
        Row(
            "`model` of 500 workloads against `json.loads`",
            Quantity.TIMES,
            "ours",
            "json",
            "peer",
            goal=Goal(2.0),
        ),
    ),
)

_REQUESTS = 300

OF_REQUESTS = Benchmark(
    "requests",
    "A nested request",
    "A `WorkspaceCreationRequest` of eight models, built and encoded, against a dict and"
    " `json.dumps`. The first row is what a call does before it sends: ours checks the bytes"
    " against the API's description, the peer does not.",
    (
        Contender("dict", "request_bodies:by_hand", (), _REQUESTS),
        Contender("call", "request_bodies:checked", (), _REQUESTS),
        Contender("to_json", "request_bodies:as_json", (), _REQUESTS),
        Contender("call of the peer", "request_bodies:encoded_by_peer", (), _REQUESTS, _PEER),
        Contender("to_json of the peer", "request_bodies:as_json", (), _REQUESTS, _PEER),
    ),
    (
        Row(
            "built, and encoded by a call",
            Quantity.TIMES,
            "call",
            "dict",
            "call of the peer",
            goal=Goal(0.2, against_peer=True),
        ),
        Row(
            "built, and encoded by `to_json`",
            Quantity.TIMES,
            "to_json",
            "dict",
            "to_json of the peer",
            goal=Goal(0.2, against_peer=True),
        ),
    ),
)
