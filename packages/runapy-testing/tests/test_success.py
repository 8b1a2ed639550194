from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from runai.testing.answers import Refusal
from runai.testing.success import negotiated

PROJECTS = "/api/v1/org-unit/projects"
UUID = "7f3b8a52-6d0e-4c1b-9a55-0b1d2e3f4a5b"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/csv", "text/csv"),
        ("TEXT/CSV", "text/csv"),
        ("text/*", "text/csv"),
        ("application/json, text/csv", "application/json"),
        ("application/json;q=0.5, text/csv", "text/csv"),
        ("application/json;q=0, */*", "text/csv"),
        ("text/csv;q=x, */*;q=0.1", "application/json"),
        ("image/png, */*;q=0.1", "application/json"),
    ],
)
def test_negotiation(accept: str, chosen: str) -> None:
    assert negotiated(accept, {"text/csv": True, "application/json": True}) == chosen


@pytest.mark.parametrize("accept", ["image/png", "application/json;q=0", "application"])
def test_nothing_acceptable(accept: str) -> None:
    with pytest.raises(Refusal) as refused:
        negotiated(accept, {"application/json": True})
    assert refused.value.status == 406


def test_nothing_acceptable_over_the_wire(wire: Any) -> None:
    reply = wire.call("GET", PROJECTS, headers={"Accept": "text/csv"})
    assert reply.status == 406
    assert reply.json()["message"] == "Accept 'text/csv' allows none of: application/json"


METRICS = (
    f"/api/v1/clusters/{UUID}/metrics?metricType=TOTAL_GPU"
    "&start=2025-01-01T00:00:00Z&end=2025-01-01T01:00:00Z"
)


def test_csv_has_the_rows_of_the_json(wire: Any) -> None:
    as_json = wire.call("GET", METRICS, headers={"Accept": "application/json"})
    as_csv = wire.call("GET", METRICS, headers={"Accept": "text/csv"})
    assert as_csv.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(as_csv.body.decode())))
    assert [row["type"] for row in rows] == [
        item["type"] for item in as_json.json()["measurements"]
    ]


def test_echo_of_the_body(wire: Any) -> None:
    project = {
        "name": "vision",
        "clusterId": UUID,
        "description": "of the eyes",
        "schedulingRules": {"trainingJobTimeLimitSeconds": 7},
        "nodeTypes": None,
        "defaultNodePools": ["one", "two"],
        "resources": [],
    }
    content = wire.call("POST", PROJECTS, project).json()
    assert {name: content[name] for name in project} == project
    assert set(content) > set(project)


def test_echo_of_path_parameters(wire: Any) -> None:
    content = wire.call("GET", f"/api/v1/clusters/{UUID}").json()
    assert content["uuid"] == UUID


def test_identity_from_the_end_of_the_path(wire: Any) -> None:
    assert wire.call("GET", f"{PROJECTS}/42").json()["id"] == "42"


def test_path_parameters_in_items(wire: Any) -> None:
    pods = wire.call("GET", f"/api/v1/workloads/{UUID}/pods").json()["pods"]
    assert {pod["workloadId"] for pod in pods} == {UUID}


def _page(wire: Any, query: str) -> tuple[list[str], Any]:
    content = wire.call("GET", f"{PROJECTS}?{query}".rstrip("?")).json()
    return [project["id"] for project in content["projects"]], content.get("next")


def test_pages(wire: Any) -> None:
    whole, after = _page(wire, "")
    assert (len(set(whole)), after) == (5, None)
    assert _page(wire, "limit=2") == (whole[:2], 2)
    assert _page(wire, "limit=2&offset=2") == (whole[2:4], 4)
    assert _page(wire, "limit=2&offset=4") == (whole[4:], None)
    assert _page(wire, "limit=2&offset=3") == (whole[3:], None)
    assert _page(wire, "limit=2&offset=99") == ([], None)


def test_total_items(wire: Any, control_plane: Any) -> None:
    control_plane.total_items = 60
    first, after = _page(wire, "")
    assert (len(first), after) == (50, 50)
    control_plane.total_items = 0
    assert _page(wire, "") == ([], None)
    control_plane.reset()
    assert len(_page(wire, "")[0]) == 5


def test_pages_without_next(wire: Any) -> None:
    users = wire.call("GET", "/api/v1/users?limit=3&offset=3").json()
    assert len(users) == 2
    assert len(wire.call("GET", "/api/v1/nodes?limit=3").json()["nodes"]) == 3


def test_pages_that_say_where_the_next_one_is_in_an_object(wire: Any) -> None:
    seen: list[str] = []
    after: int | None = 0
    while after is not None:
        content = wire.call("GET", f"/api/v1/workload-templates?limit=2&offset={after}").json()
        seen += [entry["meta"]["id"] for entry in content["entries"]]
        place = content["pagination"]
        assert (place["offset"], place["limit"]) == (after, 2)
        after = place.get("nextOffset")
    assert len(set(seen)) == len(seen) == 5


def test_pages_of_the_audit_log(wire: Any) -> None:
    target = "/api/v1/audit/log?start=2025-01-01T00:00:00Z&end=2025-02-01T00:00:00Z"
    seen: list[Any] = []
    after: int | None = 0
    while after is not None:
        content = wire.call("GET", f"{target}&numberOfSamples=2&offset={after}").json()
        assert content["total"] == 5
        seen += content["audit_logs"]
        after = content.get("next")
    assert seen == wire.call("GET", target).json()["audit_logs"]
    assert len(seen) == 5
    assert "next" not in wire.call("GET", f"{target}&numberOfSamples=0").json()


def test_totals_beside_pages(wire: Any) -> None:
    content = wire.call("GET", "/api/v1/authorization/access-rules?limit=2&offset=4").json()
    assert (content["totalRecords"], content["displayRecords"]) == (5, 1)


def test_the_operation_says_the_default_limit(wire: Any, control_plane: Any) -> None:
    control_plane.total_items = 600
    assert len(wire.call("GET", "/api/v1/users").json()) == 500


def test_an_offset_before_the_first_item(wire: Any) -> None:
    answer = wire.call("GET", f"{PROJECTS}?offset=-1")
    assert answer.status == 400
    assert answer.json()["details"] == "query parameter offset: -1 is less than 0"


def test_presets_in_order_and_the_last_again(wire: Any, control_plane: Any) -> None:
    control_plane.respond("projects.get_projects", 503, {"Retry-After": "1"}, b"{")
    control_plane.respond("projects.get_projects", 200, {"content-type": "text/html"}, b"<p>")
    first = wire.call("GET", PROJECTS)
    assert (first.status, first.headers["Retry-After"], first.body) == (503, "1", b"{")
    assert first.headers.get_all("Content-Type") == ["application/json"]
    for _ in range(2):
        reply = wire.call("GET", PROJECTS)
        assert (reply.status, reply.body) == (200, b"<p>")
        assert reply.headers.get_all("Content-Type") == ["text/html"]
    assert wire.call("GET", f"{PROJECTS}/1").status == 200

    control_plane.reset()
    assert len(wire.call("GET", PROJECTS).json()["projects"]) == 5


def test_presets_do_not_hide_bad_requests(wire: Any, control_plane: Any) -> None:
    control_plane.respond("projects.get_projects", 204)
    assert wire.send("GET", PROJECTS).status == 401
    assert wire.call("GET", f"{PROJECTS}?limit=0").status == 400
    reply = wire.call("GET", PROJECTS)
    assert (reply.status, reply.body, reply.headers["Content-Type"]) == (204, b"", None)


def test_presets_of_token_endpoints(wire: Any, control_plane: Any) -> None:
    control_plane.respond("tokens.grant_token", 500, body=b"{}")
    headers = {"Content-Type": "application/json"}
    assert wire.send("POST", "/api/v1/token", b"{}", headers).status == 500


def test_presets_name_what_is_wrong(control_plane: Any) -> None:
    with pytest.raises(ValueError, match=r"2\.24 has no operation 'projects\.get_all'.*such as"):
        control_plane.respond("projects.get_all")
    with pytest.raises(ValueError, match="status 100 is no final answer"):
        control_plane.respond("projects.get_projects", 100)
    with pytest.raises(ValueError, match=r"body {'projects': \[\]} is no bytes: .*json.dumps"):
        control_plane.respond("projects.get_projects", body={"projects": []})
    with pytest.raises(ValueError, match=r"headers\.X-Name is '\u65e5'"):
        control_plane.respond("projects.get_projects", headers={"X-Name": "\u65e5"})


def test_recorded_requests(wire: Any, control_plane: Any) -> None:
    target = f"{PROJECTS}?limit=2&filterBy=name==a%2Cb,clusterId==x&search=a+b"
    wire.call("GET", target, headers={"X-Own": "1"})
    wire.call("POST", PROJECTS, {"name": "a"})

    first, second = control_plane.requests
    assert (first.method, first.target) == ("GET", target)
    assert first.query == {"limit": 2, "filterBy": ["name==a,b", "clusterId==x"], "search": "a b"}
    assert (first.headers["x-own"], first.status, first.problems) == ("1", 200, ())
    assert (second.body, second.status) == (b'{"name": "a"}', 400)
    assert control_plane.requests.of("projects.create_project") == [second]
    assert control_plane.requests[-1:] == [second]
    control_plane.requests.clear()
    assert len(control_plane.requests) == 0
