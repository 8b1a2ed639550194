"""Packages whose public names are imported when they are first used (PEP 562)."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any, Callable, List, Mapping, Sequence, Tuple

EAGER = "RUNAI_EAGER_IMPORT"
"""The environment variable that has every such package import all it holds with itself."""


def lazy_exports(
    package: str, names: Mapping[str, Sequence[str]]
) -> Tuple[Callable[[str], Any], Callable[[], List[str]], List[str]]:
    """Make the `__getattr__`, `__dir__` and `__all__` of a package.

    With `RUNAI_EAGER_IMPORT=1` in the environment, all its names are imported now.

    Arguments:
        package: its `__name__`.
        names: for each module, by its full name, the public names that it holds.
    """
    modules = {name: module for module, members in names.items() for name in members}

    def __getattr__(name: str) -> Any:
        try:
            module = modules[name]
        except KeyError:
            raise AttributeError(f"module {package!r} has no attribute {name!r}") from None
        # Its package first: a thread that imports a module keeps others from it while it waits for
        # the package, and where all are imported the package waits for the module.
        importlib.import_module(module.rpartition(".")[0])
        value = getattr(importlib.import_module(module), name)
        # Kept, so that the next use costs what any attribute costs.
        setattr(sys.modules[package], name, value)
        return value

    def __dir__() -> List[str]:
        return sorted({*vars(sys.modules[package]), *modules})

    exports = __getattr__, __dir__, sorted(modules)
    if os.environ.get(EAGER, "").strip().lower() in ("1", "true", "yes", "on"):
        # What is imported may itself import names of this package, which has got nothing so far.
        vars(sys.modules[package]).update(zip(("__getattr__", "__dir__", "__all__"), exports))
        for name in modules:
            __getattr__(name)
    return exports
