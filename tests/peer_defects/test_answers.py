"""What is read of answers that are older, newer or looser than the client's models."""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import Enum
from typing import Any, Literal, get_args, get_origin

import pytest

from runai import models
from runai._core.model import Alternatives
from runai.exceptions import ApiValueError, ResponseValidationError
from runai.runai_client import RunaiClient
from runai.testing import SampleControlPlane
from runai.testing.samples import Samples

from ..operations.test_every_operation import normalised
from ..operations.under_test import DOCUMENT, SPECIFICATION
from ..reliability.callers import Caller

SCHEMAS = SPECIFICATION.response_schemas
UNKNOWN = "Made-up by a newer control plane"


def samples() -> Iterator[tuple[Any, dict[str, Any], set[str]]]:
    """Each model with all that it can read, and the names of what is always there."""
    made = Samples(SCHEMAS)
    for name in DOCUMENT["components"]["schemas"]:
        model = getattr(models, name)
        reference = {"$ref": f"#/components/schemas/{name}"}
        value = made.of(reference)
        if hasattr(model, "from_dict") and isinstance(value, dict):
            yield model, value, set(SCHEMAS.resolved(reference).get("required", []))


def test_a_model_gives_back_what_it_read() -> None:
    """No null and no default is added where the control plane left a field out."""
    differences: dict[str, Any] = {}
    for model, everything, required in samples():
        least = {name: value for name, value in everything.items() if name in required}
        for value in (everything, least):
            read = model.from_dict(value)
            if normalised(json.loads(read.to_json())) != normalised(value):
                differences[model.__name__] = value, read.to_json()
            if set(read.to_dict()) != set(value):
                differences[model.__name__] = value, read.to_dict()
    assert differences == {}


def holds_an_enum(annotation: Any) -> bool:
    if get_origin(annotation) is Literal:
        return True
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return True
    return any(map(holds_an_enum, get_args(annotation)))


def with_unknown(value: Any) -> Any:
    return [UNKNOWN] if isinstance(value, list) else UNKNOWN


def test_every_enum_of_every_model_may_have_grown() -> None:
    wrong: dict[str, Any] = {}
    tried = 0
    for model, everything, _ in samples():
        if issubclass(model, Alternatives):
            continue
        for name, field in model.model_fields.items():
            wire = field.serialization_alias or field.alias or name
            if wire in everything and holds_an_enum(field.annotation):
                newer = {**everything, wire: with_unknown(everything[wire])}
                for read in (model.from_dict(newer), model.from_json(json.dumps(newer))):
                    tried += 1
                    if normalised(json.loads(read.to_json())) != normalised(newer):
                        wrong[f"{model.__name__}.{name}"] = read.to_json()
                    if read.to_dict()[wire] != newer[wire]:
                        wrong[f"{model.__name__}.{name}"] = read.to_dict()
    assert wrong == {}
    assert tried > 100


def test_an_answer_of_a_newer_control_plane(
    control_plane: SampleControlPlane, caller: Caller
) -> None:
    """Unknown values and fields, and a number that is written as text."""
    client: Any = RunaiClient(caller.client(control_plane.configuration()))
    project = caller.wait(client.organizations.projects.get_project("1")).data
    project["status"] |= {"phase": UNKNOWN, "newField": {"newer": [1, None]}}
    project["schedulingRules"]["trainingJobTimeLimitSeconds"] = "1"
    project["totalResources"]["gpuQuota"] = "2"
    control_plane.respond("projects.get_project", body=json.dumps(project).encode())
    response = caller.wait(client.organizations.projects.get_project("1"))
    assert response.data == project
    for read in (response.model, models.Project.from_dict(response.data)):
        assert read.status.phase == UNKNOWN
        assert read.status.model_extra == {"newField": {"newer": [1, None]}}
        assert read.status.to_dict()["newField"] == {"newer": [1, None]}
        assert read.scheduling_rules is not None
        assert read.scheduling_rules.training_job_time_limit_seconds == 1
        assert read.total_resources.gpu_quota == 2
        assert json.loads(read.to_json())["status"]["phase"] == UNKNOWN


def test_a_known_value_is_still_a_member(control_plane: SampleControlPlane, caller: Caller) -> None:
    client: Any = RunaiClient(caller.client(control_plane.configuration()))
    response = caller.wait(client.organizations.projects.get_project("1"))
    assert isinstance(response.model.status.phase, models.ProjectPhase)


def test_what_is_no_member_at_all_still_does_not_fit(
    control_plane: SampleControlPlane, caller: Caller
) -> None:
    client: Any = RunaiClient(caller.client(control_plane.configuration()))
    project = caller.wait(client.organizations.projects.get_project("1")).data
    project["status"]["phase"] = {"not": "a text"}
    control_plane.respond("projects.get_project", body=json.dumps(project).encode())
    response = caller.wait(client.organizations.projects.get_project("1"))
    with pytest.raises(ResponseValidationError, match=r"status\.phase: Input should be 'Creating'"):
        _ = response.model
    assert response.data == project


def test_an_unknown_value_is_read_and_not_sent(
    control_plane: SampleControlPlane, caller: Caller
) -> None:
    """Whoever sends back what was read learns of it before it leaves."""
    client: Any = RunaiClient(caller.client(control_plane.configuration()))
    rule = {"subjectId": "a", "subjectType": UNKNOWN, "roleId": 1}
    rule |= {"scopeId": "1", "scopeType": "project", "clusterId": "c"}
    read = models.AccessRuleCreationFields.from_dict(rule)
    rules: Any = client.authentication_and_authorization.access_rules
    for body in (read, rule):
        with pytest.raises(
            ApiValueError, match=r"subjectType \(subject_type\): Input should be .*Made-up"
        ):
            rules.create_access_rule(body)
    assert len(control_plane.requests) == 0
