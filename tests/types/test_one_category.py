"""An environment with one category alone: it is typed, and nothing of the others is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from .checkers import VIEWS, View
from .expectations import differences

PROGRAM = """\
from runai.api_client import ApiClient, AsyncApiClient, ThreadedApiClient
from runai.configuration import Configuration
from runai.exceptions import ApiException
from runai.organizations import Organizations, models
from runai.organizations.api.projects_api import ProjectsApi
from runai.organizations.request_types import ResourcesNullableDict

settings = Configuration.from_env()
reveal_type(settings)  # is: Configuration
waiting = Organizations(ApiClient(settings))
reveal_type(waiting.projects)  # is: ProjectsApi[ApiClient]
reveal_type(waiting.projects.get_project("1"))  # is: ApiResponse[Project]
threads = Organizations(ThreadedApiClient(settings))
reveal_type(threads.projects.get_project("1"))  # is: ApiFuture[Project]
tasks = Organizations(AsyncApiClient(settings))
call = tasks.projects.get_project("1")
reveal_type(call)  # is: Coroutine[None, None, ApiResponse[Project]]  # error: unused-coroutine | -
metrics = waiting.projects.get_project_metrics("1", ["GPU_QUOTA"], "", "").model
reveal_type(metrics)  # is: MetricsResponse
quota: ResourcesNullableDict = {"gpu": models.NonNullResource(deserved=4)}
waiting.projects.update_project_resources("1", [quota])
waiting.projects.get_projects(limit="1")  # error: arg-type | reportArgumentType | "limit"


def first(projects: ProjectsApi, metrics: models.MetricsResponse) -> models.Project:
    try:
        return projects.get_projects().model.projects[0]
    except ApiException as error:
        reveal_type(error.status)  # is: int | None
        raise


# What is not installed is an error in any case; the namespace itself has no py.typed.
from runai import api as api  # error: attr-defined | reportMissingTypeStubs, reportAttributeAccessIssue
from runai.audit import Audit as Audit  # error: import-untyped | reportMissingImports
from runai.runai_client import RunaiClient as RunaiClient  # error: import-untyped | reportMissingImports
"""  # noqa: E501


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_one_category_alone_is_typed(view: View, organizations_alone: Path, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    findings = view.of(organizations_alone, tmp_path)
    assert set(findings) == {"program.py"}
    assert list(differences(PROGRAM, view.checker, findings["program.py"])) == []
