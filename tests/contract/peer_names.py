"""The public names of earlier versions of the older client, read from its wheels.

    pip download --no-deps runapy==1.218.0   # and so on, for each version
    python tests/contract/peer_names.py runapy-*.whl > tests/contract/peer-names.json

Names alone are taken, as facts: nothing of the older client is imported, and no sentence and no
code of it is kept. The file has a line for each name, with what it stood for from each version on;
null means that the name was gone.
"""

from __future__ import annotations

import ast
import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from runapy_tools.naming import snake_case

Names = dict[str, dict[str, Any]]
"""By kind, and by name:

- `operations`: `category.group.method`; its parameters in order, optional ones with `?`.
- `deprecated`: those of them that are; True.
- `models`: their fields. `enums`: their members with the values.
- `modules`: what each defines, or takes from another module of the client. The modules of groups
  and models are not here: they are named by their classes.
"""

_WITHOUT_NAMES = {"runai.api.runai_api_service"}
"""The base of the groups."""


def peer_names(sources: dict[str, str]) -> Names:
    """The names of a client from the texts of its modules by their full names.

    Raises:
        ValueError: a group or a model is in a module that its name does not tell.
    """
    trees = {name: ast.parse(text) for name, text in sources.items()}
    groups = {each.name: each for each in _of_modules(trees, "runai.api.")}
    names: Names = {
        "operations": {},
        "deprecated": {},
        "models": {},
        "enums": {},
        "modules": {
            name: sorted(own_names(tree)) for name, tree in trees.items() if name.count(".") == 1
        },
    }
    for path, group in _groups(trees["runai.runai_client"]):
        add_operations(names, path, groups[group], "deprecated_message")
    for each in _of_modules(trees, "runai.models."):
        add_model(names, each)
    return names


def add_operations(names: Names, path: str, group: ast.ClassDef, deprecated: str) -> None:
    """Put the methods of a group among the operations.

    Arguments:
        path: `category.group`.
        deprecated: what the decorator of deprecated methods begins with.
    """
    for name, method in members(group).items():
        names["operations"][f"{path}.{name}"] = _parameters(method)
        if is_decorated(method, deprecated):
            names["deprecated"][f"{path}.{name}"] = True


def add_model(names: Names, cls: ast.ClassDef) -> None:
    """Put a class among the models or the enums."""
    if any(ast.unparse(base) == "Enum" for base in cls.bases):
        names["enums"][cls.name] = {
            each.targets[0].id: ast.literal_eval(each.value)
            for each in cls.body
            if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name)
        }
    else:
        names["models"][cls.name] = sorted(_fields(cls.body))


def classes(tree: ast.Module) -> list[ast.ClassDef]:
    """The classes of a module."""
    return [each for each in tree.body if isinstance(each, ast.ClassDef)]


def members(cls: ast.ClassDef) -> dict[str, ast.FunctionDef]:
    """The public methods and properties of a class."""
    return {
        each.name: each
        for each in cls.body
        if isinstance(each, ast.FunctionDef) and not each.name.startswith("_")
    }


def is_decorated(method: ast.FunctionDef, decorator: str) -> bool:
    """Whether a method has a decorator that begins so."""
    return any(ast.unparse(each).startswith(decorator) for each in method.decorator_list)


def own_names(tree: ast.Module) -> Iterator[str]:
    """What a module defines, or takes from another module of the client."""
    for each in tree.body:
        if isinstance(each, ast.ClassDef | ast.FunctionDef):
            found = [each.name]
        elif isinstance(each, ast.ImportFrom) and (each.module or "").startswith("runai"):
            found = [alias.asname or alias.name for alias in each.names]
        else:
            found = []
        yield from (name for name in found if not name.startswith("_"))


def changes(versions: dict[str, Names]) -> Names:
    """For each name what it stood for, by the version that this came with; oldest version first."""
    result: Names = {}
    for version, names in versions.items():
        for kind, found in names.items():
            known = result.setdefault(kind, {})
            for name in {**known, **found}:
                was = known.setdefault(name, {})
                latest = next(reversed(was.values()), None)
                if found.get(name) != latest:
                    was[version] = found.get(name)
    return result


def of_version(changed: Names, version: str) -> Names:
    """What `changes` was made of."""
    result: Names = {}
    for kind, names in changed.items():
        result[kind] = {}
        for name, values in names.items():
            latest = [value for since, value in values.items() if since <= version][-1:]
            if latest and latest[0] is not None:
                result[kind][name] = latest[0]
    return result


def _of_modules(trees: dict[str, ast.Module], package: str) -> Iterator[ast.ClassDef]:
    for module, tree in trees.items():
        if module.startswith(package) and module not in _WITHOUT_NAMES:
            (found,) = classes(tree)
            if f"{package}{snake_case(found.name)}" != module:
                raise ValueError(f"{found.name} is in {module}")
            yield found


def _groups(client: ast.Module) -> Iterator[tuple[str, str]]:
    """`category.group` and the class of the group."""
    by_name = {each.name: each for each in classes(client)}
    for category, attribute in members(by_name["RunaiClient"]).items():
        if is_decorated(attribute, "property") and attribute.returns is not None:
            for group, each in members(by_name[ast.unparse(attribute.returns)]).items():
                if each.returns is not None and is_decorated(each, "property"):
                    yield f"{category}.{group}", ast.unparse(each.returns).rpartition(".")[2]


def _parameters(method: ast.FunctionDef) -> list[str]:
    """Positional ones; those with a default end in `?`."""
    names = [each.arg for each in method.args.args[1:]]
    required = len(names) - len(method.args.defaults)
    return [*names[:required], *(f"{name}?" for name in names[required:])]


def _fields(body: list[ast.stmt]) -> Iterator[str]:
    for each in body:
        if isinstance(each, ast.If):
            yield from _fields(each.body)
        elif isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
            name, annotation = each.target.id, ast.unparse(each.annotation)
            if not name.startswith("_") and "ClassVar" not in annotation:
                yield name


def _sources(wheel: Path) -> dict[str, str]:
    with zipfile.ZipFile(wheel) as archive:
        return {
            path.removesuffix(".py").replace("/", "."): archive.read(path).decode()
            for path in archive.namelist()
            if path.startswith("runai/") and path.endswith(".py") and "__init__" not in path
        }


def _written(names: Names) -> str:
    kinds = []
    for kind, found in names.items():
        lines = [f"  {json.dumps(name)}: {json.dumps(found[name])}" for name in sorted(found)]
        kinds.append(f' "{kind}": {{\n' + ",\n".join(lines) + "\n }")
    return "{\n" + ",\n".join(kinds) + "\n}\n"


if __name__ == "__main__":
    wheels = {path.name.split("-")[1]: path for path in map(Path, sys.argv[1:])}
    found = {version: peer_names(_sources(wheels[version])) for version in sorted(wheels)}
    sys.stdout.write(_written(changes(found)))
