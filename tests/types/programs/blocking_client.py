"""`ApiClient`: a call gives the response."""

from __future__ import annotations

from runai.api_client import ApiClient, ApiResponse
from runai.configuration import Configuration
from runai.models import Project
from runai.runai_client import RunaiClient

client = RunaiClient(ApiClient(Configuration.from_env()))
reveal_type(client)  # is: RunaiClient[ApiClient]
reveal_type(client.api_client)  # is: ApiClient
reveal_type(client.organizations)  # is: Organizations[ApiClient]
reveal_type(client.organizations.projects)  # is: ProjectsApi[ApiClient]

listed = client.organizations.projects.get_projects(limit=10)
reveal_type(listed)  # is: ApiResponse[GetProjects200Response]
reveal_type(listed.model)  # is: GetProjects200Response
reveal_type(listed.data)  # is: Any
reveal_type(listed.raw)  # is: bytes
reveal_type(listed.text)  # is: str
reveal_type(listed.status_code)  # is: int
reveal_type(listed.headers)  # is: Mapping[str, str]

for project in listed.model.projects:
    reveal_type(project)  # is: Project
    reveal_type(project.created_at)  # is: datetime
    reveal_type(project.status.phase)  # is: ProjectPhase | None
    print(project.create_at)  # error: attr-defined | reportAttributeAccessIssue | create_at
print(listed.model.project)  # error: attr-defined | reportAttributeAccessIssue | "project"
listed.json()  # error: attr-defined | reportAttributeAccessIssue | "json"

# Answers that are no model.
reveal_type(client.organizations.projects.delete_project("1"))  # is: ApiResponse[None]
reveal_type(client.organizations.clusters.get_clusters().model)  # is: list[DisplayedCluster]


def rename(found: ApiResponse[Project]) -> str:
    return found.model.name.upper()


rename(client.organizations.projects.get_project("1"))
rename(client.organizations.projects.get_projects())  # error: arg-type | reportArgumentType | GetProjects200Response

client.organizations.projects.get_project()  # error: call-arg | reportCallIssue
client.organizations.projects.get_project(1)  # error: arg-type | reportArgumentType | "?str"?
client.organizations.projects.get_project("1", "2")  # error: call-arg, arg-type | reportCallIssue
client.organizations.projects.get_projects(limit="10")  # error: arg-type | reportArgumentType | "limit"
client.organizations.projects.get_projects(filter_by="name==a")  # error: arg-type | reportArgumentType | "filter_by"
client.organizations.projects.get_projects(filtered_by=["name==a"])  # error: call-arg | reportCallIssue | "filtered_by"
client.organizations.project.get_projects()  # error: attr-defined | reportAttributeAccessIssue | "project"
client.organisations.projects.get_projects()  # error: attr-defined | reportAttributeAccessIssue | "organisations"
