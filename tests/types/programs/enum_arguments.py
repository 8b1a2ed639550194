"""An enum's member or its string, for parameters and for fields of a body."""

from __future__ import annotations

from datetime import datetime

from runai.api_client import ApiClient
from runai.models import (
    AccessRuleCreationFields,
    OrgUnitMetricType,
    ProjectFilterSortFields,
    ScopeType,
    SubjectType,
)
from runai.runai_client import RunaiClient

client = RunaiClient(ApiClient())
projects = client.organizations.projects

projects.get_projects(sort_by=ProjectFilterSortFields.NAME, sort_order="asc")
projects.get_projects(sort_by="name", sort_order=None)
projects.get_projects(sort_by="nam")  # error: arg-type | reportArgumentType | "sort_by"
projects.get_projects(sort_order="up")  # error: arg-type | reportArgumentType | "sort_order"
projects.get_projects(sort_by=OrgUnitMetricType.GPU_QUOTA)  # error: arg-type | reportArgumentType | "sort_by"
projects.get_projects(sort_by=ProjectFilterSortFields.NAMES)  # error: attr-defined | reportAttributeAccessIssue | NAMES

now = datetime.now()
metrics = [OrgUnitMetricType.GPU_QUOTA, OrgUnitMetricType.GPU_ALLOCATION]
projects.get_project_metrics("1", metrics, now, now)
projects.get_project_metrics("1", ["GPU_QUOTA", OrgUnitMetricType.GPU_ALLOCATION], now, now)
projects.get_project_metrics("1", ("GPU_QUOTA",), now, now)
projects.get_project_metrics("1", ["GPU_QUOTAS"], now, now)  # error: list-item | reportArgumentType | GPU_QUOTAS
projects.get_project_metrics("1", "GPU_QUOTA", now, now)  # error: arg-type | reportArgumentType
projects.get_project_metrics("1", metrics, now, now, accept="text/csv")
projects.get_project_metrics("1", metrics, now, now, accept="text/xml")  # error: arg-type | reportArgumentType | "accept"

rules = client.authentication_and_authorization.access_rules
rules.create_access_rule(
    AccessRuleCreationFields(
        subject_id="ada@my-company.com",
        subject_type=SubjectType.USER,
        role_id=1,
        scope_id="1",
        scope_type=ScopeType.PROJECT,
    )
)
rules.create_access_rule(
    {
        "subjectId": "ada@my-company.com",
        "subjectType": "user",
        "roleId": 1,
        "scopeId": "1",
        "scopeType": ScopeType.PROJECT,
    }
)
rules.create_access_rule(
    {  # error: arg-type | reportArgumentType | AccessRuleCreationFieldsDict
        "subjectId": "ada@my-company.com",
        "subjectType": "person",
        "roleId": 1,
        "scopeId": "1",
        "scopeType": "project",
    }
)

# What comes back is the enum.
found = rules.get_access_rules().model.access_rules[0]
reveal_type(found.subject_type)  # is: SubjectType
reveal_type(found.subject_type == SubjectType.USER)  # is: bool
