from __future__ import annotations

import dataclasses
import json
import math
import re
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, get_args

import pytest

from runai.testing import ControlPlane
from runai.testing.fault_documents import document_of, fault_of
from runai.testing.faults import (
    ClockSkew,
    CutBody,
    Delay,
    Drop,
    ExpireTokens,
    Fault,
    ProxyPage,
    RevokeToken,
    SlowBody,
    Status,
    TokenAnswer,
    WrongJson,
)

GET = "projects.get_projects"
PROJECTS = "/api/v1/org-unit/projects"
FAULTS = "/_control_plane/faults"
REQUESTS = "/_control_plane/requests"


def _send(wire: Any, method: str, path: str, content: Any = None, **headers: str) -> Any:
    body = None if content is None else json.dumps(content).encode()
    return wire.send(method, path, body, headers)


def test_faults_from_another_process(wire: Any, control_plane: ControlPlane) -> None:
    too_many = {"kind": "Status", "status": 429, "headers": {"Retry-After": "0"}}
    order = {"scope": GET, "fault": too_many, "skip": 1, "times": 1}
    assert _send(wire, "POST", FAULTS, order).status == 204
    assert [wire.call("GET", PROJECTS).status for _ in range(3)] == [200, 429, 200]
    said = _send(wire, "GET", FAULTS).json()
    given = {**too_many, "body": None}
    counts = {"skip": 1, "times": 1, "every": 1, "rate": 1.0, "seen": 2, "given": 1}
    assert said == {"faults": [{"scope": [GET], "fault": given, **counts}], "applied": [given]}
    assert _send(wire, "DELETE", FAULTS).status == 204
    assert _send(wire, "GET", FAULTS).json() == {"faults": [], "applied": []}
    assert not control_plane.faults


def test_it_is_neither_recorded_nor_subject_to_faults(
    wire: Any, control_plane: ControlPlane
) -> None:
    _send(wire, "POST", FAULTS, {"scope": "*", "fault": {"kind": "Status", "status": 503}})
    assert wire.call("GET", PROJECTS).status == 503
    assert [_send(wire, "GET", path).status for path in (FAULTS, REQUESTS, "/")] == [200] * 3
    assert [_send(wire, "GET", f"/_control_plane/x?y={n}").status for n in range(2)] == [404] * 2
    assert wire.send("POST", FAULTS, None, {"Content-Length": "x"}).status == 400
    assert [request.target for request in control_plane.requests] == [PROJECTS]
    assert len(control_plane.faults.applied) == 1


def test_seed(wire: Any, control_plane: ControlPlane) -> None:
    def drawn(seed: int) -> list[int]:
        control_plane.faults.clear()
        order = {"scope": GET, "fault": {"kind": "Status", "status": 503}, "rate": 0.5}
        assert _send(wire, "POST", FAULTS, order).status == 204
        assert _send(wire, "POST", f"{FAULTS}/seed", {"seed": seed}).status == 204
        return [wire.call("GET", PROJECTS).status for _ in range(20)]

    first = drawn(1)
    assert set(first) == {200, 503}
    assert drawn(1) == first
    assert drawn(2) != first


def test_requests(wire: Any, control_plane: ControlPlane) -> None:
    control_plane.faults.add("tokens.grant_token", Delay(0, ProxyPage()))
    wire.call("GET", f"{PROJECTS}?limit=5&token=sec%20ret")
    grant = {"grantType": "client_credentials", "clientID": "me", "clientSecret": "sec ret"}
    wire.call("POST", "/api/v1/token", grant)
    listed, granted = _send(wire, "GET", REQUESTS).json()["requests"]
    known = "filterBy, limit, offset, search, sortBy, sortOrder"
    assert listed == {
        "method": "GET",
        "target": f"{PROJECTS}?limit=5&token=***",
        "operation_id": GET,
        "path_parameters": {},
        "query": {"limit": 5},
        "body": None,
        "status": 400,
        "problems": [f"query parameter token: not known; the operation has: {known}"],
        "fault": None,
    }
    assert granted["body"] == {**grant, "clientSecret": "***"}
    assert granted["fault"] == {
        "kind": "Delay",
        "seconds": 0,
        "then": {"kind": "ProxyPage", "status": 502},
    }
    assert _send(wire, "DELETE", REQUESTS).status == 204
    assert not control_plane.requests


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b'{"name": NaN, "password": "p"}', {"name": "NaN", "password": "***"}),
        (b'{"name": [-1e400]}', {"name": ["-Infinity"]}),
        (b'{"name":' * 900 + b"1" + b"}" * 900, "<8101 bytes>"),
    ],
)
def test_requests_whose_bodies_cannot_be_shown(
    wire: Any, control_plane: ControlPlane, body: bytes, shown: Any
) -> None:
    headers = {"Content-Type": "application/json", **wire.authorization()}
    assert wire.send("POST", PROJECTS, body, headers).status == 400
    (request,) = wire.send("GET", REQUESTS).json()["requests"]
    assert request["body"] == shown
    with pytest.raises(AssertionError, match="called never"):
        control_plane.requests.assert_called(GET)


def test_reset(wire: Any, control_plane: ControlPlane) -> None:
    control_plane.faults.add("*", Status(503))
    control_plane.respond(GET, 204)
    wire.call("GET", PROJECTS)
    assert _send(wire, "POST", "/_control_plane/reset").status == 204
    assert not control_plane.requests
    assert not control_plane.faults
    assert wire.call("GET", PROJECTS).status == 200


def test_summary(wire: Any, control_plane: ControlPlane) -> None:
    wire.call("GET", PROJECTS)
    assert _send(wire, "GET", "/_control_plane").json() == {
        "version": "2.24",
        "url": control_plane.url,
        "requests": 1,
        "faults": 0,
    }


def test_clock(wire: Any, open_wire: Any) -> None:
    with ControlPlane(token_lifetime=600) as control_plane:
        wire = open_wire(control_plane)
        authorization = wire.authorization()
        assert wire.send("GET", PROJECTS, None, authorization).status == 200
        assert _send(wire, "POST", "/_control_plane/clock", {"advance": 601}).status == 204
        assert wire.send("GET", PROJECTS, None, authorization).status == 401


def test_below_a_path_prefix(open_wire: Any) -> None:
    with ControlPlane(path_prefix="/runai") as control_plane:
        wire = open_wire(control_plane)
        for path in ("/_control_plane", "/runai/_control_plane", "/", "/runai/"):
            assert wire.send("GET", path).status == 200
        assert not control_plane.requests


@pytest.mark.parametrize("path", ["/_control_plane", FAULTS, REQUESTS, "/"])
@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({"Origin": "http://127.0.0.1"}, "without the Origin header"),
        ({"Origin": "null"}, "without the Origin header"),
        ({"Host": "attacker.example"}, "Host is 'attacker.example'"),
        ({"Host": "127.0.0.1.attacker.example:80"}, "Host is '127.0.0.1.attacker.example:80'"),
        ({"Host": "localhost.attacker.example"}, "Host is"),
        ({"Host": "[::1"}, "Host is '[::1'"),
        ({"Host": "10.0.0.1"}, "Host is '10.0.0.1'"),
        ({"Host": "a@127.0.0.1@b"}, "Host is"),
        ({"Host": ""}, "Host is ''"),
    ],
)
def test_web_pages_from_elsewhere_are_refused(
    control_plane: ControlPlane, path: str, headers: dict[str, str], message: str
) -> None:
    request = urllib.request.Request(control_plane.url + path, headers=headers)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=20)
    with refused.value:
        assert refused.value.code == 403
        assert message in json.loads(refused.value.read())["message"]


@pytest.mark.parametrize("host", ["127.0.0.1:80", "localhost", "LOCALHOST:1", "[::1]:80"])
def test_names_of_this_machine(control_plane: ControlPlane, host: str) -> None:
    request = urllib.request.Request(f"{control_plane.url}/_control_plane", headers={"Host": host})
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert answer.status == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "said"),
    [
        ("GET", "/_control_plane/", 404, "there are /_control_plane, /_control_plane/clock"),
        ("GET", "/_control_plane/fault", 404, "Nothing is at '/_control_plane/fault'"),
        ("PUT", FAULTS, 405, "PUT is not known at /_control_plane/faults, which has GET, POST"),
        ("GET", "/_control_plane/reset", 405, "which has POST"),
    ],
)
def test_what_there_is_not(wire: Any, method: str, path: str, status: int, said: str) -> None:
    answer = wire.send(method, path)
    assert answer.status == status
    assert said in answer.json()["message"]
    if status == 405:
        assert answer.json()["message"].endswith(f"has {answer.headers['Allow']}")


@pytest.mark.parametrize(
    ("path", "content", "said"),
    [
        (FAULTS, [], "the document is []: give an object"),
        (FAULTS, {"scope": GET}, "fault is missing: give scope and fault"),
        (FAULTS, {"fault": {"kind": "ExpireTokens"}}, "scope is missing"),
        (FAULTS, {"scope": GET, "fault": "Status"}, "fault is 'Status': give an object"),
        (FAULTS, {"scope": GET, "fault": {"kind": "status"}}, "fault.kind is 'status': give one"),
        (FAULTS, {"scope": GET, "fault": {"kind": ["x"]}}, "fault.kind is ['x']"),
        (FAULTS, {"scope": GET, "fault": {}}, "fault.kind is None: give one of Status, WrongJson"),
        (FAULTS, {"scope": GET, "fault": {"kind": "Status"}}, "fault.status is missing"),
        (
            FAULTS,
            {"scope": GET, "fault": {"kind": "Status", "code": 1}},
            "fault has 'code', which is not known: there are status, headers, body",
        ),
        (
            FAULTS,
            {"scope": GET, "fault": {"kind": "ExpireTokens", "x": 1}},
            "there are no arguments",
        ),
        (FAULTS, {"scope": 5, "fault": {"kind": "ProxyPage"}}, "scope is 5"),
        (FAULTS, {"scope": "x.y", "fault": {"kind": "ProxyPage"}}, "has no operation 'x.y'"),
        (FAULTS, {"scope": GET, "fault": {"kind": "ProxyPage"}, "time": 1}, "has 'time', which"),
        (FAULTS, {"scope": GET, "fault": {"kind": "ProxyPage"}, "times": 0}, "times=0"),
        (FAULTS, {"scope": GET, "fault": {"kind": "ProxyPage"}, "times": True}, "times is True"),
        (FAULTS, {"scope": GET, "fault": {"kind": "ProxyPage"}, "rate": "1"}, "rate is '1'"),
        (FAULTS, {"scope": GET, "fault": {"kind": "ProxyPage", "status": "x"}}, "status is 'x'"),
        (FAULTS, {"scope": GET, "fault": {"kind": "ProxyPage", "status": 99}}, "status 99 is no"),
        (
            FAULTS,
            {"scope": GET, "fault": {"kind": "Status", "status": 503, "headers": {"a": "b\r\nc"}}},
            "headers.a is 'b\\r\\nc': give one line",
        ),
        (
            FAULTS,
            {"scope": GET, "fault": {"kind": "Status", "status": 503, "headers": {"Age": 1}}},
            "fault.headers.Age is 1: give a string",
        ),
        (FAULTS, {"scope": GET, "fault": {"kind": "WrongJson", "body": None}}, "body None is no"),
        (
            FAULTS,
            {"scope": GET, "fault": {"kind": "Status", "status": 503, "body": {"base64": "*"}}},
            "fault.body.base64 cannot be decoded",
        ),
        (FAULTS, {"scope": GET, "fault": {"kind": "WrongJson", "body": 1}}, "fault.body is 1"),
        (FAULTS, {"scope": GET, "fault": {"kind": "Drop", "reset": 1}}, "fault.reset is 1"),
        (FAULTS, {"scope": GET, "fault": {"kind": "Drop", "when": 1}}, "fault.when is 1"),
        (
            FAULTS,
            {"scope": GET, "fault": {"kind": "Delay", "seconds": 1, "then": {"kind": "x"}}},
            "fault.then.kind is 'x'",
        ),
        (FAULTS, {"scope": "*", "fault": {"kind": "Drop", "when": "connect"}}, "for ever: give"),
        (f"{FAULTS}/seed", {"seed": "x"}, "seed is 'x': give a whole number"),
        (f"{FAULTS}/seed", {"seed": 1.5}, "seed is 1.5: give a whole number"),
        (f"{FAULTS}/seed", {"seed": math.inf}, "seed is inf: give a whole number"),
        (f"{FAULTS}/seed", None, "None is no such order"),
        ("/_control_plane/clock", {"advance": 1, "x": 2}, 'give {"advance": <number>}'),
        ("/_control_plane/clock", {"advance": math.inf}, "seconds=inf: time would be beyond"),
        ("/_control_plane/clock", {"advance": 1e12}, "beyond the year 9998"),
        ("/_control_plane/clock", {"advance": 10**400}, "beyond the year 9998"),
    ],
)
def test_orders_that_cannot_be_carried_out(
    wire: Any, control_plane: ControlPlane, path: str, content: Any, said: str
) -> None:
    answer = _send(wire, "POST", path, content)
    assert answer.status == 400
    assert said in answer.json()["message"]
    assert not control_plane.faults


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 100_000])
def test_bodies_that_are_no_json(wire: Any, body: bytes) -> None:
    answer = wire.send("POST", FAULTS, body)
    assert answer.status == 400
    assert answer.json()["message"].startswith("POST /_control_plane/faults: ")


def test_connections_may_be_dropped_for_a_while(wire: Any, control_plane: ControlPlane) -> None:
    drop = {"kind": "Drop", "when": "connect"}
    assert _send(wire, "POST", FAULTS, {"scope": "*", "fault": drop, "times": 2}).status == 204
    assert _send(wire, "POST", FAULTS, {"scope": "*", "fault": drop, "every": 2}).status == 204
    assert len(control_plane.faults.rules) == 2


EXAMPLES: list[Fault] = [
    Status(429, {"Retry-After": "1"}, b"busy"),
    Status(503),
    WrongJson(b"\xff\x00", 201),
    ProxyPage(200),
    SlowBody(5, 0.5),
    Drop("after", reset=True, sent=None),
    CutBody(3, chunked=True),
    CutBody(),
    ExpireTokens(),
    RevokeToken(),
    ClockSkew(-3.5),
    TokenAnswer("null", 60),
    Delay(2, Status(200, {}, b"\xe2\x82\xac")),
    Delay(0.5),
]


def test_there_is_an_example_of_each_kind() -> None:
    assert {type(example) for example in EXAMPLES} == set(get_args(Fault))


@pytest.mark.parametrize("fault", EXAMPLES, ids=repr)
def test_each_fault_and_its_document(fault: Fault) -> None:
    document = json.loads(json.dumps(document_of(fault)))
    assert document["kind"] == type(fault).__name__
    assert set(document) == {"kind", *(field.name for field in dataclasses.fields(fault))}
    assert fault_of(document) == fault


@pytest.mark.parametrize("fault", EXAMPLES, ids=repr)
def test_what_a_fault_has_by_default_may_be_left_out(fault: Fault) -> None:
    left = {
        field.name: getattr(fault, field.name)
        for field in dataclasses.fields(fault)
        if field.default is field.default_factory is dataclasses.MISSING
    }
    assert fault_of({"kind": type(fault).__name__, **left}) == type(fault)(**left)


def test_the_faults_of_the_readme(wire: Any, control_plane: ControlPlane) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    orders = re.findall(r"""[`'](\{"scope": "[^`']*\})[`']""", readme)
    assert len(orders) == 7
    for order in orders:
        answer = wire.send("POST", FAULTS, order.encode())
        assert answer.status == 204, answer.body
    assert len(control_plane.faults.rules) == 7
