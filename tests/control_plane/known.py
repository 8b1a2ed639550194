"""The kinds of records that the model of the state has, each with its calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from runai.runai_client import RunaiClient

Data = dict[str, Any]


@dataclass(frozen=True, eq=False, repr=False)
class Kind:
    """One kind of record.

    Methods are named as `<category>.<group>.<method>` of a client, or empty where there is none.
    """

    name: str
    body: Callable[[str, int, str, Any], Data] | None = None
    """Of a creation, from name, value, cluster and the id of what it is in."""
    create: str = ""
    get: str = ""
    delete: str = ""
    listing: str = ""
    counting: str = ""
    change: str = ""
    change_body: Callable[[str, int], Data] = lambda name, value: {}
    value_of: Callable[[Data], Any] = lambda shown: None
    """The value as answers show it; None where they do not."""
    value_as: Callable[[int], Any] = str
    """The value of a number, as answers show it."""
    is_paged: bool = True
    has_names: bool = True
    """Whether names are unique where it is, filtered by and sorted by."""
    in_cluster: bool = False
    """Whether names are unique in the whole cluster."""
    listed_with: str = ""
    """The kind whose lists it is in."""
    query: Data = field(default_factory=dict)
    """Of lists and counts."""

    def __repr__(self) -> str:
        return self.name


@dataclass(eq=False)
class Item:
    """A record that should be there."""

    kind: Kind
    name: str
    value: int
    parent: Item | None
    id: Any = None

    def takes_name_of(self, other: Item) -> bool:
        """Whether the two cannot be there together."""
        is_same = self.kind is other.kind and self.kind.has_names and self.name == other.name
        return is_same and (self.kind.in_cluster or self.parent is other.parent)

    def assert_shown(self, shown: Data) -> None:
        """Expect an answer to show this."""
        assert identity(shown) == self.id
        names = {"name": self.name, "subjectId": self.name}
        assert {key: value for key, value in _meta(shown).items() if key in names}.items() <= (
            names.items()
        )
        value = self.kind.value_of(shown)
        assert value in (None, self.kind.value_as(self.value))


def call(client: RunaiClient[Any], method: str, *arguments: Any, **query: Any) -> Any:
    """The data of an answer."""
    return attrgetter(method)(client)(*arguments, **query).data


def entries(data: Any) -> list[Data]:
    """The records of a list."""
    if isinstance(data, list):
        return data
    [found] = [value for value in data.values() if isinstance(value, list)]
    return found


def identity(shown: Data) -> Any:
    """The id of a record."""
    place = _meta(shown)
    return place["id"] if "id" in place else place["workloadId"]


def _meta(shown: Data) -> Data:
    meta: Data = shown.get("meta", shown)
    return meta


def _asset(spec: Callable[[int], Data]) -> Callable[[str, int, str, Any], Data]:
    return lambda name, value, cluster, project: {
        "meta": {"name": name, "scope": "project", "projectId": int(project)},
        "spec": spec(value),
    }


def _workload(name: str, value: int, cluster: str, project: Any) -> Data:
    spec = {"image": _image(value)}
    return {"name": name, "projectId": project, "clusterId": cluster, "spec": spec}


def _image(value: int) -> str:
    return f"image:{value}"


def _spec(key: str) -> Callable[[Data], Any]:
    return lambda shown: shown.get("spec", {}).get(key)


def _description(shown: Data) -> Any:
    return shown.get("description")


DEPARTMENT = Kind(
    "department",
    lambda name, value, cluster, _: {
        "name": name,
        "description": str(value),
        "clusterId": cluster,
        "resources": [],
    },
    "organizations.departments.create_department",
    "organizations.departments.get_department",
    "organizations.departments.delete_department",
    "organizations.departments.get_departments",
    "organizations.departments.count_departments",
    "organizations.departments.update_department",
    lambda _, value: {"description": str(value), "resources": []},
    _description,
    in_cluster=True,
)
PROJECT = Kind(
    "project",
    lambda name, value, cluster, department: {
        "name": name,
        "description": str(value),
        "clusterId": cluster,
        "parentId": department,
        "resources": [],
    },
    "organizations.projects.create_project",
    "organizations.projects.get_project",
    "organizations.projects.delete_project",
    "organizations.projects.get_projects",
    "organizations.projects.count_projects",
    "organizations.projects.update_project",
    lambda _, value: {"description": str(value), "resources": []},
    _description,
    in_cluster=True,
)
DATA_VOLUME = Kind(
    "data volume",
    lambda name, value, _, project: {
        "name": name,
        "description": str(value),
        "projectId": project,
        "originPvcName": "claim",
    },
    "datavolumes.datavolumes.create_datavolume",
    "datavolumes.datavolumes.get_datavolume",
    "datavolumes.datavolumes.delete_datavolume",
    "datavolumes.datavolumes.get_datavolumes",
    "datavolumes.datavolumes.count_datavolumes",
    "datavolumes.datavolumes.patch_datavolume",
    lambda _, value: {"description": str(value)},
    _description,
    in_cluster=True,
    query={"request_type": "Originated"},
)
WORKLOAD = Kind(
    "workload",
    listing="workloads.workloads.get_workloads",
    counting="workloads.workloads.count_workloads",
)
IN_PROJECTS = (
    DATA_VOLUME,
    Kind(
        "compute",
        _asset(lambda value: {"gpuDevicesRequest": value}),
        "workload_assets.compute.create_compute_asset",
        "workload_assets.compute.get_compute_asset_by_id",
        "workload_assets.compute.delete_compute_asset_by_id",
        "workload_assets.compute.list_compute_assets",
        change="workload_assets.compute.update_compute_asset_by_id",
        change_body=lambda name, value: {
            "meta": {"name": name},
            "spec": {"gpuDevicesRequest": value},
        },
        value_of=_spec("gpuDevicesRequest"),
        value_as=int,
        is_paged=False,
    ),
    Kind(
        "environment",
        _asset(lambda value: {"image": _image(value)}),
        "workload_assets.environment.create_environment_asset",
        "workload_assets.environment.get_environment_asset_by_id",
        "workload_assets.environment.delete_environment_asset_by_id",
        "workload_assets.environment.list_environment_assets",
        change="workload_assets.environment.update_environment_asset_by_id",
        change_body=lambda name, value: {"meta": {"name": name}, "spec": {"image": _image(value)}},
        value_of=_spec("image"),
        value_as=_image,
        is_paged=False,
    ),
    Kind(
        "password",
        _asset(lambda value: {"user": str(value), "password": "of nobody"}),
        "workload_assets.credentials.create_password",
        "workload_assets.credentials.get_password_by_id",
        "workload_assets.credentials.delete_password",
        "workload_assets.credentials.list_passwords",
        value_of=_spec("user"),
        is_paged=False,
    ),
    Kind(
        "access rule",
        lambda name, _, __, project: {
            "subjectId": name,
            "subjectType": "user",
            "roleId": 1,
            "scopeType": "project",
            "scopeId": project,
        },
        "authentication_and_authorization.access_rules.create_access_rule",
        "authentication_and_authorization.access_rules.get_access_rule",
        "authentication_and_authorization.access_rules.delete_access_rule",
        "authentication_and_authorization.access_rules.get_access_rules",
        "authentication_and_authorization.access_rules.count_access_rules",
        has_names=False,
    ),
    Kind(
        "workspace",
        _workload,
        "workloads.workspaces.create_workspace1",
        "workloads.workspaces.get_workspace",
        "workloads.workspaces.delete_workspace",
        value_of=_spec("image"),
        value_as=_image,
        listed_with="workload",
    ),
    Kind(
        "training",
        _workload,
        "workloads.trainings.create_training1",
        "workloads.trainings.get_training",
        "workloads.trainings.delete_training",
        value_of=_spec("image"),
        value_as=_image,
        listed_with="workload",
    ),
)
LISTED = [each for each in (DEPARTMENT, PROJECT, WORKLOAD, *IN_PROJECTS) if each.listing]
