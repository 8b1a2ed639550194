"""Our words in `spec/words`: complete, and about nothing that does not exist."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from runapy_tools import yaml_files
from runapy_tools.generator.api import Api, load
from runapy_tools.generator.operation_source import arguments_of
from runapy_tools.imported import newest_version

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "spec" / "words").glob("*.yaml"))


@pytest.fixture(scope="module")
def api() -> Api:
    return load(ROOT, newest_version(ROOT))


@pytest.fixture(scope="module")
def arguments(api: Api) -> dict[str, list[str]]:
    """Names of each operation's arguments, which are what a docstring explains."""
    return {
        operation.id: [each.name for each in arguments_of(api, operation)]
        for operation in api.operations()
    }


def test_every_category_has_words_and_no_other(api: Api) -> None:
    assert set(api.words["categories"]) == {each.attribute for each in api.categories}


def test_every_group_has_words_and_no_other(api: Api) -> None:
    groups = {group.attribute for category in api.categories for group in category.groups}
    assert set(api.words["groups"]) == groups


def test_every_operation_has_words_and_no_other(api: Api) -> None:
    assert set(api.words["operations"]) == {operation.id for operation in api.operations()}


def test_every_parameter_has_words(api: Api, arguments: dict[str, list[str]]) -> None:
    general = api.words["parameters"]
    specific = api.words["parameters of operations"]
    silent = [
        f"{operation}.{name}"
        for operation, names in arguments.items()
        for name in names
        if name not in general and f"{operation}.{name}" not in specific
    ]
    assert silent == []


def test_words_of_parameters_name_parameters(api: Api, arguments: dict[str, list[str]]) -> None:
    known = {f"{operation}.{name}" for operation, names in arguments.items() for name in names}
    assert set(api.words["parameters of operations"]) - known == set()
    names = {name for each in arguments.values() for name in each}
    assert set(api.words["parameters"]) - names == set()


def entries(content: dict[str, Any]) -> list[tuple[str, str, Any]]:
    return [
        (kind, name, text)
        for kind, values in content.items()
        if isinstance(values, dict)
        for name, text in values.items()
    ]


def test_nothing_has_words_in_two_files() -> None:
    found = Counter(
        (kind, name)
        for path in FILES
        for kind, name, _ in entries(yaml_files.parse(path.read_text(encoding="utf-8")))
    )
    assert [each for each, count in found.items() if count > 1] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_entry_is_a_sentence_that_a_docstring_can_hold(path: Path) -> None:
    content = yaml_files.parse(path.read_text(encoding="utf-8"))
    assert set(content) <= {"category", "groups", "operations", "parameters"}
    for kind, name, text in entries(content):
        where = f"{kind} {name}"
        assert isinstance(text, str), where
        assert text[:1] == text[:1].upper() or text.startswith("`"), where
        assert text.endswith("."), where
        assert '"""' not in text, where
        assert "\\" not in text, where
