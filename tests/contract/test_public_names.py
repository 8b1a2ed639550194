"""The public names of the older client, all of them, against what is installed here.

`peer-1.224.0.json` lists the names of runapy 1.224.0 on PyPI. Where this project differs, the
difference stands here with its reason; anything else that differs fails.
"""

import importlib
import inspect
import json
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

import runai.exceptions
from runai import api, models
from runai._core.model import Alternatives
from runai.api_response import ApiResponse
from runai.runai_client import RunaiClient

PEER: dict[str, Any] = json.loads((Path(__file__).parent / "peer-1.224.0.json").read_text())

# The two names were taken by the metrics models `project` and `department`, which differ in
# capitals alone; here they are the models that the operations on projects and departments use.
# What the older client had under these names is Project1 and Department1, here as there.
OTHER_CLASS = {"Project": "Project1", "Department": "Department1"}

# Not of the API: what the older client's own classes had as fields.
NOT_FIELDS = {
    "DepartmentV1CommonFields": {"additional_properties": "model_extra has them"},
    "ProjectV1CommonFields": {"additional_properties": "model_extra has them"},
    "UpdateSecuritySettingByKeyRequest": dict.fromkeys(
        (
            "any_of_schemas",
            "anyof_schema_1_validator",
            "anyof_schema_2_validator",
            "anyof_schema_3_validator",
        ),
        "how the older client chose among the alternatives",
    ),
}

# Internals of the older client's transports and code generator.
MODULES_GONE = {
    "runai.rest": "transports are private",
    "runai.async_rest": "transports are private",
    "runai.token_refresher": "the token is part of the exchange",
}

INCIDENTAL = "an import of the older client's module, not a name of its own"
NAMES_GONE = {
    "runai.api": {"runai_api_service": "the base of the groups is private"},
    "runai.api_client": dict.fromkeys(
        (
            "BaseModel Dict List Optional ThreadPool Tuple absolute_import async_rest cpu_count"
            " datetime json logging quote re rest TokenRefresher ApiResponseT RequestSerialized"
        ).split(),
        INCIDENTAL,
    ),
    "runai.api_response": dict.fromkeys(
        "BaseModel Field Generic Mapping Optional StrictInt T TypeVar".split(), INCIDENTAL
    ),
    "runai.cliv2_config_loader": dict.fromkeys("Path base64 json".split(), INCIDENTAL),
    "runai.configuration": dict.fromkeys("Optional logging os re ssl urllib3".split(), INCIDENTAL),
    "runai.exceptions": dict.fromkeys("Any Optional Self".split(), INCIDENTAL),
    "runai.runai_client": dict.fromkeys("abc api".split(), INCIDENTAL),
}

# What these were called in older control planes' clients; `tests/clients/test_former_names.py`
# calls them.
FORMER_NAMES = {
    f"{group}.{name}"
    for group, names in {
        "audit.audit_logs": ["get_audit_logs1"],
        "authentication_and_authorization.applications": [
            "create_application_0",
            "delete_application_by_id_0",
            "get_application_by_id_0",
            "get_applications_0",
            "update_application_by_id_0",
        ],
        "authentication_and_authorization.roles": ["get_role", "get_roles"],
        "authentication_and_authorization.settings": [
            "get_idm_setting_by_key",
            "get_idm_settings",
            "update_idm_setting_by_key",
        ],
        "authentication_and_authorization.users": [
            "create_user_0",
            "delete_user_by_id_0",
            "get_user_by_id_0",
            "get_users_0",
        ],
        "organizations.logo": ["upload_tenant_logo1"],
        "workloads.workloads": [
            "get_category_by_id",
            "get_workload_type",
            "list_categories",
            "list_workload_types",
            "update_workload_type",
        ],
        "workloads.workloads_priorities": ["get_workload_priorities"],
    }.items()
    for name in names
}


def members(cls: type) -> set[str]:
    return {name for name in dir(cls) if not name.startswith("_")}


def client_of_nothing() -> RunaiClient:
    """A client whose methods can be looked at; none is called."""
    return RunaiClient(bearer_token="none", runai_base_url="http://127.0.0.1:1")


def api_methods() -> dict[str, Any]:
    """Every method of every group of every category, by `category.group.method`."""
    client = client_of_nothing()
    found = {}
    for category in client.options(include_deprecated=True):
        for group in getattr(client, category).options(include_deprecated=True):
            groups = getattr(getattr(client, category), group)
            for method in groups.options(include_deprecated=True):
                found[f"{category}.{group}.{method}"] = getattr(groups, method)
    return found


def test_every_operation_is_there_and_no_other() -> None:
    assert set(api_methods()) == set(PEER["operations"]) | FORMER_NAMES
    assert not set(PEER["operations"]) & FORMER_NAMES
    assert len(PEER["operations"]) == 391


@pytest.mark.parametrize("name", PEER["operations"])
def test_parameters_have_the_same_names_and_order(name: str) -> None:
    peer = PEER["operations"][name]
    parameters = inspect.signature(api_methods()[name]).parameters.values()
    # `accept` and the options of a call are new, and can be given by keyword alone.
    new = (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD)
    ours = [each for each in parameters if each.kind not in new]
    assert [each.name for each in ours] == peer["parameters"]
    required = [each.name for each in ours if each.default is inspect.Parameter.empty]
    assert required == peer["required"]


def test_deprecated_operations_are_the_same() -> None:
    deprecated = {
        name for name, method in api_methods().items() if hasattr(method, "__deprecated__")
    }
    before = {name for name, peer in PEER["operations"].items() if peer["deprecated"]}
    assert deprecated == before | FORMER_NAMES


def test_every_model_is_there_and_no_other() -> None:
    ours = {name for name in dir(models) if inspect.isclass(getattr(models, name, None))}
    assert ours == set(PEER["models"]) | set(PEER["enums"])
    assert (len(PEER["models"]), len(PEER["enums"])) == (1024, 103)


@pytest.mark.parametrize("name", PEER["models"])
def test_fields_have_the_same_names(name: str) -> None:
    model = getattr(models, OTHER_CLASS.get(name, name))
    expected = {
        field: wire
        for field, (wire, _) in PEER["models"][name].items()
        if field not in NOT_FIELDS.get(name, {})
    }
    if issubclass(model, Alternatives):
        assert set(expected) == {"actual_instance"}
        return
    ours = {
        field: info.serialization_alias or info.alias or field
        for field, info in model.model_fields.items()
    }
    assert ours == expected


@pytest.mark.parametrize("name", PEER["models"])
def test_no_field_is_required_that_was_not(name: str) -> None:
    model = getattr(models, OTHER_CLASS.get(name, name))
    required = {field for field, info in model.model_fields.items() if info.is_required()}
    if issubclass(model, Alternatives):
        return
    before = {field for field, (_, needed) in PEER["models"][name].items() if needed}
    # What only the control plane sets cannot be demanded of a request.
    assert before - required <= model.__read_only__
    assert required <= before


@pytest.mark.parametrize("name", PEER["enums"])
def test_enum_members_are_the_same(name: str) -> None:
    enum = getattr(models, name)
    assert issubclass(enum, Enum)
    assert {member.name: member.value for member in enum} == PEER["enums"][name]


@pytest.mark.parametrize("name", PEER["exceptions"])
def test_exceptions_have_the_same_ancestors(name: str) -> None:
    ours = [cls.__name__ for cls in getattr(runai.exceptions, name).__mro__]
    # New classes may stand between; the order of the old ones stays.
    assert [each for each in ours if each in PEER["exceptions"][name]] == PEER["exceptions"][name]


@pytest.mark.parametrize("module", PEER["modules"])
def test_modules_give_the_same_names(module: str) -> None:
    if module in MODULES_GONE:
        with pytest.raises(ModuleNotFoundError):
            importlib.import_module(module)
        return
    found = importlib.import_module(module)
    for name in PEER["modules"][module]:
        if name in NAMES_GONE.get(module, {}) or name == "annotations":
            continue
        if module in ("runai.api", "runai.models") and name.islower():
            # Once a file for each class.
            importlib.import_module(f"{module}.{name}")
        assert hasattr(found, name), f"{module}.{name}"


def test_models_have_the_same_methods() -> None:
    assert set(PEER["model_methods"]) <= members(models.Project)


def test_answers_have_the_same_fields() -> None:
    assert set(PEER["response_fields"]) <= set(inspect.signature(ApiResponse).parameters)
    assert set(PEER["response_fields"]) <= {name for name in dir(ApiResponse()) if name[0] != "_"}


def test_groups_and_categories_are_properties_of_the_client() -> None:
    client = client_of_nothing()
    assert len(client.options(include_deprecated=True)) == 9
    groups = {
        (category, group)
        for category in client.options(include_deprecated=True)
        for group in getattr(client, category).options(include_deprecated=True)
    }
    assert groups == {tuple(name.split(".")[:2]) for name in {*PEER["operations"], *FORMER_NAMES}}
    assert len(groups) == 63
    assert all(isinstance(getattr(RunaiClient, name), cached_property) for name, _ in groups)
    assert len(vars(api)["__all__"]) == 63
