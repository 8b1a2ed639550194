"""What is there after a change, and what a restored state goes on with."""

from __future__ import annotations

from typing import Any, Iterator

import pytest

from runai.testing import ControlPlane

CLUSTERS = "/api/v1/clusters"
COMPUTE = "/api/v1/asset/compute"
IDPS = "/api/v1/idps"
POOLS = "/api/v1/node-pools"
PROJECTS = "/api/v1/org-unit/projects"
TEMPLATES = "/api/v1/workload-templates"
VOLUMES = "/api/v1/datavolumes"
WORKLOADS = "/api/v2/workloads"


class Tenant:
    def __init__(self, wire: Any) -> None:
        self.call = wire.call
        self.cluster = self.call("GET", CLUSTERS).json()[0]["uuid"]

    def made(self, path: str, body: Any) -> Any:
        reply = self.call("POST", path, body)
        assert reply.status < 300, reply
        return reply.json()

    def project(self, name: str, cluster: str | None = None, **more: Any) -> Any:
        wanted = {"name": name, "clusterId": cluster or self.cluster, "resources": [], **more}
        return self.made(PROJECTS, wanted)

    def pool(self, name: str) -> Any:
        label = {"labelKey": "key", "labelValue": "value"}
        return self.made(POOLS, {"name": name, "clusterId": self.cluster, **label})


@pytest.fixture
def control_plane() -> Iterator[ControlPlane]:
    with ControlPlane() as control_plane:
        yield control_plane


@pytest.fixture
def tenant(control_plane: ControlPlane, open_wire: Any) -> Tenant:
    return Tenant(open_wire(control_plane))


def test_a_restored_state_gives_no_id_twice(
    tenant: Tenant, control_plane: ControlPlane, open_wire: Any
) -> None:
    first, second = tenant.project("first"), tenant.project("second")
    tenant.call("DELETE", f"{PROJECTS}/{second['id']}")
    kept = control_plane.state.dump()
    with ControlPlane() as later:
        later.state.restore(kept)
        after = Tenant(open_wire(later))
        third = after.project("third")
        assert third["id"] not in (first["id"], second["id"])
        listed = after.call("GET", PROJECTS).json()["projects"]
        assert [each["name"] for each in listed] == ["first", "third"]


def test_a_state_that_does_not_say_which_number_is_next(
    tenant: Tenant, control_plane: ControlPlane
) -> None:
    first = tenant.project("first")
    kept = control_plane.state.dump()
    del kept["next_number"]
    with ControlPlane() as later:
        later.state.restore(kept)
        facts = {"name": "second", "clusterId": tenant.cluster, "resources": []}
        assert later.state.create(PROJECTS, facts).id != first["id"]


def test_what_was_not_dumped_is_refused(tenant: Tenant, control_plane: ControlPlane) -> None:
    tenant.project("first")
    kept = control_plane.state.dump()
    [project] = [each for each in kept["records"] if each["collection"] == PROJECTS]
    twice = [*kept["records"], {**project, "id": "7"}]
    for wrong in ({**kept, "records": twice}, {"version": kept["version"]}, {**kept, "records": 7}):
        with pytest.raises(ValueError, match="not what a control plane has dumped"):
            control_plane.state.restore(wrong)
        assert control_plane.state.dump() == kept


def test_a_refused_change_changes_nothing(tenant: Tenant, control_plane: ControlPlane) -> None:
    def job(seconds: str) -> Any:
        annotations = {"runapy-testing/running-seconds": seconds}
        pods = {"spec": {"containers": [{"name": "main", "image": "image"}]}}
        return {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": {"name": "job", "annotations": annotations},
            "spec": {"template": pods},
        }

    meta = {"name": "job", "projectId": tenant.project("vision")["id"], "clusterId": tenant.cluster}
    made = tenant.made(WORKLOADS, {"metadata": meta, "manifest": job("5")})["metadata"]
    place = f"{WORKLOADS}/{made['id']}"
    assert tenant.call("PUT", place, {"metadata": {}, "manifest": job("never")}).status == 400
    [kept] = control_plane.state.store.collections()[WORKLOADS].values()
    assert kept.facts["manifest"] == job("5")
    control_plane.state.restore(control_plane.state.dump())


def test_put_takes_away_what_it_does_not_say(tenant: Tenant) -> None:
    meta = {"name": "small", "description": "of old", "scope": "tenant"}
    made = tenant.made(COMPUTE, {"meta": meta, "spec": {"cpuCoreRequest": 1}})["meta"]
    place = f"{COMPUTE}/{made['id']}"
    tenant.call("PUT", place, {"meta": {"name": "small"}, "spec": {"cpuCoreRequest": 2}})
    changed = tenant.call("GET", place).json()
    assert changed["meta"].get("description") is None
    assert (changed["meta"]["scope"], changed["spec"]["cpuCoreRequest"]) == ("tenant", 2)


def test_put_empties_what_answers_have_always(tenant: Tenant) -> None:
    place = f"{PROJECTS}/{tenant.project('vision', description='of old')['id']}"
    tenant.call("PUT", place, {"resources": []})
    assert tenant.call("GET", place).json()["description"] == ""


def test_put_goes_back_to_the_defaults(tenant: Tenant) -> None:
    project = tenant.project("vision", enforceRunaiScheduler=False)
    place = f"{PROJECTS}/{project['id']}"
    assert tenant.call("GET", place).json()["enforceRunaiScheduler"] is False
    tenant.call("PUT", place, {"resources": []})
    assert tenant.call("GET", place).json()["enforceRunaiScheduler"] is True
    pool = tenant.pool("a100")
    tenant.call("PUT", f"{POOLS}/{pool['id']}", {"overProvisioningRatio": 3})
    assert tenant.call("GET", f"{POOLS}/{pool['id']}").json()["overProvisioningRatio"] == 3
    tenant.call("PUT", f"{POOLS}/{pool['id']}", {})
    assert tenant.call("GET", f"{POOLS}/{pool['id']}").json()["overProvisioningRatio"] == 1


@pytest.mark.parametrize(
    ("method", "body"), [("PUT", {}), ("PATCH", {"labelKey": None, "labelValue": None})]
)
def test_what_cannot_be_missing_stays(tenant: Tenant, method: str, body: Any) -> None:
    place = f"{POOLS}/{tenant.pool('a100')['id']}"
    assert tenant.call(method, place, body).status < 300
    pool = tenant.call("GET", place).json()
    assert (pool["labelKey"], pool["labelValue"]) == ("key", "value")


def test_patch_of_resources_leaves_those_of_other_node_pools(tenant: Tenant) -> None:
    pool = tenant.pool("a100")["id"]
    place = f"{PROJECTS}/{tenant.project('vision')['id']}"
    both = [
        {"nodePool": {"id": "1"}, "gpu": {"deserved": 1, "overQuotaWeight": 2}},
        {"nodePool": {"id": pool}, "gpu": {"deserved": 2, "limit": 4}},
    ]
    assert len(tenant.call("PUT", f"{place}/resources", both).json()) == 2
    change = [{"nodePool": {"id": pool}, "gpu": {"deserved": 3}, "cpu": {"deserved": 500}}]
    assert tenant.call("PATCH", f"{place}/resources", change).status < 300
    project = tenant.call("GET", place).json()
    default, other = project["resources"]
    assert default["gpu"] == {"deserved": 1, "overQuotaWeight": 2}
    assert other["gpu"] == {"deserved": 3, "limit": 4}
    assert other["cpu"]["deserved"] == 500
    assert project["totalResources"]["gpuQuota"] == 4
    # What names no node pool is of the default one.
    tenant.call("PATCH", f"{place}/resources", [{"gpu": {"deserved": 5}}])
    default, other = tenant.call("GET", place).json()["resources"]
    assert (default["gpu"]["deserved"], other["gpu"]["deserved"]) == (5, 3)


def test_shared_scopes_of_a_data_volume(tenant: Tenant) -> None:
    owner, guest, stranger = (tenant.project(name) for name in ("owner", "guest", "stranger"))
    body = {"name": "images", "projectId": owner["id"], "originPvcName": "claim"}
    volume = tenant.made(VOLUMES, body)["id"]
    place = f"{VOLUMES}/{volume}/sharedScopes"
    assert tenant.call("GET", place).json() == []

    scope = {"scopeType": "project", "scopeId": guest["id"]}
    [shared] = tenant.call("PATCH", place, {"add": [scope, scope]}).json()
    assert {**shared, **scope, "scopeName": "guest", "createdBy": "test-client-id"} == shared
    assert tenant.call("GET", place).json() == [shared]
    wrong = {"scopeType": "project", "scopeId": "777"}
    assert tenant.call("PATCH", place, {"add": [wrong]}).status == 400

    def usable(project: Any) -> list[str]:
        query = f"requestType=UsableInProject&usableInProjectId={project['id']}"
        counted = tenant.call("GET", f"{VOLUMES}/count?{query}").json()["count"]
        [found] = tenant.call("GET", f"{VOLUMES}?{query}").json().values()
        assert len(found) == counted
        return [each["id"] for each in found]

    assert [usable(each) for each in (owner, guest, stranger)] == [[volume], [volume], []]
    assert tenant.call("DELETE", f"{PROJECTS}/{guest['id']}").status == 409
    assert tenant.call("PATCH", place, {"remove": [scope]}).json() == []
    assert usable(guest) == []
    assert tenant.call("DELETE", f"{PROJECTS}/{guest['id']}").status < 300


def test_a_shared_scope_is_called_as_it_is_now(tenant: Tenant) -> None:
    owner = tenant.project("owner")["id"]
    volume = tenant.made(VOLUMES, {"name": "a", "projectId": owner, "originPvcName": "claim"})["id"]
    place = f"{VOLUMES}/{volume}/sharedScopes"
    scope = {"scopeType": "cluster", "scopeId": tenant.cluster}
    assert tenant.call("PATCH", place, {"add": [scope]}).status < 300
    assert tenant.call("PUT", f"{CLUSTERS}/{tenant.cluster}", {"name": "new"}).status < 300
    [shared] = tenant.call("GET", place).json()
    assert shared["scopeName"] == "new"


@pytest.mark.parametrize(
    ("kind", "named"),
    [
        ("distributed", "Distributed"),
        ("inferences", "Inference"),
        ("trainings", "Training"),
        ("workspaces", "Workspace"),
    ],
)
def test_templates_say_what_they_are_for(tenant: Tenant, kind: str, named: str) -> None:
    body = {"meta": {"name": "small", "scopeType": "tenant"}, "spec": {}}
    made = tenant.made(f"{TEMPLATES}/{kind}", body)["meta"]
    assert made["workloadType"] == named
    [listed] = tenant.call("GET", TEMPLATES).json()["entries"]
    assert listed["meta"]["workloadType"] == named


def test_names_of_templates_are_free_in_another_scope(tenant: Tenant) -> None:
    mine, other = tenant.project("mine")["id"], tenant.project("other")["id"]

    def available(scope: str) -> int:
        query = f"templateName=small&scopeType=project&scopeId={scope}"
        return int(tenant.call("GET", f"{TEMPLATES}/name-availability?{query}").status)

    def create(kind: str, scope: str) -> int:
        meta = {"name": "small", "scopeType": "project", "scopeId": scope}
        return int(tenant.call("POST", f"{TEMPLATES}/{kind}", {"meta": meta, "spec": {}}).status)

    assert create("trainings", mine) == 202
    assert (available(mine), create("workspaces", mine)) == (409, 409)
    assert (available(other), create("workspaces", other)) == (204, 202)


def test_names_of_data_volumes_are_free_in_another_cluster(tenant: Tenant) -> None:
    other = tenant.made(CLUSTERS, {"name": "other"})["uuid"]
    mine, near = tenant.project("mine")["id"], tenant.project("near")["id"]
    far = tenant.project("far", other)["id"]

    def available(cluster: str) -> int:
        query = f"dataName=images&clusterId={cluster}"
        return int(tenant.call("GET", f"{VOLUMES}/name-availability?{query}").status)

    def create(project: str) -> int:
        body = {"name": "images", "projectId": project, "originPvcName": "claim"}
        return int(tenant.call("POST", VOLUMES, body).status)

    assert (available(tenant.cluster), create(mine)) == (204, 201)
    assert (available(tenant.cluster), create(near)) == (409, 409)
    assert (available(other), create(far)) == (204, 201)


def test_an_identity_provider_is_read_as_it_was_written(tenant: Tenant) -> None:
    data = {"clientId": "runai", "clientSecret": "hush", "discoverDocumentUrl": ""}
    body = {"type": "oidc", "oidcData": data, "mappers": {"email": "mail"}}
    assert tenant.made(IDPS, body) == {"alias": "oidc"}
    shown = tenant.call("GET", f"{IDPS}/oidc").json()
    assert (shown["alias"], shown["type"]) == ("oidc", "oidc")
    assert shown["oidcData"]["clientId"] == "runai"
    assert "hush" not in str(shown)
    place = f"{IDPS}/oidc/mappers"
    assert tenant.call("GET", place).json() == {"email": "mail"}
    assert tenant.call("PUT", place, {"uid": "id"}).status < 300
    assert tenant.call("GET", place).json() == {"uid": "id"}
    for method, wanted in (("GET", None), ("PUT", {"uid": "id"})):
        assert tenant.call(method, f"{IDPS}/saml/mappers", wanted).status == 404


def test_a_report_says_when_its_status_was_new(tenant: Tenant) -> None:
    body = {"name": "usage", "start": "2025-01-01T00:00:00Z", "end": "2025-02-01T00:00:00Z"}
    report = tenant.made("/api/v1/org-unit/reports", body)
    assert report["statusUpdatedAt"] == report["createdAt"]


def test_environments_by_the_workloads_that_they_are_for(tenant: Tenant) -> None:
    environments = "/api/v1/asset/environment"
    supported = {
        "a": {"workspace": True, "training": True},
        "b": {"distributed": True, "distFramework": "MPI"},
        "c": {"workspace": True},
    }
    for name, types in supported.items():
        meta = {"name": name, "scope": "tenant", "workloadSupportedTypes": types}
        tenant.made(environments, {"meta": meta, "spec": {"image": "i"}})

    def found(query: str) -> str:
        listed = tenant.call("GET", f"{environments}?{query}").json()["entries"]
        return "".join(each["meta"]["name"] for each in listed)

    assert found("isWorkspace=true") == "ac"
    assert found("isWorkspace=true&isTraining=true") == "a"
    assert found("isWorkspace=false") == "b"
    assert found("isDistributed=true&distributedFramework=MPI") == "b"
    assert found("isDistributed=true&distributedFramework=TF") == ""
