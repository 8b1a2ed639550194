"""Policies of several scopes: what is in force in a project, and what it does to workloads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from runai.api_client import ApiClient
from runai.exceptions import BadRequestException, NotFoundException
from runai.runai_client import RunaiClient
from runai.testing import ControlPlane

_BODIES = {
    "distributed_policy_v2": "distributed_policy_overwrite_request_v2",
    "inference_policy_v2": "inference_policy_overwrite_request_v2",
    "workspace_policy_v2": "workspace_policy_overwrite_request_v2",
}


class Tenant:
    """A project in a department in a cluster, and what a client does with their policies."""

    def __init__(self, client: RunaiClient[ApiClient], control_plane: ControlPlane) -> None:
        self.clock = control_plane.clock
        # Bodies are plain dicts here, put together from parts.
        self.client: Any = client
        self.policy: Any = self.client.policies.policy
        organizations: Any = self.client.organizations
        self.cluster = organizations.clusters.get_clusters().data[0]["uuid"]
        in_cluster = {"clusterId": self.cluster, "resources": []}
        made = organizations.departments.create_department({"name": "vision", **in_cluster})
        self.department = made.data["id"]
        self.project = self._project("cars", self.department)
        other = organizations.departments.create_department({"name": "speech", **in_cluster})
        self.other_project = self._project("words", other.data["id"])

    def _project(self, name: str, department: str) -> str:
        facts = {"name": name, "parentId": department, "clusterId": self.cluster, "resources": []}
        return str(self.client.organizations.projects.create_project(facts).data["id"])

    def place(self, scope: str) -> dict[str, Any]:
        """What says a scope, in a query or in the meta of a policy."""
        names: dict[str, dict[str, Any]] = {
            "tenant": {},
            "cluster": {"clusterId": self.cluster},
            "department": {"departmentId": self.department},
            "project": {"projectId": int(self.project)},
        }
        return {"scope": scope, **names[scope]}

    def write(self, scope: str, kind: str = "workspace_policy_v2", **policy: Any) -> Any:
        """Overwrite the policy of a scope."""
        body = {"meta": {"name": scope, **self.place(scope)}, "policy": policy}
        overwrite = getattr(self.policy, f"overwrite_{kind}")
        return overwrite(**{_BODIES[kind]: body}).data

    def read(self, scope: str, project: str | None = None) -> Any:
        """The workspace policy of a scope."""
        place = {"scope": scope, "project_id": project or self.project}
        if scope != "project":
            (other,) = (v for k, v in self.place(scope).items() if k != "scope")
            place = {"scope": scope, f"{scope}_id": other}
        return self.policy.get_workspace_policy_v2(**place).data

    def data_source(self, scope: str) -> str:
        """The id of a new data source of a scope, which is called like it."""
        meta = {"name": scope, **self.place(scope)}
        spec = {"server": "nfs", "path": "/a", "mountPath": "/b"}
        made = self.client.workload_assets.nfs.create_nfs_asset({"meta": meta, "spec": spec}).data
        return str(made["meta"]["id"])

    def submit(self, project: str | None = None, **spec: Any) -> Any:
        """The spec of a workspace that was submitted with this one."""
        body = {
            "name": f"workspace-{len(self._workloads())}",
            "projectId": project or self.project,
            "clusterId": self.cluster,
            "spec": spec,
        }
        made = self.client.workloads.workspaces.create_workspace1(body).data
        return self.client.workloads.workspaces.get_workspace(made["workloadId"]).data["spec"]

    def refused(self, project: str | None = None, **spec: Any) -> str:
        """Why a workspace with this spec is refused."""
        before = self._workloads()
        with pytest.raises(BadRequestException) as caught:
            self.submit(project, **spec)
        assert self._workloads() == before
        assert caught.value.data["code"] == 400
        return str(caught.value.data["details"])

    def _workloads(self) -> Any:
        return self.client.workloads.workloads.get_workloads().data["workloads"]


@pytest.fixture
def tenant() -> Iterator[Tenant]:
    with ControlPlane() as control_plane, ApiClient(control_plane.configuration()) as client:
        yield Tenant(RunaiClient(client), control_plane)


def test_effective_without_wider_ones(tenant: Tenant) -> None:
    rules = {"compute": {"gpuDevicesRequest": {"max": 2}}, "image": {"required": True}}
    written = tenant.write("project", defaults={"image": "ubuntu"}, rules=rules)
    read = tenant.read("project")
    assert read == written
    assert read["policy"] == {"defaults": {"image": "ubuntu"}, "rules": rules}
    source = {"scope": "project", "projectId": int(tenant.project)}
    assert read["effective"]["defaults"] == {"image": "ubuntu"}
    assert read["effective"]["rules"] == {
        "compute": {"gpuDevicesRequest": {"max": 2, "sourceOfRule": source}},
        "image": {"required": True, "sourceOfRule": source},
    }


def test_defaults_of_the_narrowest_scope_win(tenant: Tenant) -> None:
    for number, scope in enumerate(("tenant", "cluster", "department", "project"), 1):
        compute = {"cpuCoreRequest": number, "gpuDevicesRequest": number}
        if scope == "project":
            del compute["gpuDevicesRequest"]
        only_here = {"workingDir": "/home"} if scope == "tenant" else {}
        tenant.write(scope, defaults={"image": scope, "compute": compute, **only_here})
    effective = tenant.read("project")["effective"]["defaults"]
    assert effective == {
        "image": "project",
        "compute": {"cpuCoreRequest": 4, "gpuDevicesRequest": 3},
        "workingDir": "/home",
    }
    assert tenant.read("department")["effective"]["defaults"]["image"] == "department"
    assert tenant.read("cluster")["effective"]["defaults"]["image"] == "cluster"


def test_default_items_are_gathered(tenant: Tenant) -> None:
    def variables(**values: str) -> dict[str, Any]:
        items = [{"name": name, "value": value} for name, value in values.items()]
        return {"environmentVariables": {"instances": items}}

    tenant.write("tenant", defaults=variables(HOME="/tenant", PROXY="proxy"))
    tenant.write("project", defaults=variables(HOME="/project", SEED="1"))
    items = tenant.read("project")["effective"]["defaults"]["environmentVariables"]["instances"]
    assert {each["name"]: each["value"] for each in items} == {
        "HOME": "/project",
        "PROXY": "proxy",
        "SEED": "1",
    }


def test_which_rule_of_a_field_wins(tenant: Tenant) -> None:
    for number, scope in enumerate(("tenant", "cluster", "department", "project"), 1):
        rules = {
            "compute": {"gpuDevicesRequest": {"max": number}},
            "security": {"runAsUid": {"min": number}},
            "terminationGracePeriodSeconds": {"max": number},
        }
        if scope == "tenant":
            del rules["security"]
        tenant.write(scope, rules=rules)
    rules = tenant.read("project")["effective"]["rules"]
    project = {"scope": "project", "projectId": int(tenant.project)}
    cluster = {"scope": "cluster", "clusterId": tenant.cluster}
    # Strict rules are the wider scope's.
    assert rules["compute"]["gpuDevicesRequest"] == {"max": 1, "sourceOfRule": {"scope": "tenant"}}
    assert rules["security"]["runAsUid"] == {"min": 2, "sourceOfRule": cluster}
    assert rules["terminationGracePeriodSeconds"] == {"max": 4, "sourceOfRule": project}


def test_imposed_assets_add_up(tenant: Tenant) -> None:
    ids = {scope: tenant.data_source(scope) for scope in ("project", "tenant")}
    for scope, identity in ids.items():
        tenant.write(scope, imposedAssets=[identity])
    imposed = tenant.read("project")["effective"]["imposedAssets"]
    assert imposed == [ids["tenant"], ids["project"]]


def test_workloads_get_imposed_assets(tenant: Tenant) -> None:
    identity = tenant.data_source("department")
    tenant.write(
        "department",
        imposedAssets=[identity],
        rules={"storage": {"nfs": {"instances": {"locked": ["department"]}}}},
    )
    imposed = {"name": "department", "server": "nfs", "path": "/a", "mountPath": "/b"}
    own = {"name": "own", "server": "nfs", "path": "/c", "mountPath": "/d"}
    (item,) = tenant.submit()["storage"]["nfs"]
    assert imposed.items() <= item.items()
    items = tenant.submit(storage={"nfs": [own]})["storage"]["nfs"]
    assert [each["name"] for each in items] == ["department", "own"]
    assert "storage" not in tenant.submit(tenant.other_project)
    without = {"nfs": [{"name": "department", "exclude": True}]}
    assert "'department' is locked" in tenant.refused(storage=without)
    for role, part in (("worker", "spec"), ("master", "masterSpec")):
        tenant.write("project", "distributed_policy_v2", imposedAssets={role: [identity]})
        body = {
            "name": role,
            "projectId": tenant.project,
            "clusterId": tenant.cluster,
            "spec": {"distributedFramework": "PyTorch", "numWorkers": 1, "image": "ubuntu"},
            "masterSpec": {"image": "ubuntu"},
        }
        made = tenant.client.workloads.distributed.create_distributed(body).data
        assert [name for name in ("spec", "masterSpec") if made[name].get("storage")] == [part]


def test_what_is_in_force_where_there_is_no_policy(tenant: Tenant) -> None:
    with pytest.raises(NotFoundException):
        tenant.read("project")
    tenant.write("department", defaults={"image": "ubuntu"})
    read = tenant.read("project")
    assert read["effective"] == {"defaults": {"image": "ubuntu"}}
    assert "meta" not in read
    assert "policy" not in read
    for scope, project in (("project", tenant.other_project), ("cluster", None)):
        with pytest.raises(NotFoundException):
            tenant.read(scope, project)
    with pytest.raises(NotFoundException):
        tenant.policy.delete_workspace_policy(scope="project", project_id=tenant.project)


def test_time_of_what_is_in_force(tenant: Tenant) -> None:
    first = tenant.write("project", defaults={"image": "ubuntu"})
    assert first["effectiveUpdatedAt"] == first["meta"]["updatedAt"]
    tenant.clock.advance(60)
    later = tenant.write("tenant", defaults={"image": "debian"})["meta"]["updatedAt"]
    assert later > first["meta"]["updatedAt"]
    assert tenant.read("project")["effectiveUpdatedAt"] == later


def test_a_scope_may_name_what_it_is_part_of(tenant: Tenant) -> None:
    tenant.write("project", defaults={"image": "ubuntu"})
    place = {"scope": "project", "project_id": tenant.project, "cluster_id": tenant.cluster}
    assert tenant.policy.get_workspace_policy_v2(**place).data["meta"]["name"] == "project"


@pytest.mark.parametrize(
    ("body", "needed"),
    [({"meta": {"name": "policy", "scope": "project"}}, "projectId"), ({"policy": {}}, "scope")],
)
def test_a_policy_needs_a_scope(tenant: Tenant, body: dict[str, Any], needed: str) -> None:
    with pytest.raises(BadRequestException) as caught:
        tenant.policy.overwrite_workspace_policy_v2(workspace_policy_overwrite_request_v2=body)
    assert f"body.meta {needed}: missing" in caught.value.data["details"]
    assert tenant.policy.list_policies().data["policies"] == []
    with pytest.raises(BadRequestException):
        tenant.policy.get_workspace_policy_v2(scope="project")


def test_workloads_get_defaults(tenant: Tenant) -> None:
    tenant.write(
        "tenant",
        defaults={
            "image": "ubuntu",
            "compute": {"cpuCoreRequest": 2, "gpuDevicesRequest": 1},
            "environmentVariables": {
                "instances": [{"name": "HOME", "value": "/home"}, {"name": "A", "value": "a"}]
            },
            "ports": {"attributes": {"serviceType": "NodePort"}},
        },
    )
    spec = tenant.submit(
        compute={"cpuCoreRequest": 4},
        environmentVariables=[{"name": "A", "exclude": True}, {"name": "B", "value": "b"}],
        ports=[{"container": 80}],
    )
    assert spec["image"] == "ubuntu"
    assert spec["compute"]["cpuCoreRequest"] == 4
    assert spec["compute"]["gpuDevicesRequest"] == 1
    names = {each["name"]: each["value"] for each in spec["environmentVariables"]}
    assert names == {"HOME": "/home", "B": "b"}
    assert [(each["container"], each["serviceType"]) for each in spec["ports"]] == [
        (80, "NodePort")
    ]
    # Policies are of one type of workload.
    body = {"name": "training", "projectId": tenant.project, "clusterId": tenant.cluster}
    trainings = tenant.client.workloads.trainings
    made = trainings.create_training1({**body, "spec": {"image": "debian"}}).data
    assert "gpuDevicesRequest" not in (made["spec"].get("compute") or {})


@pytest.mark.parametrize(
    ("rules", "good", "bad", "said"),
    [
        (
            {"compute": {"gpuDevicesRequest": {"max": 2}}},
            {"compute": {"gpuDevicesRequest": 2}},
            {"compute": {"gpuDevicesRequest": 3}},
            "body.spec.compute.gpuDevicesRequest: 3 is more than 2",
        ),
        (
            {"compute": {"cpuMemoryRequest": {"min": "1Gi"}}},
            {"compute": {"cpuMemoryRequest": "2G"}},
            {"compute": {"cpuMemoryRequest": "900M"}},
            "body.spec.compute.cpuMemoryRequest: '900M' is less than 1Gi",
        ),
        (
            {"compute": {"cpuCoreRequest": {"min": 1, "step": 0.5}}},
            {"compute": {"cpuCoreRequest": 2.5}},
            {"compute": {"cpuCoreRequest": 1.2}},
            "body.spec.compute.cpuCoreRequest: 1.2 is not 1 and a multiple of 0.5",
        ),
        (
            {"image": {"options": [{"value": "ubuntu"}, {"value": "debian"}]}},
            {"image": "debian"},
            {"image": "arch"},
            "body.spec.image: 'arch' is none of ubuntu, debian",
        ),
        (
            {"nodePools": {"options": [{"value": "default"}]}},
            {"nodePools": ["default"]},
            {"nodePools": ["default", "fast"]},
            "body.spec.nodePools: 'fast' is none of default",
        ),
        ({"image": {"required": True}}, {"image": "a"}, {}, "body.spec.image: is missing"),
        (
            {"workingDir": {"canEdit": False}},
            {},
            {"workingDir": "/mine"},
            "body.spec.workingDir: may not be given",
        ),
        (
            {"environmentVariables": {"instances": {"canAdd": False}}},
            {"environmentVariables": []},
            {"environmentVariables": [{"name": "A", "value": "a"}]},
            "body.spec.environmentVariables: 'A' may not be added",
        ),
        (
            {"storage": {"hostPath": {"attributes": {"path": {"options": [{"value": "/a"}]}}}}},
            {"storage": {"hostPath": [{"path": "/a", "mountPath": "/b"}]}},
            {"storage": {"hostPath": [{"path": "/c", "mountPath": "/b"}]}},
            "body.spec.storage.hostPath[0].path: '/c' is none of /a",
        ),
    ],
)
def test_rules_refuse(
    tenant: Tenant,
    rules: dict[str, Any],
    good: dict[str, Any],
    bad: dict[str, Any],
    said: str,
) -> None:
    tenant.submit(**bad)
    tenant.write("department", rules=rules)
    tenant.submit(**good)
    details = tenant.refused(**bad)
    assert said in details
    assert f"department {tenant.department}" in details
    tenant.submit(tenant.other_project, **bad)
    tenant.policy.delete_workspace_policy(scope="department", department_id=tenant.department)
    tenant.submit(**bad)


def test_defaults_that_rules_protect(tenant: Tenant) -> None:
    tenant.write(
        "cluster",
        defaults={
            "workingDir": "/home",
            "environmentVariables": {"instances": [{"name": "HOME", "value": "/home"}]},
        },
        rules={
            "workingDir": {"canEdit": False, "required": True},
            "environmentVariables": {"instances": {"locked": ["HOME"], "canAdd": False}},
        },
    )
    variables = [{"name": "HOME", "value": "/home"}]
    spec = tenant.submit(workingDir="/home", environmentVariables=variables)
    assert spec["workingDir"] == "/home"
    assert tenant.submit()["environmentVariables"] == variables
    assert "'B' may not be added" in tenant.refused(environmentVariables=[{"name": "B"}])
    assert "'/mine' is not /home" in tenant.refused(workingDir="/mine")
    for item in ({"name": "HOME", "value": "/mine"}, {"name": "HOME", "exclude": True}):
        assert "'HOME' is locked" in tenant.refused(environmentVariables=[item])


def test_every_problem_is_said_at_once(tenant: Tenant) -> None:
    tenant.write("tenant", rules={"compute": {"gpuDevicesRequest": {"max": 2}}})
    tenant.write("project", rules={"image": {"required": True}})
    details = tenant.refused(compute={"gpuDevicesRequest": 3})
    assert "gpuDevicesRequest: 3 is more than 2 (policy of the tenant)" in details
    assert f"image: is missing (policy of project {tenant.project})" in details


def test_default_items_do_not_replace_others(tenant: Tenant) -> None:
    shared = {"path": "/shared", "mountPath": "/shared"}
    tenant.write("tenant", defaults={"storage": {"hostPath": {"instances": [shared]}}})
    twice = [{"path": "/data", "mountPath": place} for place in ("/a", "/b")]
    spec = tenant.submit(storage={"hostPath": twice})
    mounts = [each["mountPath"] for each in spec["storage"]["hostPath"]]
    assert mounts == ["/shared", "/a", "/b"]


def test_distributed_training(tenant: Tenant) -> None:
    tenant.write(
        "project",
        "distributed_policy_v2",
        defaults={"worker": {"image": "ubuntu"}, "master": {"image": "debian"}},
        rules={
            "worker": {"numWorkers": {"max": 2}},
            "master": {"compute": {"gpuDevicesRequest": {"max": 1}}},
        },
    )
    distributed = tenant.client.workloads.distributed
    body: dict[str, Any] = {
        "name": "training",
        "projectId": tenant.project,
        "clusterId": tenant.cluster,
        "spec": {"distributedFramework": "PyTorch", "numWorkers": 2},
        "masterSpec": {"compute": {"gpuDevicesRequest": 1}},
    }
    made = distributed.create_distributed(body).data
    assert made["spec"]["image"] == "ubuntu"
    assert made["masterSpec"]["image"] == "debian"
    greedy = {
        **body,
        "spec": {**body["spec"], "numWorkers": 3},
        "masterSpec": {"compute": {"gpuDevicesRequest": 2}},
    }
    with pytest.raises(BadRequestException) as caught:
        distributed.create_distributed(greedy)
    assert "body.spec.numWorkers: 3 is more than 2" in caught.value.data["details"]
    assert "body.masterSpec.compute.gpuDevicesRequest: 2 is" in caught.value.data["details"]


def test_a_change_may_not_break_a_rule(tenant: Tenant) -> None:
    rules = {"compute": {"gpuDevicesRequest": {"max": 2}}}
    tenant.write("project", "inference_policy_v2", rules=rules)
    body = {
        "name": "inference",
        "projectId": tenant.project,
        "clusterId": tenant.cluster,
        "spec": {"image": "ubuntu", "compute": {"gpuDevicesRequest": 1}},
    }
    inferences = tenant.client.workloads.inferences
    identity = inferences.create_inference1(body).data["workloadId"]
    with pytest.raises(BadRequestException):
        inferences.update_inference_spec(identity, {"spec": {"compute": {"gpuDevicesRequest": 3}}})
    spec = inferences.get_inference(identity).data["spec"]
    assert spec["compute"]["gpuDevicesRequest"] == 1
