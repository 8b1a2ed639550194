"""Lists of assets by scope: what is there for a project comes from above, too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from runai.api_client import ApiClient
from runai.runai_client import RunaiClient
from runai.testing import ControlPlane


class Tenant:
    """Assets of every scope, each called like its scope; the department has two projects."""

    def __init__(self, client: RunaiClient[ApiClient]) -> None:
        # Bodies are plain dicts here, put together from parts.
        self.client: Any = client
        organizations: Any = self.client.organizations
        self.ids: dict[str, Any] = {}
        (cluster,) = organizations.clusters.get_clusters().data
        self.ids["cluster"] = cluster["uuid"]
        other = organizations.clusters.create_cluster({"name": "other cluster"}).data
        self.ids["other cluster"] = other["uuid"]
        in_cluster = {"clusterId": cluster["uuid"], "resources": []}
        made = organizations.departments.create_department({"name": "department", **in_cluster})
        self.ids["department"] = made.data["id"]
        for name in ("project", "other project"):
            body = {"name": name.replace(" ", "-"), "parentId": made.data["id"], **in_cluster}
            project = organizations.projects.create_project(body).data
            self.ids[name] = int(project["id"])
        self._create("tenant", {"scope": "tenant"})
        for name, identity in self.ids.items():
            scope = name.rpartition(" ")[2]
            self._create(name, {"scope": scope, f"{scope}Id": identity})

    def _create(self, name: str, place: dict[str, Any]) -> None:
        meta = {"name": name, **place}
        assets = self.client.workload_assets
        assets.compute.create_compute_asset({"meta": meta, "spec": {"cpuCoreRequest": 1}})
        assets.environment.create_environment_asset({"meta": meta, "spec": {"image": "ubuntu"}})
        spec = {"server": "nfs", "path": "/a", "mountPath": "/b"}
        assets.nfs.create_nfs_asset({"meta": meta, "spec": spec})

    def names(self, **query: Any) -> list[str]:
        """Of the compute assets that are listed."""
        found = self.client.workload_assets.compute.list_compute_assets(**query).data
        return [each["meta"]["name"] for each in found["entries"]]


@pytest.fixture(scope="module")
def tenant() -> Iterator[Tenant]:
    with ControlPlane() as control_plane, ApiClient(control_plane.configuration()) as client:
        yield Tenant(RunaiClient(client))


def test_everything(tenant: Tenant) -> None:
    assert tenant.names() == ["tenant", *tenant.ids]


@pytest.mark.parametrize(
    ("name", "scope", "found"),
    [
        ("project", None, ["tenant", "cluster", "department", "project"]),
        ("project", "project", ["project"]),
        ("project", "tenant", ["tenant"]),
        ("other project", None, ["tenant", "cluster", "department", "other project"]),
        ("department", None, ["tenant", "cluster", "department"]),
        ("department", "department", ["department"]),
        ("cluster", None, ["tenant", "cluster"]),
        ("cluster", "cluster", ["cluster"]),
        ("other cluster", None, ["tenant", "other cluster"]),
    ],
)
def test_by_the_id_of_a_scope(
    tenant: Tenant, name: str, scope: str | None, found: list[str]
) -> None:
    query = {f"{name.rpartition(' ')[2]}_id": tenant.ids[name]}
    if scope is not None:
        query["scope"] = scope
    assert tenant.names(**query) == found
    datasources = tenant.client.workload_assets.datasources.list_datasource_assets(**query).data
    assert [each["meta"]["name"] for each in datasources["entries"]] == found


def test_by_scope_alone(tenant: Tenant) -> None:
    assert tenant.names(scope="project") == ["project", "other project"]
    assert tenant.names(scope="tenant") == ["tenant"]


def test_by_two_ids(tenant: Tenant) -> None:
    project = {"project_id": tenant.ids["project"]}
    both = tenant.names(**project, cluster_id=tenant.ids["cluster"])
    assert both == ["tenant", "cluster", "department", "project"]
    assert tenant.names(**project, cluster_id=tenant.ids["other cluster"]) == []


def test_with_what_is_below(tenant: Tenant) -> None:
    def names(**query: Any) -> list[str]:
        environments = tenant.client.workload_assets.environment
        found = environments.list_environment_assets(include_descendants=True, **query).data
        return [each["meta"]["name"] for each in found["entries"]]

    assert names(cluster_id=tenant.ids["cluster"]) == [
        *("tenant", "cluster", "department", "project", "other project")
    ]
    assert names(project_id=tenant.ids["project"]) == [
        *("tenant", "cluster", "department", "project")
    ]
    assert names() == ["tenant", *tenant.ids]


def test_other_filters_stay(tenant: Tenant) -> None:
    assert tenant.names(project_id=tenant.ids["project"], name="cluster") == ["cluster"]
    assert tenant.names(project_id=tenant.ids["project"], comply_to_project=tenant.ids["project"])
