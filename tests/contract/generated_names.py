"""The public names of generated distributions, read from their sources without importing them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .peer_names import Names, add_model, add_operations, classes, is_decorated, members, own_names

_CLIENT = "runai.runai_client"
_CLIENT_SOURCE = f"{_CLIENT}.__init__"


def generated_names(files: dict[str, bytes]) -> Names:
    """The names of the modules among generated files, by their paths."""
    trees = {
        path.partition("/src/")[2].removesuffix(".py").replace("/", "."): ast.parse(content)
        for path, content in files.items()
        if path.endswith(".py")
    }
    names: Names = {"operations": {}, "deprecated": {}, "models": {}, "enums": {}, "modules": {}}
    groups = _exported(trees, "runai.api")
    for path, group in _groups(trees):
        add_operations(names, path, groups[group], "deprecated(")
    for name, model in _exported(trees, "runai.models").items():
        add_model(names, model)
        # Alternatives have the one field that they inherit.
        if any(ast.unparse(base).startswith("Alternatives[") for base in model.bases):
            names["models"][name] = ["actual_instance"]
    names["modules"][_CLIENT] = [
        *own_names(trees[_CLIENT_SOURCE]),
        *_lazy_names(trees[_CLIENT_SOURCE]),
    ]
    return names


def _groups(trees: dict[str, ast.Module]) -> Iterator[tuple[str, str]]:
    """`category.group` and the class of the group."""
    categories = {
        each.name: each
        for module, tree in trees.items()
        if module.endswith(".category")
        for each in classes(tree)
    }
    (client,) = classes(trees[_CLIENT_SOURCE])
    for category, attribute in _cached_properties(client):
        for group, kind in _cached_properties(categories[attribute]):
            yield f"{category}.{group}", kind


def _cached_properties(cls: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """Their names and the classes that they give."""
    for name, method in members(cls).items():
        if is_decorated(method, "cached_property") and method.returns is not None:
            yield name, ast.unparse(method.returns).partition("[")[0]


def _exported(trees: dict[str, ast.Module], package: str) -> dict[str, ast.ClassDef]:
    """The classes that a package gives, found where it says that they are."""
    return {
        name: next(each for each in classes(trees[module]) if each.name == name)
        for name, module in _lazy_names(trees[f"{package}.__init__"]).items()
    }


def _lazy_names(tree: ast.Module) -> dict[str, str]:
    """The names that `lazy_exports` is given, with their modules."""
    (call,) = (
        each
        for each in ast.walk(tree)
        if isinstance(each, ast.Call) and ast.unparse(each.func) == "lazy_exports"
    )
    exports: dict[str, tuple[str, ...]] = ast.literal_eval(call.args[1])
    return {name: module for module, names in exports.items() for name in names}
