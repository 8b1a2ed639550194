"""Models outside of calls: read, changed, copied, made from JSON and to it."""

from __future__ import annotations

from typing import Type

from runai import models
from runai.api_client import ApiClient, ApiResponse
from runai.models import Project, ProjectUpdateRequest
from runai.runai_client import RunaiClient

client = RunaiClient(ApiClient())
found = client.organizations.projects.get_project("1").model
reveal_type(found.to_dict())  # is: dict[str, Any]
reveal_type(found.to_json())  # is: str
reveal_type(Project.from_json("{}"))  # is: Project
reveal_type(Project.from_dict({}))  # is: Project
kind: Type[Project] = models.Project
reveal_type(found.model_extra)  # is: dict[str, Any] | None

# What may be missing is asked for first.
if found.scheduling_rules is not None:
    reveal_type(found.scheduling_rules.interactive_job_time_limit_seconds)  # is: int | None
print(found.scheduling_rules.interactive_job_time_limit_seconds)  # error: union-attr | reportOptionalMemberAccess
change = ProjectUpdateRequest(resources=[], description="images")
change.description = None
change.descriptoin = "images"  # error: attr-defined | reportAttributeAccessIssue | descriptoin
change.description = 1  # error: assignment | reportAttributeAccessIssue

# A response of one's own, for a test.
double: ApiResponse[Project] = ApiResponse(data={"id": "1"})
reveal_type(double.model)  # is: Project
