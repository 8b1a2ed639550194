"""What came with a later control plane says so."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path

import pytest

from runapy_tools.generator.api import Api, load
from runapy_tools.generator.model_source import python_field
from runapy_tools.imported import imported_versions, newest_version

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def api() -> Api:
    return load(ROOT, newest_version(ROOT))


def test_every_later_operation_names_its_control_plane(api: Api) -> None:
    oldest = imported_versions(ROOT)[0]
    said: dict[str, str] = {}
    for category in api.categories:
        for group in category.groups:
            module = importlib.import_module(f"runai.{category.package}.api.{group.module}")
            methods = getattr(module, group.class_name)
            for operation in group.operations:
                since = api.history.operations[operation.method, operation.path].available
                text = inspect.getdoc(getattr(methods, operation.name)) or ""
                plan = getattr(module, f"_{operation.name.upper()}")
                assert (f"Since control plane {since}." in text) is (since != oldest)
                assert plan.since == ("" if since == oldest else since)
                said[operation.id] = since
    assert len(said) == 391
    # Looked up by hand in the documents of 2.18 to 2.24.
    assert said["projects.get_projects"] == "2.18"
    assert set(said.values()) == set(imported_versions(ROOT))


def test_what_is_deprecated_names_the_control_plane_that_deprecated_it(api: Api) -> None:
    # Looked up by hand in the documents of 2.18 to 2.24.
    users = importlib.import_module("runai.authn.api").UsersApi
    text = doc(users.get_users)
    assert " Deprecated since control plane 2.19. " in text.partition(" filter: ")[2]
    models = importlib.import_module("runai.models")
    assert "Deprecated since 2.23: `placement_strategy`." in doc(models.NodepoolCreateFields)


def doc(documented: object) -> str:
    """The words of a docstring."""
    return " ".join((inspect.getdoc(documented) or "").split())


def test_each_deprecated_field_is_named(api: Api) -> None:
    models = importlib.import_module("runai.models")
    found = 0
    for (name, wire), since in api.history.fields.items():
        if since.deprecated:
            found += 1
            newer = api.history.newly_deprecated(since)
            field = python_field(wire, api.schemas[name]["properties"][wire])
            when = f" since {newer}" if newer else ""
            said = re.search(rf"Deprecated{when}: ([^.]*)\.", doc(getattr(models, name)))
            assert said, (name, wire)
            assert f"`{field}`" in said[1].split(", ")
    assert found > 40


def test_later_parameters_models_and_fields(api: Api) -> None:
    models = importlib.import_module("runai.models")
    for name, since in api.history.models.items():
        newer = api.history.newer(since)
        text = doc(getattr(models, name))
        assert (f"Since control plane {newer}." in text) is bool(newer), name
    for (name, wire), since in api.history.fields.items():
        newer = api.history.newer(since)
        if newer and newer != api.history.newer(api.history.models[name]):
            text = doc(getattr(models, name))
            assert f"Since {newer}: `" in text, (name, wire)
