from __future__ import annotations

import logging
from typing import Any

import pytest

from runai.testing import ControlPlane
from runai.testing.faults import Delay, Drop, Status
from runai.testing.recording import RecordedRequests

GET = "projects.get_projects"
CREATE = "projects.create_project"
PROJECTS = "/api/v1/org-unit/projects"
CREDENTIALS = "/api/v1/asset/credentials/password"


def _message(requests: RecordedRequests, *arguments: Any, **expected: Any) -> str:
    with pytest.raises(AssertionError) as failure:
        requests.assert_called(*arguments, **expected)
    return str(failure.value)


def _project(name: str, gpus: int = 2) -> dict[str, Any]:
    return {
        "name": name,
        "clusterId": "0b7d2c5e-94f1-4a36-8e0d-c3a91f6e7b20",
        "resources": [{"nodePool": {"id": "1", "name": "default"}, "gpu": {"deserved": gpus}}],
    }


def test_calls_that_came(wire: Any, control_plane: ControlPlane) -> None:
    requests = control_plane.requests
    wire.call("GET", f"{PROJECTS}?limit=10&offset=20")
    wire.call("GET", f"{PROJECTS}/42")
    wire.call("POST", PROJECTS, _project("vision"))
    wire.call("POST", PROJECTS, _project("speech"))
    first, second = requests.assert_called(CREATE)
    assert (first.json()["name"], second.json()["name"]) == ("vision", "speech")
    assert requests.assert_called(CREATE, times=2) == [first, second]
    assert requests.assert_called(CREATE, times=1, body={"name": "speech"}) == [second]
    assert requests.assert_called(CREATE, times=0, body={"name": "audio"}) == []
    assert requests.assert_called(CREATE, body={"resources": [{"gpu": {"deserved": 2}}]})
    assert requests.assert_called(GET, query={"limit": 10}, times=1, status=200)
    assert requests.assert_called("projects.get_project", path={"projectId": "42"})
    assert requests.last(CREATE) is second
    assert requests.last(GET).query == {"limit": 10, "offset": 20}


def test_a_body_that_is_no_json() -> None:
    with pytest.raises(ValueError, match="Expecting value"):
        _recorded(b"name=vision").json()


def test_what_came_instead_is_listed_in_order(wire: Any, control_plane: ControlPlane) -> None:
    control_plane.faults.add(CREATE, Delay(0, Status(503)), skip=1, times=1)
    wire.call("POST", PROJECTS, _project("vision"))
    wire.call("POST", PROJECTS, _project("speech"))
    wire.call("GET", f"{PROJECTS}?limit=x")
    wire.call("GET", "/unknown")
    status = control_plane.requests[0].status
    lines = _message(control_plane.requests, CREATE, times=1, body={"name": "audio"}).splitlines()
    assert lines[0] == (
        'projects.create_project with body {"name": "audio"}: expected once, '
        "called never; what came in, oldest first:"
    )
    assert lines[1].startswith(f"  1. POST {PROJECTS} -> {status} {CREATE} ")
    assert '{"name": "vision", "clusterId":' in lines[1]
    assert lines[2] == '       differs: body.name is "vision", expected was "audio"'
    assert lines[3].startswith(f"  2. POST {PROJECTS} -> 503 {CREATE} (fault: Delay) ")
    assert lines[4] == '       differs: body.name is "speech", expected was "audio"'
    assert lines[5].startswith(f"  3. GET {PROJECTS}?limit=x -> 400 {GET} (refused: query")
    assert lines[6].startswith("  4. GET /unknown -> 404 (refused: No operation has the path")
    assert len(lines) == 7


@pytest.mark.parametrize(
    ("expected", "note"),
    [
        ({"status": 409}, "status is 200, expected was 409"),
        ({"query": {"limit": 5}}, "query.limit is 10, expected was 5"),
        ({"query": {"search": "x"}}, "query.search is missing"),
        ({"body": {"name": "x"}}, 'body is null, expected was {"name": "x"}'),
    ],
)
def test_the_first_difference_is_named(
    wire: Any, control_plane: ControlPlane, expected: dict[str, Any], note: str
) -> None:
    wire.call("GET", f"{PROJECTS}?limit=10")
    assert f"differs: {note}" in _message(control_plane.requests, GET, **expected)


@pytest.mark.parametrize(
    ("body", "note"),
    [
        ({"resources": []}, "body.resources has 1 items, expected were 0"),
        (
            {"resources": [{"gpu": {"deserved": 3}}]},
            "body.resources[0].gpu.deserved is 2, expected was 3",
        ),
        ({"resources": {"gpu": 3}}, "body.resources is [{"),
    ],
)
def test_differences_inside_a_body(
    wire: Any, control_plane: ControlPlane, body: Any, note: str
) -> None:
    wire.call("POST", PROJECTS, _project("vision"))
    assert f"differs: {note}" in _message(control_plane.requests, CREATE, body=body)


def test_a_number_of_calls_that_is_another(wire: Any, control_plane: ControlPlane) -> None:
    wire.call("GET", PROJECTS)
    said = _message(control_plane.requests, GET, times=0)
    assert said.startswith("projects.get_projects: expected never, called once; what came")
    said = _message(control_plane.requests, GET, times=2)
    assert said.startswith("projects.get_projects: expected 2 times, called once; what came")


def test_nothing_came(control_plane: ControlPlane) -> None:
    with pytest.raises(AssertionError, match="once or more, called never; no request"):
        control_plane.requests.last(GET)


def test_of_many_requests_the_last_are_listed(wire: Any, control_plane: ControlPlane) -> None:
    for number in range(30):
        wire.call("GET", f"{PROJECTS}/{number}")
    said = _message(control_plane.requests, GET)
    assert "(10 older requests are left out)" in said
    assert "\n  11. GET /api/v1/org-unit/projects/10 " in said
    assert "/projects/9 " not in said


def test_bodies_are_abbreviated(wire: Any, control_plane: ControlPlane) -> None:
    wire.call("POST", PROJECTS, _project("vision" * 100))
    line = _message(control_plane.requests, GET).splitlines()[1]
    assert line.endswith("visionvis...")
    assert len(line) < 400


def test_an_answer_that_never_left(open_raw: Any, control_plane: ControlPlane) -> None:
    control_plane.faults.add(GET, Drop("during"), times=1)
    raw = open_raw(control_plane)
    raw.send()
    raw.rest()
    said = _message(control_plane.requests, GET, times=0)
    assert said.endswith(f"1. GET {PROJECTS} -> no answer {GET} (fault: Drop)")


def test_misspelled_operations_do_not_pass() -> None:
    requests = RecordedRequests(["projects.get_projects"])
    with pytest.raises(ValueError, match=r"no operation 'project\.get_projects'"):
        requests.assert_called("project.get_projects", times=0)
    with pytest.raises(ValueError, match=r"no operation 'project\.get_projects'"):
        requests.of("project.get_projects")
    assert requests.assert_called("projects.get_projects", times=0) == []
    assert requests.of("projects.get_projects") == []


def test_secrets_are_hidden(wire: Any, control_plane: ControlPlane, caplog: Any) -> None:
    caplog.set_level(logging.INFO, "runai.testing.recording")
    grant = {"grantType": "client_credentials", "clientID": "me", "clientSecret": "se cret-1"}
    credential = {
        "meta": {"name": "db", "scope": "tenant"},
        "spec": {"user": "admin", "password": "se cret-2"},
        "environmentVariables": [{"name": "WANDB_API_KEY", "value": "se cret-3"}],
    }
    wire.call("POST", "/api/v1/token", grant, {"Authorization": "Bearer se-cret-5"})
    refused = wire.call("POST", "/api/v1/token", {**grant, "clientSecret": ["se cret-4"]})
    wire.call("POST", CREDENTIALS, credential)
    wire.call("GET", f"{PROJECTS}?access_token=se%20cret-6&limit=1")
    form = b"grant_type=client_credentials&client_id=me&client_secret=se+cret-7"
    wire.send("POST", "/api/v2/token", form, {"Content-Type": "application/x-www-form-urlencoded"})
    requests = control_plane.requests
    assert "body.clientSecret: *** does not meet type 'string'" in refused.json()["details"]
    said = f"{requests[:]} {refused.body!r}"
    said += _message(requests, "nodes.get_nodes")
    said += _message(requests, "credentials.create_password", body={"spec": {"password": "x y z"}})
    said += caplog.text
    assert "cret-" not in said
    assert "x y z" not in said
    assert '"clientID": "me", "clientSecret": "***"}' in said
    assert "differs: body.spec.password is another" in said
    assert "access_token=***&limit=1" in said


def test_requests_are_logged(wire: Any, control_plane: ControlPlane, caplog: Any) -> None:
    wire.call("GET", PROJECTS)
    assert not caplog.records
    caplog.set_level(logging.INFO, "runai.testing")
    wire.call("GET", PROJECTS)
    assert caplog.messages == [f"GET {PROJECTS} -> 200 {GET}"]


def _recorded(body: bytes) -> Any:
    from email.message import Message

    from runai.testing.recording import RecordedRequest

    return RecordedRequest("POST", "/", Message(), body)
