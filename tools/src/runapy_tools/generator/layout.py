"""Where each model lives: modules of a package, and the order within them.

Models that the same API groups reach are in one module, so that a program which uses one group
loads what that group can reach and little else: making a class is what costs. The module is named
by its groups; where these are more than three, by the model that the others in it are parts of. So
are the modules that a group with very many models is divided into, by the operations that reach
them.
A module only ever imports modules that more groups or operations reach: there are no import cycles.
"""

from __future__ import annotations

from collections import defaultdict

from runapy_tools.generator.api import Api
from runapy_tools.imported import COMMON, UNREACHED
from runapy_tools.naming import snake_case
from runapy_tools.openapi import referenced

_MOST_GROUPS_IN_A_NAME = 3
_MOST_MODELS_IN_A_GROUP = 40


class Layout:
    """Module and order of every schema of an API."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self.modules: dict[str, dict[str, list[str]]] = defaultdict(dict)
        """For each place, for each module, the schemas in the order of their definition."""
        self._module_of: dict[str, str] = {}
        for names in self._signatures():
            place, module = api.places[names[0]], self._module(names)
            if module in self.modules[place]:
                raise ValueError(f"two modules of {place} would be called {module}")
            self.modules[place][module] = self._in_order(names)
            self._module_of.update(dict.fromkeys(names, module))

    def import_path(self, name: str) -> str:
        """The full name of the module that a schema is defined in."""
        return f"{package_of_models(self._api.places[name])}.{self._module_of[name]}"

    def _signatures(self) -> list[list[str]]:
        """The models by what reaches them."""
        api = self._api
        by_groups: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
        for name, place in api.places.items():
            by_groups[(place, tuple(api.groups_of[name]))].append(name)
        found: list[list[str]] = []
        for (_, groups), names in by_groups.items():
            if len(groups) == 1 and len(names) > _MOST_MODELS_IN_A_GROUP:
                by_operations: dict[tuple[str, ...], list[str]] = defaultdict(list)
                for name in names:
                    by_operations[tuple(api.operations_of[name])].append(name)
                found += by_operations.values()
            else:
                found.append(names)
        return found

    def _module(self, names: list[str]) -> str:
        groups = self._api.groups_of[names[0]]
        if not groups:
            return UNREACHED
        whole = [name for name, each in self._api.groups_of.items() if each == groups]
        is_divided = len(groups) == 1 and len(whole) > len(names)
        if len(groups) <= _MOST_GROUPS_IN_A_NAME and not is_divided:
            return "_".join(groups)
        parts = {
            part for name in names for part in referenced(self._api.schemas[name]) if part != name
        }
        return snake_case(min(set(names) - parts or names))

    def _in_order(self, names: list[str]) -> list[str]:
        """The names so that each one follows those that it refers to."""
        done: list[str] = []
        within = set(names)

        def visit(name: str, above: tuple[str, ...]) -> None:
            if name in done or name in above:
                return
            for used in sorted(set(referenced(self._api.schemas[name])) & within):
                visit(used, (*above, name))
            done.append(name)

        for name in sorted(names):
            visit(name, ())
        return done


def package_of_models(place: str) -> str:
    """The package whose modules hold the models of a place."""
    if place == COMMON:
        return "runai.common"
    return "runai.models" if place == UNREACHED else f"runai.{place}.models"
