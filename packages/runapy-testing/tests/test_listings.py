from __future__ import annotations

import http.client
import json
import random
from contextlib import closing
from typing import Any
from urllib.parse import quote, urlsplit

from runai.testing import ControlPlane

START = 1_700_000_000.0
PROJECTS = "/api/v1/org-unit/projects"
TRAININGS = "/api/v1/workloads/trainings"
WORKLOADS = "/api/v1/workloads"
QUERIES = [
    f"{WORKLOADS}?filterBy={quote('phase==Running')}",
    f"{WORKLOADS}?filterBy={quote('phase==Completed')}",
    f"{WORKLOADS}?filterBy={quote('phase!=Running,name=@-1', safe=',')}&sortBy=name&sortOrder=desc",
    f"{WORKLOADS}?filterBy={quote('createdAt>=2023-11-14T22:14:00Z')}&sortBy=createdAt",
    f"{WORKLOADS}?search=TEAM-1&sortBy=type",
    f"{WORKLOADS}?filterBy={quote('completedAt>=2023-11-14T22:15:00Z')}",
    f"{WORKLOADS}?limit=3&offset=2&sortOrder=desc",
    f"{WORKLOADS}/count?filterBy={quote('projectName==team-0')}",
    f"{PROJECTS}?sortBy=name&sortOrder=desc",
    f"{PROJECTS}?filterBy={quote('name=$0')}",
]


class Caller:
    """Calls a control plane, whose answers are all of success."""

    def __init__(self, control_plane: ControlPlane) -> None:
        self._token = control_plane.tokens.issue()
        host = urlsplit(control_plane.url).netloc
        self._connection = http.client.HTTPConnection(host, timeout=20)

    def __call__(self, method: str, target: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        if body is None:
            del headers["Content-Type"]
        content = None if body is None else json.dumps(body)
        self._connection.request(method, target, content, headers)
        response = self._connection.getresponse()
        text = response.read()
        assert response.status < 300, text
        return json.loads(text) if text else None

    def close(self) -> None:
        self._connection.close()


def test_lists_that_were_asked_before_show_every_change() -> None:
    choose = random.Random(0)
    with ControlPlane(clock=lambda: START) as control_plane, closing(Caller(control_plane)) as send:
        cluster = send("GET", "/api/v1/clusters")[0]["uuid"]
        projects = [_project(send, cluster, f"team-{number}") for number in range(3)]
        workloads: list[str] = []
        for number in range(120):
            step = choose.choice("create create create delete suspend describe wait".split())
            if step == "create" or not workloads:
                body = {
                    "name": f"workload-{number}",
                    "clusterId": cluster,
                    "projectId": choose.choice(projects),
                    "spec": {"image": "x/y", "compute": {"gpuDevicesRequest": 1}},
                }
                workloads.append(send("POST", TRAININGS, body)["workloadId"])
            elif step == "delete":
                send("DELETE", f"{TRAININGS}/{workloads.pop(choose.randrange(len(workloads)))}")
            elif step == "suspend":
                control_plane.state.life.go_on()
                chosen = choose.choice(workloads)
                if send("GET", f"{WORKLOADS}/{chosen}")["phase"] in ("Running", "Pending"):
                    send("POST", f"{TRAININGS}/{chosen}/suspend")
            elif step == "describe":
                other = {"description": f"of step {number}", "resources": []}
                send("PUT", f"{PROJECTS}/{choose.choice(projects)}", other)
            else:
                control_plane.clock.advance(choose.choice((0.5, 3, 20)))
            # Not every list after every change: some take note of several at once.
            for query in choose.sample(QUERIES, 3):
                send("GET", query)
        shown = [send("GET", query) for query in QUERIES]
        assert all(each.get("workloads", True) for each in shown)
        dumped = json.loads(json.dumps(control_plane.state.dump()))
    with ControlPlane(clock=lambda: START) as anew, closing(Caller(anew)) as send:
        anew.state.restore(dumped)
        assert [send("GET", query) for query in QUERIES] == shown


def test_a_page_of_many_makes_the_forms_of_that_page_alone() -> None:
    with ControlPlane(clock=lambda: START) as control_plane, closing(Caller(control_plane)) as send:
        cluster = send("GET", "/api/v1/clusters")[0]["uuid"]
        project = _project(send, cluster, "team")
        made = [
            control_plane.state.create(
                TRAININGS,
                {
                    "name": f"workload-{number:03}",
                    "clusterId": cluster,
                    "projectId": project,
                    "spec": {"image": "x/y", "compute": {"gpuDevicesRequest": 1}},
                },
            )
            for number in range(300)
        ]
        control_plane.clock.advance(10)
        filters = quote("type==Training,phase==Pending", safe=",")
        query = f"?limit=10&sortBy=name&sortOrder=desc&search=workload&filterBy={filters}"
        page = send("GET", f"{WORKLOADS}{query}")["workloads"]
        assert [each["name"] for each in page] == [f"workload-{n:03}" for n in range(299, 289, -1)]
        assert sum(bool(record.views) for record in made) == 10


def _project(send: Caller, cluster: str, name: str) -> str:
    return str(send("POST", PROJECTS, {"name": name, "clusterId": cluster, "resources": []})["id"])


def test_pages_of_templates_say_where_the_next_one_is() -> None:
    path = "/api/v1/workload-templates"
    with ControlPlane() as control_plane, closing(Caller(control_plane)) as send:
        for number in range(5):
            meta = {"name": f"template-{number}", "scopeType": "tenant"}
            send("POST", f"{path}/workspaces", {"meta": meta, "spec": {"image": "x/y"}})
        names: list[str] = []
        offset: int | None = 0
        while offset is not None:
            page = send("GET", f"{path}?limit=2&offset={offset}")
            names += [each["meta"]["name"] for each in page["entries"]]
            assert page["pagination"]["offset"] == offset
            assert page["pagination"]["limit"] == 2
            offset = page["pagination"].get("nextOffset")
        assert names == [f"template-{number}" for number in range(5)]
