"""A body is the model, or a dict with the control plane's names."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any, Dict, List

from runai.api_client import ApiClient
from runai.models import (
    EnvironmentVariable,
    NonNullResource,
    ProjectCreationRequest,
    ResourcesNullable,
    WorkspaceCreationRequest,
    WorkspaceSpecSpec,
)
from runai.organizations.request_types import ProjectCreationRequestDict, ResourcesNullableDict
from runai.runai_client import RunaiClient

client = RunaiClient(ApiClient())
projects = client.organizations.projects

# Models.
quotas = [ResourcesNullable(gpu=NonNullResource(deserved=4, limit=None))]
wanted = ProjectCreationRequest(name="vision", cluster_id="1", resources=quotas)
reveal_type(wanted.scheduling_rules)  # is: SchedulingRules | None
reveal_type(projects.create_project(wanted).model)  # is: Project
projects.create_project(project_creation_request=wanted)
projects.update_project_resources("1", quotas)
ProjectCreationRequest(name="vision", cluster_id="1")  # error: call-arg | reportCallIssue | "resources"
ProjectCreationRequest(name=1, cluster_id="1", resources=[])  # error: arg-type | reportArgumentType | "name"
ProjectCreationRequest(name="a", cluster="1", resources=[])  # error: call-arg | reportCallIssue, reportCallIssue | "cluster"
NonNullResource(deserved="four")  # error: arg-type | reportArgumentType | "deserved"
wanted.resources = 4  # error: assignment | reportAttributeAccessIssue
projects.create_project(quotas[0])  # error: arg-type | reportArgumentType | ProjectCreationRequest
projects.create_project([wanted])  # error: arg-type | reportArgumentType
projects.update_project_resources("1", quotas[0])  # error: arg-type | reportArgumentType
projects.update_project_resources("1", [wanted])  # error: list-item | reportArgumentType

# Dicts.
projects.create_project({"name": "vision", "clusterId": "1", "resources": []})
projects.create_project(
    {
        "name": "vision",
        "clusterId": "1",
        "resources": [{"gpu": {"deserved": 4, "limit": None}, "nodePool": None}],
        "nodeTypes": {"training": ["a", "b"]},
        "schedulingRules": None,
    }
)
projects.create_project({"name": "vision", "clusterId": "1"})  # error: arg-type | reportArgumentType
projects.create_project({"name": "a", "cluster_id": "1", "resources": []})  # error: arg-type | reportArgumentType
projects.create_project({"name": 1, "clusterId": "1", "resources": []})  # error: arg-type | reportArgumentType
projects.create_project({"name": "a", "clusterId": "1", "resources": None})  # error: arg-type | reportArgumentType
projects.create_project({"name": "a", "clusterId": "1", "resources": [{"gpus": 4}]})  # error: arg-type | reportArgumentType
projects.create_project({})  # error: arg-type | reportArgumentType
projects.create_project("vision")  # error: arg-type | reportArgumentType

# Both, one inside the other.
projects.create_project({"name": "vision", "clusterId": "1", "resources": quotas})
projects.patch_project_resources("1", [*quotas, {"gpu": {"deserved": 2}}])
projects.patch_project_resources("1", [{"gpu": NonNullResource(deserved=2)}])
projects.patch_project_resources("1", tuple(quotas))
client.workloads.workspaces.create_workspace1(
    {
        "name": "notebook",
        "projectId": "1",
        "clusterId": "1",
        "spec": WorkspaceSpecSpec(
            image="jupyter", environment_variables=[EnvironmentVariable(name="A", value="b")]
        ),
    }
)
client.workloads.workspaces.create_workspace1(
    WorkspaceCreationRequest(name="notebook", project_id="1", cluster_id="1")
)
variables = [EnvironmentVariable(name="A", value="b")]
client.workloads.workspaces.create_workspace1(
    {
        "name": "notebook",
        "projectId": "1",
        "clusterId": "1",
        "spec": {"image": "jupyter", "environmentVariables": variables},
    }
)

# Dicts that were made before they are sent.
body: ProjectCreationRequestDict = {"name": "vision", "clusterId": "1", "resources": quotas}
body["description"] = "images and video"
body["descriptoin"] = ""  # error: typeddict-unknown-key | reportGeneralTypeIssues | descriptoin
quota: ResourcesNullableDict = {"gpu": {"deserved": 2.5}}
body["resources"] = [quota]
projects.create_project(body)
short: ProjectCreationRequestDict = {"name": "vision", "clusterId": "1"}  # error: typeddict-item | reportAssignmentType | "resources"
wrong: ResourcesNullableDict = {"gpus": {"deserved": 2}}  # error: typeddict-unknown-key | reportAssignmentType | "gpus"
projects.create_project(json.loads("{}"))
anything: Any = {"name": "vision"}
projects.create_project(anything)

# A dict of which nothing is known would have no fields to check.
loose: Dict[str, Any] = {"name": "vision"}
projects.create_project(loose)  # error: arg-type | reportArgumentType | ProjectCreationRequestDict

# Times.
start = datetime.now(timezone.utc)
client.audit.audit_logs.get_audit_logs(start, "2026-01-01T00:00:00Z")
client.audit.audit_logs.get_audit_logs(start, 1767225600)  # error: arg-type | reportArgumentType | datetime


def quotas_of(deserved: List[float]) -> List[ResourcesNullableDict]:
    return [{"gpu": {"deserved": each}} for each in deserved]


projects.update_project_resources("1", quotas_of([1, 2.5]))
