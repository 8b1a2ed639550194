"""Module paths that older scripts import, such as `runai.models.project_creation_request`.

They once were files, one for each class. Here they are made when they are imported.
"""

from __future__ import annotations

import importlib
import re
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from typing import TYPE_CHECKING, Any, Iterable, Optional

if TYPE_CHECKING:
    from types import ModuleType


def serve_legacy_modules(package: str, names: Iterable[str]) -> None:
    """Let `<package>.<class_in_snake_case>` be imported for each class that a package exports."""
    finder = _LegacyModules(package, names)
    if finder not in sys.meta_path:
        # Last: a real module of that name comes first.
        sys.meta_path.append(finder)


class _LegacyModules(MetaPathFinder, Loader):
    def __init__(self, package: str, names: Iterable[str]) -> None:
        self._package = package
        self._classes = {f"{package}.{_module_name(name)}": name for name in names}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _LegacyModules) and other._package == self._package

    def __hash__(self) -> int:
        return hash(self._package)

    def find_spec(
        self, fullname: str, path: Any = None, target: Optional[ModuleType] = None
    ) -> Optional[ModuleSpec]:
        return ModuleSpec(fullname, self) if fullname in self._classes else None

    def exec_module(self, module: ModuleType) -> None:
        name = self._classes[module.__name__]
        setattr(module, name, getattr(importlib.import_module(self._package), name))


def _module_name(name: str) -> str:
    words = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", words).lower()
