from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from runai._core.call import Call
from runai._core.operation import Operation
from runapy_tools import yaml_files
from runapy_tools.generator import generate

from . import gadget_shop
from .descriptions import write_description


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project's folder, with the distributions of the gadget shop. Tests only read it."""
    root = tmp_path_factory.mktemp("shop")
    write_description(
        root,
        gadget_shop.PATHS,
        gadget_shop.SCHEMAS,
        words=gadget_shop.WORDS,
        unreached=gadget_shop.UNREACHED,
    )
    words = yaml_files.write(gadget_shop.PARAMETER_WORDS)
    (root / "spec" / "words" / "parameters.yaml").write_text(words)
    generate(root)
    return root


@pytest.fixture(scope="session")
def installed_shop(shop: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(shop / "packages" / "runapy-gadgets" / "src")
        yield


@pytest.fixture(scope="session")
def models(installed_shop: None) -> ModuleType:
    """The generated `runai.gadgets.models`."""
    return importlib.import_module("runai.gadgets.models")


class Recorder:
    """A client that prepares calls and sends nothing."""

    def call(self, operation: Operation, arguments: Any, **options: Any) -> Call:
        return operation.prepare(arguments)


@pytest.fixture(scope="session")
def gadgets(installed_shop: None) -> Any:
    """The generated group, whose methods give the call that a client would send."""
    shop_client = importlib.import_module("runai.gadgets").GadgetShop(Recorder())
    return shop_client.gadgets
