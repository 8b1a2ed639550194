"""The generated distributions as a whole: metadata, packages, the merged document."""

from __future__ import annotations

import ast
import importlib
import json
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

from runapy_tools.generator import CONTROL_PLANES, generate
from runapy_tools.generator.api import load
from runapy_tools.generator.layout import Layout
from runapy_tools.imported import newest_version
from runapy_tools.openapi import referenced

from . import gadget_shop
from .descriptions import VERSION, answers, operation, reference, write_description

if sys.version_info >= (3, 11):
    import tomllib
else:
    tomllib = pytest.importorskip("tomli")

ROOT = Path(__file__).parents[3]


def metadata(root: Path, distribution: str) -> dict[str, Any]:
    text = (root / "packages" / distribution / "pyproject.toml").read_text()
    project: dict[str, Any] = tomllib.loads(text)["project"]
    return project


def test_the_version_names_the_control_plane(shop: Path) -> None:
    distributions = ["runapy-gadgets", "runapy-common", "runapy"]
    assert {metadata(shop, each)["version"] for each in distributions} == {"1.91.3"}


def test_a_patch_is_of_one_control_plane(tmp_path: Path) -> None:
    write_description(tmp_path, gadget_shop.PATHS, gadget_shop.SCHEMAS)
    releases = tmp_path / "spec" / "releases.yaml"
    releases.write_text(f'first_patch: 1\npatches:\n  "{VERSION}": 7\n  "9.0": 8\n')
    generate(tmp_path)
    assert metadata(tmp_path, "runapy")["version"] == "1.91.7"


def test_a_category_needs_the_core_it_is_generated_for_and_no_other_category(shop: Path) -> None:
    extras = metadata(shop, "runapy-gadgets")["optional-dependencies"]
    assert extras == {"async": ["runapy-core[async]>=1.4,<2"]}
    assert metadata(shop, "runapy-gadgets")["dependencies"] == ["runapy-core>=1.4,<2"]
    assert metadata(shop, "runapy")["dependencies"] == [
        "runapy-core[async]>=1.4,<2",
        "runapy-common~=1.91.3",
        "runapy-gadgets~=1.91.3",
    ]


def test_what_categories_share_is_in_a_distribution_of_its_own(tmp_path: Path) -> None:
    shared = {"$ref": "common.yaml#/components/schemas/Box"}
    get = operation("get_box", responses=answers(shared))
    box = {"type": "object", "properties": {"inner": reference("Box")}}
    write_description(tmp_path, {"/box": {"get": get}}, common={"Box": box})
    generate(tmp_path)
    assert metadata(tmp_path, "runapy-gadgets")["dependencies"] == [
        "runapy-core>=1.4,<2",
        "runapy-common~=1.91.3",
    ]
    models = tmp_path / "packages/runapy-gadgets/src/runai/gadgets/models/__init__.py"
    exports = {
        (node.module, alias.name)
        for node in ast.walk(ast.parse(models.read_text()))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert ("runai.common.gadgets", "Box") in exports
    document = json.loads((tmp_path / CONTROL_PLANES / f"{VERSION}.json").read_text())
    content = document["paths"]["/box"]["get"]["responses"]["200"]["content"]
    assert content == {"application/json": {"schema": reference("Box")}}
    assert document["components"]["schemas"] == {"Box": box}


def test_a_category_meets_shared_models_of_another_control_plane(tmp_path: Path) -> None:
    shared = {"$ref": "common.yaml#/components/schemas/Box"}
    get = operation("get_box", responses=answers(shared))
    write_description(tmp_path, {"/box": {"get": get}}, common={"Box": {"type": "object"}})
    generate(tmp_path)
    packages = tmp_path / "packages"
    common = packages / "runapy-common/src/runai/common/__init__.py"
    assert '\n__version__ = "1.91.3"\n' in common.read_text()
    path = [str(packages / name / "src") for name in ("runapy-gadgets", "runapy-common", "runapy")]

    def refused(module: str) -> str:
        code = f"import sys; sys.path[:] = {[*path, *sys.path]!r}; import {module}"
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.stderr.strip().rpartition("\n")[2]

    modules = {"runai.gadgets": "runapy-gadgets", "runai.gadgets.models": "runapy-gadgets"}
    modules |= dict.fromkeys(("runai.models", "runai.api", "runai.runai_client"), "runapy")
    assert [refused(module) for module in modules] == [""] * len(modules)
    common.write_text(common.read_text().replace("1.91.3", "1.90.7"))
    for module, distribution in modules.items():
        said = refused(module)
        assert said.startswith(f"ImportError: {distribution} 1.91.3 (control plane 9.1) cannot ")
        assert "runapy-common 1.90.7 (control plane 9.0)" in said


def test_every_distribution_has_its_licence_and_its_typing(shop: Path) -> None:
    for folder in (shop / "packages").glob("*/pyproject.toml"):
        if folder.parent.name == "runapy-testing":
            continue
        assert (folder.parent / "LICENSE").read_text() == "A licence.\n"
        for package in (folder.parent / "src" / "runai").iterdir():
            # The namespace has no py.typed, so what is directly in it is a package.
            assert (package / "py.typed").is_file()


def test_the_namespace_has_no_module_of_its_own(shop: Path) -> None:
    assert list((shop / "packages").glob("*/src/runai/__init__.py")) == []


def test_models_that_no_operation_uses_are_in_the_meta_distribution(shop: Path) -> None:
    unreached = shop / "packages" / "runapy" / "src" / "runai" / "models" / "unreached.py"
    module = ast.parse(unreached.read_text())
    assert [node.name for node in module.body if isinstance(node, ast.ClassDef)] == ["Ladder"]
    assert ast.get_docstring(module) == (
        "Models that no operation uses; they are kept for scripts that import them."
    )


def test_models_are_imported_when_they_are_used(installed_shop: None, shop: Path) -> None:
    code = (
        "import sys; from runai.gadgets import GadgetShop; client = GadgetShop(object());"
        "client.gadgets; print('pydantic' in sys.modules);"
        "from runai.gadgets import models; models.Gadget; print('pydantic' in sys.modules)"
    )
    path = [str(shop / "packages" / "runapy-gadgets" / "src"), *sys.path]
    result = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:] = {path!r}; {code}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.stdout.split(), result.stderr) == (["False", "True"], "")


def test_a_package_lists_what_it_exports(installed_shop: None) -> None:
    models = importlib.import_module("runai.gadgets.models")
    assert set(gadget_shop.SCHEMAS) <= set(dir(models))
    assert sorted(models.__all__) == sorted(gadget_shop.SCHEMAS)
    with pytest.raises(AttributeError, match="has no attribute 'Ladder'"):
        _ = models.Ladder


def test_the_embedded_control_planes_document_is_whole(shop: Path) -> None:
    document = json.loads((shop / CONTROL_PLANES / f"{VERSION}.json").read_text())
    validate(document)
    assert list(document["paths"]) == sorted(gadget_shop.PATHS)
    kept = document["paths"]["/gadgets"]["get"]
    assert kept == gadget_shop.PATHS["/gadgets"]["get"]
    assert set(document["components"]["schemas"]) == set(gadget_shop.SCHEMAS)


def test_modules_of_models_do_not_import_each_other_in_a_circle() -> None:
    api = load(ROOT, newest_version(ROOT))
    layout = Layout(api)
    modules = {name: layout.import_path(name) for name in api.schemas}
    imports: dict[str, set[str]] = {}
    for name, schema in api.schemas.items():
        used = {modules[other] for other in referenced(schema)}
        imports.setdefault(modules[name], set()).update(used - {modules[name]})
    # Raises CycleError, which names the circle.
    assert set(TopologicalSorter(imports).static_order()) == set(modules.values())
