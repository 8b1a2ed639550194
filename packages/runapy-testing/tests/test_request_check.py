"""Each check with a request that it lets pass and one that it refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runai.testing.specification import Schemas
from runai.testing.text_values import read_scalar

PROJECTS = "/api/v1/org-unit/projects"
UUID = "7f3b8a52-6d0e-4c1b-9a55-0b1d2e3f4a5b"
PROJECT = {"name": "vision", "clusterId": UUID, "resources": []}


@pytest.mark.parametrize(
    "query",
    [
        "limit=1",
        "limit=500",
        "offset=0",
        "offset=2147483647",
        "sortOrder=desc",
        "search=",
        "search=a%26b%3Dc",
        "search=caf%C3%A9+au+lait",
        "filterBy=name%3D%3Da",
        "filterBy=name==a,clusterId!=b",
        "filterBy=name==a%2Cb",
    ],
)
def test_query_that_passes(wire: Any, query: str) -> None:
    assert wire.call("GET", f"{PROJECTS}?{query}").status == 200


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("limit=0", "limit: 0 does not meet minimum 1"),
        ("limit=501", "limit: 501 does not meet maximum 500"),
        ("limit=abc", "limit: 'abc' does not meet type 'integer'"),
        ("limit=1.5", "limit: '1.5'"),
        ("limit=01", "limit: '01'"),
        ("limit=", "limit: ''"),
        ("limit=1&limit=2", "limit: given 2 times: 1, 2"),
        ("offset=2147483648", "offset: 2147483648 does not meet format 'int32'"),
        ("sortOrder=DESC", "sortOrder: 'DESC' does not meet enum"),
        ("filterBy=", "filterBy[0]: ''"),
        ("filterBy=name==a%0A", "filterBy[0]: 'name==a\\n' does not meet pattern"),
        ("filterBy=name==a,bogus", "filterBy[1]: 'bogus' does not meet pattern"),
        ("filterBy=name==a&filterBy=name==b", "filterBy: given 2 times"),
        ("file_type=x", "file_type: not known"),
        ("Limit=1", "Limit: not known"),
        ("search=%zz", "% without two hexadecimal digits"),
        ("search=%ff", "not UTF-8"),
        ("%ff=1", "not UTF-8"),
    ],
)
def test_query_that_is_refused(wire: Any, control_plane: Any, query: str, named: str) -> None:
    reply = wire.call("GET", f"{PROJECTS}?{query}")

    assert reply.status == 400
    content = reply.json()
    assert content["code"] == 400
    assert content["message"] == "projects.get_projects: bad request"
    assert named in content["details"]
    assert [named in problem for problem in control_plane.requests[0].problems] == [True]


@pytest.mark.parametrize("text", ["1e999", "-1e999"])
def test_number_that_is_not_finite(text: str) -> None:
    assert read_scalar(text, {"type": "number"}, Schemas({})) == text
    assert read_scalar("1e9", {"type": "number"}, Schemas({})) == 1e9


def test_all_problems_are_told(wire: Any, control_plane: Any) -> None:
    wire.call("GET", f"{PROJECTS}?limit=0&offset=x&bogus=1")
    assert len(control_plane.requests[0].problems) == 3


METRICS = f"/api/v1/clusters/{UUID}/metrics"
SPAN = "start=2025-01-01T00:00:00Z&end=2025-01-01T01:00:00%2B01:00"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        (f"{SPAN}&metricType=TOTAL_GPU", 200),
        (f"{SPAN}&metricType=TOTAL_GPU,GPU_UTILIZATION", 200),
        ("start=2025-01-01T00:00:00.123z&end=2025-01-01T00:00:60Z&metricType=TOTAL_GPU", 200),
        (f"{SPAN}", 400),
        (f"{SPAN}&metricType=BOGUS", 400),
        ("start=2025-01-01T00:00:00&end=2025-01-01T00:00:00Z&metricType=TOTAL_GPU", 400),
        ("start=2025-01-01&end=2025-01-01T00:00:00Z&metricType=TOTAL_GPU", 400),
        ("start=2025-02-30T00:00:00Z&end=2025-01-01T00:00:00Z&metricType=TOTAL_GPU", 400),
        ("start=2025-01-01T00:00:00Z&end=2025-01-01T00:00:00+01:00&metricType=TOTAL_GPU", 400),
        ("start=2025-01-01T00:00:00Z&end=2025-01-01T00:00:00%2B24:00&metricType=TOTAL_GPU", 400),
    ],
)
def test_required_enum_and_date_time(wire: Any, query: str, status: int) -> None:
    assert wire.call("GET", f"{METRICS}?{query}").status == status


def test_boolean_is_exact(wire: Any) -> None:
    statuses = {
        text: wire.call("GET", f"/api/v1/workloads?deleted={text}").status
        for text in ("true", "false", "True", "1", "")
    }
    assert statuses == {"true": 200, "false": 200, "True": 400, "1": 400, "": 400}


def test_path_parameter_is_one_decoded_segment(wire: Any, control_plane: Any) -> None:
    target = "/api/v1/node-pools/my_pool%2F..%3Fx%3D%C3%A9"
    assert wire.call("DELETE", target).status == 202
    recorded = control_plane.requests[0]
    assert recorded.target == target
    assert recorded.path_parameters == {"nodepoolId": "my_pool/..?x=é"}


def test_path_parameter_is_checked(wire: Any) -> None:
    assert wire.call("GET", f"/api/v1/clusters/{UUID}").status == 200
    reply = wire.call("GET", "/api/v1/clusters/not-a-uuid")
    assert reply.status == 400
    assert (
        "path parameter clusterUuid: 'not-a-uuid' does not meet format" in reply.json()["details"]
    )


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("GET", "/api/v1/no-such-thing", 404),
        ("GET", "/api/v1/clusters//metrics", 404),
        ("GET", f"{PROJECTS}/", 404),
        ("GET", f"/{PROJECTS}", 404),
        ("POST", "/", 404),
        ("GET", "/api/v1/clusters/{}", 400),
        ("GET", "/api/v1/clusters/%zz", 400),
        ("PATCH", PROJECTS, 405),
        ("HEAD", PROJECTS, 405),
        ("OPTIONS", PROJECTS, 405),
        ("BREW", PROJECTS, 405),
    ],
)
def test_unknown_paths_and_methods(
    wire: Any, control_plane: Any, method: str, target: str, status: int
) -> None:
    reply = wire.call(method, target)

    assert reply.status == status
    assert control_plane.requests[0].target == target
    assert control_plane.requests[0].problems
    if method == "HEAD":
        assert reply.body == b""
    elif status == 400:
        assert set(reply.json()) == {"code", "message", "details"}
    else:
        assert reply.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert reply.body.decode() == f"{control_plane.requests[0].problems[0]}\n"
    assert reply.headers["Allow"] == ("GET, POST" if status == 405 else None)


def test_body_that_passes(wire: Any) -> None:
    assert wire.call("POST", PROJECTS, PROJECT).status == 201


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"clusterId": "x"}, "body.clusterId: 'x' does not meet format 'uuid'"),
        ({"name": 1}, "body.name: 1 does not meet type"),
        ({"bogus": 1}, "'bogus' was unexpected"),
        ({"nodeTypes": {"bogus": 1}}, "body.nodeTypes: Additional properties"),
        ({"resources": [{"nodePool": {"bogus": 1}}]}, "body.resources[0].nodePool: Additional"),
    ],
)
def test_body_that_is_refused(wire: Any, change: dict[str, Any], named: str) -> None:
    reply = wire.call("POST", PROJECTS, {**PROJECT, **change})
    assert reply.status == 400
    assert named in reply.json()["details"]


def test_body_without_a_required_property(wire: Any) -> None:
    reply = wire.call("POST", PROJECTS, {"name": "vision", "resources": []})
    assert reply.status == 400
    assert "body: 'clusterId' is a required property" in reply.json()["details"]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b"{", "body: Expecting"),
        (b'{"name": NaN}', "NaN is not JSON"),
        (b'{"name": -Infinity}', "-Infinity is not JSON"),
        (b'{"name": 1e999}', "1e999 is out of the range of numbers"),
        (b'{"name": -1e999}', "-1e999 is out of the range of numbers"),
        (b'{"name": "a", "name": "b"}', "'name' is given more than once"),
        (b'{"name": "\xff"}', "body: 'utf-8' codec"),
        (b"\xef\xbb\xbf{}", "BOM"),
        (b"[" * 100_000, "nested too deeply"),
        (b"1" * 5000, "body: "),
        (json.dumps(json.dumps(PROJECT)).encode(), "does not meet type 'object'"),
        (b"null", "body: None does not meet type"),
        (b"", "body: required and missing"),
        (b"", "body: Content-Type 'application/json' and no body"),
    ],
)
def test_broken_json_is_refused(wire: Any, body: bytes, named: str) -> None:
    headers = {"Content-Type": "application/json", **wire.authorization()}
    reply = wire.send("POST", PROJECTS, body, headers)
    assert reply.status == 400
    assert named in reply.json()["details"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "application/json"}, 201),
        ({"Content-Type": "Application/JSON; charset=UTF-8"}, 201),
        ({"Content-Type": "application/json; charset=latin-1"}, 400),
        ({"Content-Type": "text/plain"}, 400),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 400),
        ({}, 400),
        ({"Content-Type": "application/json", "Content-Encoding": "gzip"}, 400),
    ],
)
def test_content_type(wire: Any, headers: dict[str, str], status: int) -> None:
    body = json.dumps(PROJECT).encode()
    assert wire.send("POST", PROJECTS, body, {**headers, **wire.authorization()}).status == status


def test_body_where_none_is_taken(wire: Any) -> None:
    assert wire.call("GET", PROJECTS).status == 200
    reply = wire.call("GET", PROJECTS, {})
    assert reply.status == 400
    assert "takes none, 2 bytes were sent" in reply.json()["details"]


def test_content_type_without_a_body(wire: Any, control_plane: Any) -> None:
    headers = {"Content-Type": "application/json"}
    assert wire.call("GET", PROJECTS, headers=headers).status == 400
    problem = "body: Content-Type 'application/json' and no body"
    assert control_plane.requests[0].problems == (problem,)


def test_optional_body(wire: Any) -> None:
    target = "/v1/k8s/auth/oauth/apptoken"
    assert wire.call("POST", target).status == 401
    reply = wire.call("POST", target, {"id": "x"})
    assert reply.status == 400
    assert "'secret' is a required property" in reply.json()["details"]


@pytest.mark.parametrize(
    ("form", "named"),
    [
        ("grant_type=client_credentials&client_id=a%20b&bogus=1", "'bogus' was unexpected"),
        ("client_id=a", "'grant_type' is a required property"),
        ("grant_type=bogus", "body.grant_type: 'bogus' does not meet enum"),
        ("grant_type=password&grant_type=password", "given more than once"),
        ("grant_type=%ff", "not UTF-8"),
    ],
)
def test_form_that_is_refused(wire: Any, form: str, named: str) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    reply = wire.send("POST", "/api/v2/token", form.encode(), headers)
    assert reply.status == 400
    # As RFC 6749 has it, section 5.2.
    assert reply.json()["error"] == "invalid_request"
    assert named in reply.json()["error_description"]


def test_read_only_property(wire: Any) -> None:
    target = "/api/v1/notification-state"
    # Required of answers, and still not asked for where it must not be sent.
    assert wire.call("PATCH", target, {}).status == 200
    reply = wire.call("PATCH", target, {"enabled": True})
    assert reply.status == 400
    assert (
        "body.enabled: True must not be sent, the property is read-only" in reply.json()["details"]
    )
