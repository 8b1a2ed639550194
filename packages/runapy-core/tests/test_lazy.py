"""Packages that import what they export when it is first used, or all of it at once."""

from __future__ import annotations

import importlib
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Callable, Iterator, List, Mapping, Optional

import pytest

PACKAGE = """
from runai._core.lazy import lazy_exports

__getattr__, __dir__, __all__ = lazy_exports(__name__, {names!r})
"""
SHAPES = {
    "circles": "class Circle: pass",
    # Of the package, not of the module that has it.
    "squares": "from shapes import Circle\n\nclass Square(Circle): pass",
}

MakePackage = Callable[..., Any]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakePackage]:
    """Writes a package that exports one class of each module, named as it in the singular.

    The modules are its own or, if it has none, those of another package.
    """
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)

    def make(name: str, modules: Mapping[str, str], holder: Optional[str] = None) -> None:
        (tmp_path / name).mkdir()
        names = {f"{holder or name}.{module}": (module.capitalize()[:-1],) for module in modules}
        (tmp_path / name / "__init__.py").write_text(PACKAGE.format(names=names))
        if holder is None:
            for module, source in modules.items():
                (tmp_path / name / f"{module}.py").write_text(source)
        importlib.invalidate_caches()

    yield make
    for name in set(sys.modules) - before:
        del sys.modules[name]


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    """Threads that change places so often that they meet."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


@pytest.mark.parametrize("value", ["", "0", "false"])
def test_a_name_is_imported_when_it_is_first_used(
    package: MakePackage, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("RUNAI_EAGER_IMPORT", value)
    package("shapes", SHAPES)
    shapes = importlib.import_module("shapes")
    assert "Circle" not in vars(shapes)
    assert "shapes.circles" not in sys.modules
    assert shapes.__all__ == ["Circle", "Square"]
    assert {"Circle", "Square", "__all__"} <= set(dir(shapes))
    assert shapes.Circle is sys.modules["shapes.circles"].Circle
    assert vars(shapes)["Circle"] is shapes.Circle
    assert "shapes.squares" not in sys.modules


def test_a_name_that_it_does_not_have(package: MakePackage) -> None:
    package("shapes", SHAPES)
    shapes = importlib.import_module("shapes")
    with pytest.raises(AttributeError, match="module 'shapes' has no attribute 'Triangle'"):
        _ = shapes.Triangle


@pytest.mark.parametrize("value", ["1", "true"])
def test_all_names_are_imported_where_the_environment_says_so(
    package: MakePackage, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("RUNAI_EAGER_IMPORT", value)
    # The first module in order uses a name of the second.
    package("shapes", dict(reversed(list(SHAPES.items()))))
    shapes = importlib.import_module("shapes")
    assert {"Circle", "Square"} <= set(vars(shapes))
    assert issubclass(shapes.Square, shapes.Circle)
    assert shapes.__all__ == ["Circle", "Square"]


def test_what_is_wrong_in_a_module_is_said_at_once(
    package: MakePackage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNAI_EAGER_IMPORT", "1")
    package("shapes", {"circles": "raise RuntimeError('no shape')"})
    with pytest.raises(RuntimeError, match="no shape"):
        importlib.import_module("shapes")


@pytest.mark.usefixtures("hasty_threads")
@pytest.mark.parametrize("value", ["", "1"], ids=["lazy", "eager"])
def test_threads_that_first_import_packages_with_the_same_modules(
    package: MakePackage, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("RUNAI_EAGER_IMPORT", value)
    modules = {f"shape{letter}s": f"class Shape{letter}: pass" for letter in "abcdefgh"}
    barrier = threading.Barrier(8)

    def first_use(name: str) -> List[Any]:
        barrier.wait()
        exporting = importlib.import_module(name)
        return [getattr(exporting, each) for each in exporting.__all__]

    with ThreadPoolExecutor(8) as threads:
        for attempt in range(20):
            own, others = f"shapes{attempt}", f"all{attempt}"
            package(own, modules)
            package(others, modules, holder=own)
            first, *found = threads.map(first_use, [own, others] * 4)
            assert len(first) == len(modules)
            assert all(each == first for each in found)
