"""What refers to what: it has to be there, to fit, and to stay."""

from __future__ import annotations

from typing import Any, Iterator

import pytest

from runai.testing import ControlPlane

CLUSTERS = "/api/v1/clusters"
DEPARTMENTS = "/api/v1/org-unit/departments"
PROJECTS = "/api/v1/org-unit/projects"
POOLS = "/api/v1/node-pools"
TRAININGS = "/api/v1/workloads/trainings"
NOTHING = "00000000-0000-4000-8000-000000000000"


class Tenant:
    """Two clusters, and a project in the first one."""

    def __init__(self, wire: Any) -> None:
        self.call = wire.call
        self.cluster = self.call("GET", CLUSTERS).json()[0]["uuid"]
        self.other = self.made(CLUSTERS, {"name": "other"})["uuid"]
        self.project = self.in_cluster(PROJECTS, self.cluster, "vision")

    def made(self, path: str, body: Any) -> Any:
        reply = self.call("POST", path, body)
        assert reply.status < 300, reply
        return reply.json()

    def in_cluster(self, path: str, cluster: str, name: str, **more: Any) -> Any:
        return self.made(path, {"name": name, "clusterId": cluster, "resources": [], **more})

    def refusal(self, method: str, path: str, body: Any = None) -> tuple[int, str]:
        """Status and message of what is refused."""
        error = self.call(method, path, body).json()
        assert set(error) == {"code", "message", "details"}
        return error["code"], error["message"]


@pytest.fixture
def tenant(open_wire: Any) -> Iterator[Tenant]:
    with ControlPlane() as control_plane:
        yield Tenant(open_wire(control_plane))


def test_a_new_cluster_has_a_default_department_and_node_pool(tenant: Tenant) -> None:
    departments = tenant.call("GET", DEPARTMENTS).json()["departments"]
    assert [each["clusterId"] for each in departments] == [tenant.cluster, tenant.other]
    assert {each["name"] for each in departments} == {"default"}
    pools = tenant.call("GET", POOLS).json()["nodepools"]
    assert [(each["clusterName"], each["isDefault"]) for each in pools] == [
        ("cluster-1", True),
        ("other", True),
    ]


def test_a_project_without_department_is_in_the_default_one_of_its_cluster(tenant: Tenant) -> None:
    of_cluster = {
        each["clusterId"]: each["id"]
        for each in tenant.call("GET", DEPARTMENTS).json()["departments"]
    }
    assert tenant.project["parentId"] == of_cluster[tenant.cluster]
    elsewhere = tenant.in_cluster(PROJECTS, tenant.other, "vision")
    assert elsewhere["parentId"] == of_cluster[tenant.other]
    assert elsewhere["parent"] == {"id": of_cluster[tenant.other], "name": "default"}


def test_a_department_stays_as_long_as_projects_are_in_it_by_default(tenant: Tenant) -> None:
    department = f"{DEPARTMENTS}/{tenant.project['parentId']}"
    assert tenant.refusal("DELETE", department)[0] == 409
    assert tenant.call("DELETE", f"{PROJECTS}/{tenant.project['id']}").status < 300
    assert tenant.call("DELETE", department).status < 300
    body = {"name": "speech", "clusterId": tenant.cluster, "resources": []}
    status, message = tenant.refusal("POST", PROJECTS, body)
    assert (status, message) == (400, f"cluster {tenant.cluster!r} has no default department")


def test_a_cluster_goes_with_what_it_came_with(tenant: Tenant) -> None:
    assert tenant.refusal("DELETE", f"{CLUSTERS}/{tenant.cluster}")[0] == 409
    assert tenant.call("DELETE", f"{CLUSTERS}/{tenant.other}").status < 300
    for path, name in ((DEPARTMENTS, "departments"), (POOLS, "nodepools")):
        kept = tenant.call("GET", path).json()[name]
        assert [each["clusterId"] for each in kept] == [tenant.cluster]


def test_a_cluster_stays_as_long_as_its_default_department_is_used(tenant: Tenant) -> None:
    departments = tenant.call("GET", DEPARTMENTS).json()["departments"]
    meta = {"name": "small", "scope": "department", "departmentId": departments[1]["id"]}
    tenant.made("/api/v1/asset/compute", {"meta": meta, "spec": {"cpuCoreRequest": 1}})
    assert tenant.refusal("DELETE", f"{CLUSTERS}/{tenant.other}")[0] == 409
    assert len(tenant.call("GET", DEPARTMENTS).json()["departments"]) == 2


def test_what_is_in_another_cluster_cannot_be_referred_to(tenant: Tenant) -> None:
    department = tenant.project["parentId"]
    body = {"name": "speech", "clusterId": tenant.other, "parentId": department, "resources": []}
    status, message = tenant.refusal("POST", PROJECTS, body)
    assert (status, message) == (400, f"parentId {department!r} is in another cluster")
    workload = {"name": "resnet", "projectId": tenant.project["id"], "spec": {"image": "i"}}
    assert tenant.refusal("POST", TRAININGS, {**workload, "clusterId": tenant.other})[0] == 400
    assert tenant.call("POST", TRAININGS, {**workload, "clusterId": tenant.cluster}).status == 202


def test_quotas_are_of_node_pools_that_are_there(tenant: Tenant) -> None:
    place = f"{PROJECTS}/{tenant.project['id']}/resources"
    label = {"labelKey": "a", "labelValue": "b"}
    mine = tenant.made(POOLS, {"name": "mine", "clusterId": tenant.cluster, **label})["id"]
    other = tenant.made(POOLS, {"name": "other", "clusterId": tenant.other, **label})["id"]
    for pool in ("777", other):
        quota = [{"nodePool": {"id": pool}, "gpu": {"deserved": 1}}]
        assert tenant.refusal("PUT", place, quota)[0] == 400
        body = {"name": "new", "clusterId": tenant.cluster, "resources": quota}
        assert tenant.refusal("POST", PROJECTS, body)[0] == 400
    quota = [{"nodePool": {"id": mine}, "gpu": {"deserved": 1}}]
    [written] = tenant.call("PUT", place, quota).json()
    assert written["nodePool"] == {"id": mine, "name": "mine"}
    assert tenant.refusal("DELETE", f"{POOLS}/{mine}")[0] == 409
    assert tenant.call("PUT", place, []).status < 300
    assert tenant.call("DELETE", f"{POOLS}/{mine}").status < 300


def test_a_change_refers_to_what_is_there(tenant: Tenant) -> None:
    pool = tenant.call("GET", POOLS).json()["nodepools"][1]
    topologies = "/api/v1/network-topologies"
    body = {"name": "rack", "clusterId": tenant.other, "levels": ["rack", "host"]}
    topology = tenant.made(topologies, body)["id"]
    place = f"{POOLS}/{pool['id']}"
    assert tenant.refusal("PATCH", place, {"networkTopologyId": NOTHING})[0] == 400
    assert tenant.call("PATCH", place, {"networkTopologyId": topology}).status < 300
    assert tenant.refusal("DELETE", f"{topologies}/{topology}")[0] == 409
    [workspace] = [
        each
        for each in tenant.call("GET", "/api/v1/workload-types").json()["types"]
        if each["name"] == "Workspace"
    ]
    changed = {"categoryId": NOTHING, "priorityId": workspace["priorityId"]}
    place = f"/api/v1/workload-types/{workspace['id']}"
    assert tenant.refusal("PUT", place, changed)[0] == 400


def test_assets_stay_as_long_as_they_are_used(tenant: Tenant) -> None:
    def asset(kind: str, spec: Any) -> str:
        meta = {"name": kind.rpartition("/")[2], "scope": "tenant"}
        made = tenant.made(f"/api/v1/asset/{kind}", {"meta": meta, "spec": spec})
        return str(made["meta"]["id"])

    used = {
        "environment": asset("environment", {"image": "i"}),
        "compute": asset("compute", {"cpuCoreRequest": 1}),
    }
    password = asset("credentials/password", {"user": "u", "password": "p"})
    repository = {"repository": "https://git.example/r.git", "path": "/r"}
    git = asset("datasource/git", {**repository, "passwordAssetId": password})
    template = asset(
        "workload-template", {"assets": {**used, "datasources": [{"kind": "git", "id": git}]}}
    )
    in_use = [*used.items(), ("datasource/git", git), ("credentials/password", password)]
    for kind, identity in in_use:
        assert tenant.refusal("DELETE", f"/api/v1/asset/{kind}/{identity}")[0] == 409
    assert tenant.call("DELETE", f"/api/v1/asset/workload-template/{template}").status < 300
    for kind, identity in in_use:
        assert tenant.call("DELETE", f"/api/v1/asset/{kind}/{identity}").status < 300


def test_the_default_node_pool_stays_with_its_cluster(tenant: Tenant) -> None:
    pool = tenant.call("GET", POOLS).json()["nodepools"][0]
    status, message = tenant.refusal("DELETE", f"{POOLS}/{pool['id']}")
    assert (status, message) == (409, f"{POOLS}/{pool['id']} is the default of its cluster")


def test_an_asset_of_another_kind_is_no_part_of_a_template(tenant: Tenant) -> None:
    meta = {"name": "small", "scope": "tenant"}
    kinds = {"environment": {"image": "i"}, "compute": {"cpuCoreRequest": 1}}
    ids = {
        kind: tenant.made(f"/api/v1/asset/{kind}", {"meta": meta, "spec": spec})["meta"]["id"]
        for kind, spec in kinds.items()
    }
    wrong = [
        {"environment": ids["compute"]},
        {"environment": ids["environment"], "compute": ids["environment"]},
        {
            "environment": ids["environment"],
            "datasources": [{"kind": "nfs", "id": ids["compute"]}],
        },
    ]
    for assets in wrong:
        body = {"meta": meta, "spec": {"assets": assets}}
        assert tenant.refusal("POST", "/api/v1/asset/workload-template", body)[0] == 400


def test_a_scope_has_its_id(tenant: Tenant) -> None:
    spec = {"cpuCoreRequest": 1}
    for place in ({"scope": "project"}, {"scope": "project", "projectId": 0}):
        body = {"meta": {"name": "small", **place}, "spec": spec}
        assert tenant.refusal("POST", "/api/v1/asset/compute", body)[0] == 400
    rule = {"subjectId": "a", "subjectType": "user", "roleId": 1}
    for scope in (
        {"scopeType": "project", "scopeId": ""},
        {"scopeType": "department", "scopeId": "0"},
    ):
        body = {**rule, **scope}
        assert tenant.refusal("POST", "/api/v1/authorization/access-rules", body)[0] == 400
    body = {"name": "w", "clusterId": tenant.cluster, "spec": {"image": "i"}}
    for project in ("", "0"):
        assert tenant.refusal("POST", TRAININGS, {**body, "projectId": project})[0] == 400


def test_a_new_name_is_told_by_what_refers_to_it(tenant: Tenant) -> None:
    meta = {"name": "old", "scope": "tenant"}
    environment = tenant.made("/api/v1/asset/environment", {"meta": meta, "spec": {"image": "i"}})
    identity = environment["meta"]["id"]
    body = {"meta": meta, "spec": {"assets": {"environment": identity}}}
    template = tenant.made("/api/v1/asset/workload-template", body)["meta"]
    change = {"meta": {"name": "new"}, "spec": {"image": "i"}}
    tenant.call("PUT", f"/api/v1/asset/environment/{identity}", change)
    place = f"/api/v1/asset/workload-template/{template['id']}"
    shown = tenant.call("GET", place).json()
    assert shown["spec"]["assets"]["environment"] == {"id": identity, "name": "new"}
    assert shown["meta"]["updatedAt"] == template["updatedAt"]

    rule = {"subjectId": "a", "subjectType": "user", "roleId": 1}
    scope = {"scopeType": "cluster", "scopeId": tenant.cluster}
    made = tenant.made("/api/v1/authorization/access-rules", {**rule, **scope})
    assert tenant.call("PUT", f"{CLUSTERS}/{tenant.cluster}", {"name": "new"}).status < 300
    [pool, _] = tenant.call("GET", POOLS).json()["nodepools"]
    assert pool["clusterName"] == "new"
    place = f"/api/v1/authorization/access-rules/{made['id']}"
    assert tenant.call("GET", place).json()["scopeName"] == "new"
