"""Every file of the generated distributions, before it is formatted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from runapy_tools.generator.api import Api, Category, Group
from runapy_tools.generator.former_methods import with_former_methods
from runapy_tools.generator.group_source import group_module
from runapy_tools.generator.layout import Layout
from runapy_tools.generator.merged_document import merged_document
from runapy_tools.generator.model_source import model_module
from runapy_tools.generator.request_types import Requests
from runapy_tools.generator.source_templates import templates
from runapy_tools.imported import COMMON, UNREACHED

Files = dict[str, str]


class Packages:
    """Writes the source of every generated distribution of one control plane.

    Arguments:
        api: the control plane's API.
        release: the distributions' version.
        core: the version of core, which they are written for.
        licence: the text that each distribution carries.
    """

    def __init__(self, api: Api, release: str, core: str, licence: str) -> None:
        self._api = api
        self._categories = with_former_methods(api)
        self._layout = Layout(api)
        self._requests = Requests(api)
        self._licence = licence
        self.release = release
        self._core = core
        self._templates = templates(version=api.version, release=release)

    def distributions(self) -> dict[str, Files]:
        """Files by path, for each distribution by its name."""
        found = {each.distribution: dict(self._category(each)) for each in self._categories}
        found["runapy-common"] = dict(self._common())
        found["runapy"] = dict(self._meta())
        return found

    def control_plane(self) -> str:
        """The document that drives the embedded control plane."""
        return json.dumps(merged_document(self._api), indent=1, ensure_ascii=False) + "\n"

    def _category(self, category: Category) -> Iterator[tuple[str, str]]:
        package = f"src/runai/{category.package}"
        words = self._words("categories").get(category.attribute)
        title = f"{category.title}: {words}" if words else f"{category.title}."
        reached = self._api.reached_by(category)
        shared = sorted(name for name in reached if self._api.places[name] == COMMON)
        yield from self._metadata(
            category.distribution,
            f"{category.title} of the NVIDIA Run:ai API, for Python",
            [self._needed_core(), *([f"runapy-common~={self.release}"] if shared else [])],
            "category_readme.md.j2",
            category=category,
            uses_common=bool(shared),
            words=self._words("groups"),
        )
        context = {"category": category, "package": category.package}
        yield f"{package}/py.typed", ""
        yield (
            f"{package}/__init__.py",
            self._render(
                "category_package.py.j2", title=title, uses_common=bool(shared), **context
            ),
        )
        yield (
            f"{package}/category.py",
            self._render("category.py.j2", title=title, group_words=self._group_words, **context),
        )
        yield (
            f"{package}/api/__init__.py",
            self._lazy(
                f"The API groups of {category.title}.",
                {
                    f"runai.{category.package}.api.{group.module}": [group.class_name]
                    for group in category.groups
                },
            ),
        )
        for group in category.groups:
            words = self._group_words(group)
            yield (
                f"{package}/api/{group.module}.py",
                self._render(
                    "api_group.py.j2",
                    title=words,
                    group=group,
                    module=group_module(self._api, self._requests, group),
                    **context,
                ),
            )
        yield from self._models(category.package, f"{package}/models")
        yield from self._request_types(
            category.package, category.title, f"from runai.{category.package} import models"
        )
        exports = self._exports([*self._api.schemas_of(category.package), *shared])
        yield (
            f"{package}/models/__init__.py",
            self._lazy(f"The models of {category.title}.", exports),
        )

    def _common(self) -> Iterator[tuple[str, str]]:
        yield from self._metadata(
            "runapy-common",
            "Models that several categories of the NVIDIA Run:ai API share",
            [self._needed_core()],
            "common_readme.md.j2",
        )
        yield "src/runai/common/py.typed", ""
        yield from self._models(COMMON, "src/runai/common")
        yield from self._request_types(
            COMMON, "two or more categories", "from runai import common as models"
        )
        yield (
            "src/runai/common/__init__.py",
            self._lazy(
                "The models that two or more categories use.",
                self._exports(list(self._api.schemas_of(COMMON))),
                is_common=True,
            ),
        )

    def _meta(self) -> Iterator[tuple[str, str]]:
        categories = self._categories
        yield from self._metadata(
            "runapy",
            f"Python client for the NVIDIA Run:ai API, control plane {self._api.version}",
            [
                self._needed_core("[async]"),
                f"runapy-common~={self.release}",
                *(f"{each.distribution}~={self.release}" for each in categories),
            ],
            "meta_readme.md.j2",
            async_included=True,
            categories=categories,
            words=self._words("categories"),
        )
        yield "src/runai/runai_client/py.typed", ""
        yield (
            "src/runai/runai_client/__init__.py",
            self._render("runai_client.py.j2", api=self._api, words=self._words("categories")),
        )
        yield "src/runai/api/py.typed", ""
        yield (
            "src/runai/api/__init__.py",
            self._lazy(
                "Every API group, under the names that scripts import.",
                {
                    f"runai.{category.package}.api.{group.module}": [group.class_name]
                    for category in categories
                    for group in category.groups
                },
                is_meta=True,
            ),
        )
        yield "src/runai/models/py.typed", ""
        yield from self._models(UNREACHED, "src/runai/models")
        yield (
            "src/runai/models/__init__.py",
            self._lazy(
                "Every model, under the names that scripts import.",
                self._exports(list(self._api.schemas)),
                is_meta=True,
            ),
        )

    def _metadata(
        self,
        distribution: str,
        description: str,
        dependencies: list[str],
        readme: str,
        async_included: bool = False,
        **context: Any,
    ) -> Iterator[tuple[str, str]]:
        context.update(distribution=distribution, description=description)
        yield "LICENSE", self._licence
        yield "README.md", self._render(readme, **context)
        yield (
            "pyproject.toml",
            self._render(
                "category_pyproject.toml.j2",
                dependencies=dependencies,
                core_with_async=self._needed_core("[async]"),
                async_included=async_included,
                **context,
            ),
        )

    def _models(self, place: str, folder: str) -> Iterator[tuple[str, str]]:
        for module, names in sorted(self._layout.modules[place].items()):
            described = model_module(self._api, self._layout, names)
            yield (
                f"{folder}/{module}.py",
                self._render(
                    "model_module.py.j2",
                    module=described,
                    title=self._models_title(place, names),
                    has_enum=any(each["kind"] == "enum" for each in described.classes),
                ),
            )

    def _request_types(
        self, package: str, owners: str, import_models: str
    ) -> Iterator[tuple[str, str]]:
        module = self._requests.module(package)
        if module.types or module.shared:
            title = f"What requests of {owners} may hold in place of models."
            yield (
                f"src/runai/{package}/request_types.py",
                self._render(
                    "request_types.py.j2", title=title, module=module, import_models=import_models
                ),
            )

    def _models_title(self, place: str, names: list[str]) -> str:
        if place == UNREACHED:
            return "Models that no operation uses; they are kept for scripts that import them."
        groups = sorted({group for name in names for group in self._api.groups_of[name]})
        listed = ", ".join(groups)
        title = f"Models that are used by {listed}."
        return title if len(title) < 90 else f"Models that {len(groups)} API groups use."

    def _exports(self, names: list[str]) -> dict[str, list[str]]:
        exports: dict[str, list[str]] = {}
        for name in sorted(names):
            exports.setdefault(self._layout.import_path(name), []).append(name)
        return dict(sorted(exports.items()))

    def _lazy(self, title: str, exports: dict[str, list[str]], **context: Any) -> str:
        context = {"is_common": False, "is_meta": False, **context}
        return self._render("lazy_package.py.j2", title=title, exports=exports, **context)

    def _needed_core(self, extra: str = "") -> str:
        # An older core may not have what the generated code uses of it.
        major, minor, _ = self._core.split(".")
        return f"runapy-core{extra}>={major}.{minor},<{int(major) + 1}"

    def _group_words(self, group: Group) -> str:
        if group.operations:
            return self._words("groups").get(group.attribute, f"{group.tag}.")
        return "Former names of operations that are in other groups now."

    def _words(self, kind: str) -> dict[str, str]:
        return self._api.words.get(kind, {})

    def _render(self, template: str, **context: Any) -> str:
        return self._templates.get_template(template).render(**context)
