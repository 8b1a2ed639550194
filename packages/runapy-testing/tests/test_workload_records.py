"""What is told of workloads besides their phases: deleted ones, totals, URLs, kinds, revisions."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from checked_calls import CheckedCalls

WORKLOADS = "/api/v1/workloads"
SECOND = "/api/v2/workloads"
TYPES = "/api/v1/workload-types"
INFERENCES = f"{WORKLOADS}/inferences"


class Tenant(CheckedCalls):
    def get(self, target: str) -> Any:
        return self.call("GET", target)

    def project(self, name: str = "team", deserved: float | None = None) -> str:
        gpu = {"deserved": deserved, "limit": None}
        resource = {"nodePool": {"id": "1", "name": "default"}, "gpu": gpu}
        quota = [{**resource, "cpu": {}, "memory": {"units": "Mib"}}]
        resources = [] if deserved is None else quota
        body = {"name": name, "clusterId": self.cluster, "resources": resources}
        return str(self.call("POST", "/api/v1/org-unit/projects", body)["id"])

    def submit(
        self, project: str, name: str, kind: str = "trainings", gpus: float = 1, **spec: Any
    ) -> str:
        """The id of a new workload."""
        body = {
            "name": name,
            "projectId": project,
            "clusterId": self.cluster,
            "spec": {"image": "image:1", "compute": {"gpuDevicesRequest": gpus}, **spec},
        }
        return str(self.call("POST", f"{WORKLOADS}/{kind}", body)["workloadId"])

    def submit_manifest(self, project: str, text: str, **metadata: Any) -> tuple[int, Any]:
        """The answer to a new workload that is described by YAML."""
        encoded = base64.b64encode(text.encode()).decode()
        meta = {"projectId": project, "clusterId": self.cluster, **metadata}
        body = {"metadata": meta, "manifestBase64Encoded": encoded}
        status, text = self.send("POST", SECOND, body)
        return status, json.loads(text)

    def call_as_viewer_of(self, project: str) -> None:
        """Make all calls from now on as an application that sees one project."""
        made = self.call("POST", "/api/v1/apps", {"name": "robot"})
        roles = self.get("/api/v1/authorization/roles")
        rule = {
            "subjectId": made["id"],
            "subjectType": "app",
            "roleId": next(each["id"] for each in roles if each["name"] == "Viewer"),
            "scopeType": "project",
            "scopeId": project,
        }
        self.call("POST", "/api/v1/authorization/access-rules", rule)
        credentials = {"grantType": "client_credentials", "clientID": made["clientId"]}
        secret = made.get("clientSecret") or made["secret"]
        answer = self.call("POST", "/api/v1/token", {**credentials, "clientSecret": secret})
        self.token = answer["accessToken"]

    def names(self, query: str = "") -> list[str]:
        """Of the listed workloads."""
        return [each["name"] for each in self.get(f"{WORKLOADS}{query}")["workloads"]]


@pytest.fixture
def tenant() -> Iterator[Tenant]:
    with closing(Tenant()) as tenant:
        yield tenant


def test_a_deleted_workload_is_listed_as_such_alone(tenant: Tenant) -> None:
    project = tenant.project()
    identity = tenant.submit(project, "gone")
    tenant.submit(project, "stays")
    tenant.advance(10)
    tenant.call("DELETE", f"{WORKLOADS}/trainings/{identity}")
    tenant.advance(5)
    for path in (f"{WORKLOADS}/{identity}", f"{WORKLOADS}/trainings/{identity}"):
        assert tenant.send("GET", path)[0] == 404
    assert tenant.names() == tenant.names("?deleted=false") == ["stays"]
    assert tenant.get(f"{WORKLOADS}/count")["count"] == 1
    assert tenant.get(f"{WORKLOADS}/count?deleted=true")["count"] == 1
    [gone] = tenant.get(f"{WORKLOADS}?deleted=true")["workloads"]
    assert (gone["id"], gone["name"], gone["phase"]) == (identity, "gone", "Deleting")
    assert gone["deletedAt"] == gone["phaseUpdatedAt"] == "2023-11-14T22:13:30.000Z"
    assert (gone["runningPods"], gone["allocatedResources"]["gpu"]) == (0, 0)
    assert (gone["totalRunningTimeSeconds"], gone["completedAt"]) == (7, None)


def test_a_deleted_workload_that_had_completed_says_when(tenant: Tenant) -> None:
    identity = tenant.submit(tenant.project(), "t")
    tenant.advance(100)
    tenant.call("DELETE", f"{WORKLOADS}/trainings/{identity}")
    [gone] = tenant.get(f"{WORKLOADS}?deleted=true")["workloads"]
    assert gone["completedAt"] == "2023-11-14T22:14:23.000Z"
    assert gone["deletedAt"] == "2023-11-14T22:15:00.000Z"


def test_deleted_workloads_are_filtered_sorted_and_paged(tenant: Tenant) -> None:
    project = tenant.project()
    for name in ("b", "c", "a"):
        tenant.call("DELETE", f"{WORKLOADS}/trainings/{tenant.submit(project, name)}")
        tenant.advance(1)
    assert tenant.names("?deleted=true") == ["b", "c", "a"]
    assert tenant.names("?deleted=true&sortBy=name&limit=2") == ["a", "b"]
    assert tenant.names("?deleted=true&sortBy=deletedAt&sortOrder=desc") == ["a", "c", "b"]
    assert tenant.names("?deleted=true&filterBy=name==c") == ["c"]
    assert tenant.names("?deleted=true&search=B") == ["b"]
    assert tenant.get(f"{WORKLOADS}?deleted=true&limit=2")["next"] == 2
    assert tenant.get(f"{WORKLOADS}/count?deleted=true&filterBy=name!=c")["count"] == 2


def test_what_a_deleted_workload_had_is_free_again(tenant: Tenant) -> None:
    project = tenant.project(deserved=1)
    identity = tenant.submit(project, "w", "workspaces")
    waiting = tenant.submit(project, "next", "workspaces")
    tenant.advance(10)
    tenant.call("DELETE", f"{WORKLOADS}/workspaces/{identity}")
    again = tenant.submit(project, "w", "workspaces")
    tenant.advance(1)
    assert tenant.get(f"{WORKLOADS}/{waiting}")["phase"] == "Running"
    for each in (waiting, again):
        tenant.call("DELETE", f"{WORKLOADS}/workspaces/{each}")
    tenant.send("DELETE", f"/api/v1/org-unit/projects/{project}")
    assert tenant.get("/api/v1/org-unit/projects")["projects"] == []
    assert tenant.names("?deleted=true") == ["w", "next", "w"]


def test_the_past_of_a_deleted_workload_stays(tenant: Tenant) -> None:
    identity = tenant.submit(tenant.project(), "t")
    tenant.advance(10)
    [pod] = tenant.get(f"{WORKLOADS}/{identity}/pods")["pods"]
    tenant.call("DELETE", f"{WORKLOADS}/trainings/{identity}")
    records = tenant.get(f"{WORKLOADS}/{identity}/history")["records"]
    updates = [each["spec"]["phaseUpdate"] for each in records if "phaseUpdate" in each["spec"]]
    assert [each["phase"] for each in updates][-2:] == ["Running", "Deleting"]
    event = tenant.get(f"{WORKLOADS}/{identity}/events")["events"][0]
    assert (event["reason"], event["type"]) == ("Deleted", "Normal")
    assert tenant.send("GET", f"{WORKLOADS}/{identity}/pods")[0] == 404
    assert tenant.get(f"{WORKLOADS}/pods")["pods"] == []
    for path in (f"{WORKLOADS}/pods", f"{WORKLOADS}/{identity}/pods"):
        [gone] = tenant.get(f"{path}?deleted=true")["pods"]
        assert (gone["id"], gone["deletedAt"]) == (pod["id"], "2023-11-14T22:13:30.000Z")
    assert tenant.get(f"{WORKLOADS}/pods/count?deleted=true")["count"] == 1


def test_pods_of_a_completed_workload_go_with_it(tenant: Tenant) -> None:
    identity = tenant.submit(tenant.project(), "t")
    tenant.advance(100)
    assert tenant.get(f"{WORKLOADS}/pods/count")["count"] == 1
    tenant.call("DELETE", f"{WORKLOADS}/trainings/{identity}")
    assert tenant.get(f"{WORKLOADS}/pods/count")["count"] == 0
    [pod] = tenant.get(f"{WORKLOADS}/pods?deleted=true")["pods"]
    assert (pod["k8sPhase"], pod["completedAt"]) == ("Succeeded", "2023-11-14T22:14:23.000Z")


def test_only_who_sees_a_project_sees_what_was_deleted_in_it(tenant: Tenant) -> None:
    projects = [tenant.project(name) for name in ("a", "b")]
    kinds = ("trainings", "inferences")
    identities = {}
    for project, letter in zip(projects, "ab"):
        for kind in kinds:
            identity = identities[kind + letter] = tenant.submit(project, kind + letter, kind)
            tenant.advance(3)
            tenant.call("DELETE", f"{WORKLOADS}/{kind}/{identity}")
    of_other = tenant.get(f"{INFERENCES}/{identities['inferencesb']}/revisions?deleted=true")
    tenant.call_as_viewer_of(projects[0])
    assert tenant.names("?deleted=true") == ["trainingsa", "inferencesa"]
    assert tenant.get(f"{WORKLOADS}/count?deleted=true")["count"] == 2
    pods = tenant.get(f"{WORKLOADS}/pods?deleted=true")["pods"]
    assert {pod["projectName"] for pod in pods} == {"a"}
    for letter, status in (("a", 200), ("b", 404)):
        for part in ("history", "events", "pods?deleted=true"):
            path = f"{WORKLOADS}/{identities['trainings' + letter]}/{part}"
            assert tenant.send("GET", path)[0] == status
        path = f"{INFERENCES}/{identities['inferences' + letter]}/revisions?deleted=true"
        assert tenant.send("GET", path)[0] == status
    for each in of_other["revisions"]:
        assert tenant.send("GET", f"{INFERENCES}/revisions/{each['id']}")[0] == 404


def test_deleted_workloads_survive_a_restart(tenant: Tenant) -> None:
    project = tenant.project()
    identity = tenant.submit(project, "t")
    tenant.advance(10)
    tenant.call("DELETE", f"{WORKLOADS}/trainings/{identity}")
    before = tenant.get(f"{WORKLOADS}?deleted=true")
    events = tenant.get(f"{WORKLOADS}/{identity}/events")
    state = tenant.control_plane.state
    dumped = json.loads(json.dumps(state.dump()))
    tenant.control_plane.reset()
    assert tenant.names("?deleted=true") == []
    state.restore(dumped)
    assert tenant.get(f"{WORKLOADS}?deleted=true") == before
    assert tenant.get(f"{WORKLOADS}/{identity}/events") == events
    assert tenant.names() == []


def test_totals_are_those_of_the_moment(tenant: Tenant) -> None:
    project = tenant.project(deserved=1)
    runs = tenant.submit(project, "runs", "workspaces")
    waits = tenant.submit(project, "waits", "workspaces")

    def totals() -> dict[str, tuple[int, int]]:
        listed = tenant.get(WORKLOADS)["workloads"]
        found = [tenant.get(f"{WORKLOADS}/{identity}") for identity in (runs, waits)]
        told = [
            {
                each["name"]: (each["totalPendingTimeSeconds"], each["totalRunningTimeSeconds"])
                for each in some
            }
            for some in (listed, found)
        ]
        assert told[0] == told[1]
        return told[0]

    tenant.advance(13)
    assert totals() == {"runs": (1, 10), "waits": (11, 0)}
    tenant.advance(7.5)
    assert totals() == {"runs": (1, 17), "waits": (18, 0)}
    tenant.call("POST", f"{WORKLOADS}/workspaces/{runs}/suspend")
    tenant.advance(100)
    assert totals() == {"runs": (1, 17), "waits": (20, 98)}


def test_totals_are_filtered_and_sorted_by_as_they_are_shown(tenant: Tenant) -> None:
    project = tenant.project()
    for name in ("old", "new"):
        tenant.submit(project, name, "workspaces")
        tenant.names("?sortBy=totalRunningTimeSeconds")
        tenant.advance(10)
    # 17 and 7 seconds.
    assert tenant.names("?sortBy=totalRunningTimeSeconds") == ["new", "old"]
    assert tenant.names("?filterBy=totalRunningTimeSeconds>=10") == ["old"]
    counted = f"{WORKLOADS}/count?filterBy=totalRunningTimeSeconds>="
    assert [tenant.get(f"{counted}{least}")["count"] for least in (7, 8, 17, 18)] == [2, 1, 1, 0]
    tenant.advance(10)
    assert tenant.get(f"{counted}17")["count"] == 2


def test_a_running_workspace_has_the_urls_of_its_tools(tenant: Tenant) -> None:
    identity = tenant.submit(
        tenant.project(),
        "w",
        "workspaces",
        exposedUrls=[
            {"container": 8888, "toolType": "jupyter-notebook", "toolName": "Jupyter"},
            {"container": 6006, "url": "https://board.example/w", "toolType": "tensorboard"},
            {"container": 1, "exclude": True},
        ],
        ports=[
            {"container": 22, "serviceType": "NodePort", "external": 30022, "toolType": "ssh"},
            {"container": 23, "serviceType": "ClusterIP"},
        ],
        relatedUrls=[{"url": "https://wandb.example/run", "type": "wandb"}],
    )
    assert tenant.get(f"{WORKLOADS}/{identity}")["urls"] == []
    tenant.advance(3)
    shown = tenant.get(f"{WORKLOADS}/{identity}")
    assert shown["urls"] == [
        "https://cluster.example/team/w/8888",
        "https://board.example/w",
        "cluster.example:30022",
    ]
    assert [tuple(each.values()) for each in shown["externalConnections"]] == [
        ("Jupyter", "jupyter-notebook", "ExternalUrl", "https://cluster.example/team/w/8888", 8888),
        ("tensorboard", "tensorboard", "ExternalUrl", "https://board.example/w", 6006),
        ("ssh", "ssh", "NodePort", "cluster.example:30022", 22),
        ("wandb", "wandb", "ExternalUrl", "https://wandb.example/run"),
    ]
    tenant.call("POST", f"{WORKLOADS}/workspaces/{identity}/suspend")
    assert tenant.get(f"{WORKLOADS}/{identity}")["urls"] == []


def test_the_urls_of_inferences_are_those_of_their_serving_ports(tenant: Tenant) -> None:
    project = tenant.project()
    served = tenant.submit(project, "i", "inferences", servingPort={"container": 8000})
    local = tenant.submit(
        project,
        "l",
        "inferences",
        servingPort={"container": 8000, "clusterLocalAccessOnly": True},
    )
    tenant.advance(3)
    urls = [tenant.get(f"{WORKLOADS}/{each}")["urls"] for each in (served, local)]
    assert urls == [["https://i-runai-team.cluster.example"], []]


def test_types_of_workloads_are_there_from_the_start(tenant: Tenant) -> None:
    types = {each["name"]: each for each in tenant.get(TYPES)["types"]}
    assert {"Training", "Workspace", "Distributed", "Inference", "PyTorchJob"} < types.keys()
    categories = tenant.get("/api/v1/workload-categories")["categories"]
    priorities = tenant.get("/api/v1/workload-priorities")["priorities"]
    for each in types.values():
        assert {"id": each["categoryId"], "name": each["categoryName"]}.items() <= next(
            category.items() for category in categories if category["id"] == each["categoryId"]
        )
        named = {priority["id"]: priority["name"] for priority in priorities}
        assert named[each["priorityId"]] == each["priorityName"]
        assert tenant.get(f"{TYPES}/{each['id']}") == each
    workspace = types["Workspace"]
    identity = tenant.submit(tenant.project(), "w", "workspaces")
    shown = tenant.get(f"{WORKLOADS}/{identity}")
    assert (shown["category"], shown["priorityClassName"]) == (
        workspace["categoryName"],
        workspace["priorityName"],
    )


def test_types_of_workloads_can_be_found_and_changed(tenant: Tenant) -> None:
    [job] = tenant.get(f"{TYPES}?filterBy=name==PyTorchJob")["types"]
    assert (job["group"], job["categoryName"]) == ("kubeflow.org", "Train")
    external = [each["name"] for each in tenant.get(f"{TYPES}?externalTypesOnly=true")["types"]]
    assert "PyTorchJob" in external
    assert "Training" not in external
    categories = tenant.get("/api/v1/workload-categories")["categories"]
    build = next(each["id"] for each in categories if each["name"] == "Build")
    body = {"categoryId": build, "priorityId": job["priorityId"]}
    tenant.call("PUT", f"{TYPES}/{job['id']}", body)
    assert tenant.get(f"{TYPES}/{job['id']}")["categoryName"] == "Build"


def test_priorities_of_workloads_are_there_from_the_start(tenant: Tenant) -> None:
    path = "/api/v1/workload-priorities"
    priorities = tenant.get(path)["priorities"]
    assert {each["name"]: each["value"] for each in priorities} == {
        "very-low": 25,
        "low": 40,
        "medium-low": 65,
        "medium": 80,
        "medium-high": 90,
        "high": 125,
        "very-high": 150,
    }
    query = "?sortBy=value&sortOrder=desc&filterBy=value<=80,name=@low"
    found = [each["name"] for each in tenant.get(path + query)["priorities"]]
    assert found == ["medium-low", "low", "very-low"]


def test_priorities_of_projects_have_one_default(tenant: Tenant) -> None:
    priorities = tenant.get("/api/v1/org-unit/priorities")["priorities"]
    assert [each["name"] for each in priorities if each["isDefault"]] == ["Normal"]
    values = [each["value"] for each in priorities]
    assert values == sorted(set(values))


JOB = """\
# Two of these make one too large for a GPU.
apiVersion: kubeflow.org/v1
kind: PyTorchJob
metadata:
  name: fine-tune
  namespace: runai-team
spec:
  pytorchReplicaSpecs:
    Master:
      replicas: 1
      template:
        spec:
          containers:
            - name: pytorch
              image: trainer:2
              resources: {limits: {nvidia.com/gpu: 1}, requests: {cpu: 500m}}
    Worker:
      replicas: 3
      template:
        spec:
          containers:
            - name: pytorch
              image: trainer:2
              resources:
                limits:
                  nvidia.com/gpu: "2"
                  memory: 1Gi
"""


def test_a_manifest_in_yaml_is_read(tenant: Tenant) -> None:
    pytest.importorskip("yaml")
    status, made = tenant.submit_manifest(tenant.project(), JOB)
    assert status < 300, made
    [shown] = tenant.get(WORKLOADS)["workloads"]
    assert (shown["name"], shown["type"], shown["namespace"]) == (
        "fine-tune",
        "PyTorchJob",
        "runai-team",
    )
    resources = shown["workloadRequestedResources"]
    assert (resources["gpu"]["request"], resources["cpu"]["request"]) == (7, 0.5)
    assert resources["cpuMemory"]["request"] == str(3 * 2**30)
    assert (shown["requestedPods"]["number"], shown["images"]) == (4, ["trainer:2"])
    tenant.advance(3)
    pods = tenant.get(f"{WORKLOADS}/{shown['id']}/pods")["pods"]
    assert [pod["name"] for pod in pods] == [
        *("fine-tune-master-0", "fine-tune-worker-0", "fine-tune-worker-1", "fine-tune-worker-2")
    ]
    tenant.advance(60)
    assert tenant.get(f"{WORKLOADS}/{shown['id']}")["phase"] == "Completed"


def test_the_replicas_of_a_manifest_in_json_count(tenant: Tenant) -> None:
    container = {"name": "c", "image": "i", "resources": {"limits": {"nvidia.com/gpu": 1}}}
    manifest = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "d"},
        "spec": {"replicas": 3, "template": {"spec": {"containers": [container] * 2}}},
    }
    metadata = {"projectId": tenant.project(), "clusterId": tenant.cluster}
    tenant.call("POST", SECOND, {"metadata": metadata, "manifest": manifest})
    [shown] = tenant.get(WORKLOADS)["workloads"]
    assert (shown["name"], shown["category"]) == ("d", "Deploy")
    assert shown["workloadRequestedResources"]["gpu"]["request"] == 6
    assert shown["requestedPods"]["number"] == 3


@pytest.mark.parametrize("text", ["kind: [", "just words", "- a list", "\x00"])
def test_a_manifest_that_is_none_is_refused(tenant: Tenant, text: str) -> None:
    pytest.importorskip("yaml")
    status, answer = tenant.submit_manifest(tenant.project(), text)
    assert status == 400
    assert "manifestBase64Encoded" in str(answer["details"])
    assert tenant.names() == []


def test_each_change_of_an_inference_is_a_revision(tenant: Tenant) -> None:
    identity = tenant.submit(tenant.project(), "i", "inferences", command="serve")
    path = f"{INFERENCES}/{identity}/revisions"
    [first] = tenant.get(path)["revisions"]
    assert (first["workloadId"], first["createdAt"]) == (identity, "2023-11-14T22:13:20.000Z")
    tenant.advance(10)
    change = {"image": "image:2", "compute": {"gpuDevicesRequest": 2}}
    tenant.call("PATCH", f"{INFERENCES}/{identity}", {"spec": change})
    tenant.advance(5)
    older, newer = tenant.get(path)["revisions"]
    assert tenant.get(f"{path}/count")["count"] == 2
    assert (older["id"], older["name"], newer["name"]) == (first["id"], "i-00001", "i-00002")
    assert newer["id"] != older["id"]
    assert newer["createdAt"] == older["phaseUpdatedAt"] == "2023-11-14T22:13:30.000Z"
    assert (older["images"], newer["images"]) == (["image:1"], ["image:2"])
    gpus = [each["revisionRequestedResources"]["gpu"]["request"] for each in (older, newer)]
    assert gpus == [1, 2]
    assert (older["phase"], older["runningPods"]) == ("Stopped", 0)
    assert (newer["phase"], newer["runningPods"]) == ("Running", 1)
    assert (newer["command"], newer["projectId"]) == ("serve", first["projectId"])


def test_a_revision_is_got_with_what_became_of_it(tenant: Tenant) -> None:
    identity = tenant.submit(tenant.project(), "i", "inferences")
    tenant.advance(10)
    tenant.call("PATCH", f"{INFERENCES}/{identity}", {"spec": {"image": "image:2"}})
    tenant.control_plane.state.life.fail(identity, "no memory left")
    older, newer = tenant.get(f"{INFERENCES}/{identity}/revisions")["revisions"]
    told = {}
    for each in (older, newer):
        path = f"{INFERENCES}/revisions/{each['id']}"
        assert tenant.get(path) == each
        events = tenant.get(f"{path}/events?sortOrder=asc")["events"]
        told[each["name"]] = [event["reason"] for event in events]
        records = tenant.get(f"{path}/history")["records"]
        assert len([record for record in records if record["meta"]["type"] == "Event"]) == len(
            events
        )
    assert told == {
        "i-00001": ["Submitted", "Created", "Scheduled", "Started"],
        "i-00002": ["Failed"],
    }
    paths = [f"{INFERENCES}/revisions/{each['id']}/pods" for each in (older, newer)]
    assert [len(tenant.get(path)["pods"]) for path in paths] == [0, 1]
    unknown = f"{INFERENCES}/revisions/{identity}"
    assert [tenant.send("GET", unknown + end)[0] for end in ("", "/pods", "/events")] == [404] * 3


def test_revisions_survive_a_restart_and_their_inference(tenant: Tenant) -> None:
    identity = tenant.submit(tenant.project(), "i", "inferences")
    tenant.advance(10)
    tenant.call("PATCH", f"{INFERENCES}/{identity}", {"spec": {"image": "image:2"}})
    path = f"{INFERENCES}/{identity}/revisions"
    before = tenant.get(path)
    state = tenant.control_plane.state
    state.restore(json.loads(json.dumps(state.dump())))
    assert tenant.get(path) == before
    tenant.call("DELETE", f"{INFERENCES}/{identity}")
    assert tenant.send("GET", path)[0] == 404
    gone = tenant.get(f"{path}?deleted=true")["revisions"]
    assert [each["deletedAt"] for each in gone] == ["2023-11-14T22:13:30.000Z"] * 2


def test_only_inferences_have_revisions(tenant: Tenant) -> None:
    identity = tenant.submit(tenant.project(), "t")
    assert tenant.send("GET", f"{INFERENCES}/{identity}/revisions")[0] == 404
