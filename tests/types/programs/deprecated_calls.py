"""Deprecated operations are struck through in an editor; what they are replaced with is named.

mypy reports them with `--enable-error-code deprecated`.
"""

from __future__ import annotations

from runai.api_client import ApiClient, AsyncApiClient
from runai.runai_client import RunaiClient

client = RunaiClient(ApiClient())
found = client.organizations.projects.get_project_0("1", "2")  # error: deprecated | reportDeprecated | get_project_0 is deprecated by the control plane
reveal_type(found)  # is: ApiResponse[Project2]
client.organizations.projects.get_project_0(1, "2")  # error: deprecated, arg-type | reportDeprecated, reportArgumentType
client.authentication_and_authorization.tokens.app_token()  # error: deprecated | reportDeprecated | use tokens.grant_token
client.authentication_and_authorization.tokens.grant_token()
roles = client.authentication_and_authorization.roles.get_roles()  # error: deprecated | reportDeprecated | get_roles was renamed with control plane 2.21; use roles.get_roles_v1
reveal_type(roles)  # is: ApiResponse[list[RoleV1]]
priorities = client.workloads.workloads_priorities.get_workload_priorities()  # error: deprecated | reportDeprecated | use workload_properties.get_workload_priorities
reveal_type(priorities)  # is: ApiResponse[GetWorkloadPriorities200Response]


async def main(asynchronous: RunaiClient[AsyncApiClient]) -> None:
    other = await asynchronous.organizations.projects.get_project_0("1", "2")  # error: deprecated | reportDeprecated | get_project_0 is deprecated
    reveal_type(other)  # is: ApiResponse[Project2]
