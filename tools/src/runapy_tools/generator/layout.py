"""Where each model lives: modules of a package, and the order within them.

A model goes to a module named by the API groups that reach it, so that a program which uses one
group loads what that group can reach and little else. What four or more groups reach is in
`shared`. A module only ever imports modules of more groups, so that there are no import cycles.
"""

from __future__ import annotations

from collections import defaultdict

from runapy_tools.generator.api import Api
from runapy_tools.openapi import referenced
from runapy_tools.spec_import.categories import COMMON, UNREACHED

_MOST_GROUPS_IN_A_NAME = 3


class Layout:
    """Module and order of every schema of an API."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self.modules: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        """For each place, for each module, the schemas in the order of their definition."""
        for name, place in api.places.items():
            self.modules[place][self._module(name)].append(name)
        for modules in self.modules.values():
            for module, names in modules.items():
                modules[module] = self._in_order(names)

    def import_path(self, name: str) -> str:
        """The full name of the module that a schema is defined in."""
        return f"{package_of_models(self._api.places[name])}.{self._module(name)}"

    def _module(self, name: str) -> str:
        groups = self._api.groups_of[name]
        if not groups:
            return UNREACHED
        return "_".join(groups) if len(groups) <= _MOST_GROUPS_IN_A_NAME else "shared"

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
