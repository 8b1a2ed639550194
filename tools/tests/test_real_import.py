"""The control planes' own documents, where they lie beside the checkout."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from runapy_tools import yaml_files
from runapy_tools.control_plane import read
from runapy_tools.imported import imported_versions
from runapy_tools.spec_import.committed import check_imports

ROOT = Path(__file__).parents[2]
SOURCES = ROOT.parent / "shared" / "specs"
# Names of things are facts; what has five words or more is a sentence.
SENTENCE = 5

pytestmark = [
    pytest.mark.skipif(not SOURCES.exists(), reason="the control planes' documents are not here"),
    pytest.mark.parametrize("version", imported_versions(ROOT)),
]


def test_an_import_gives_the_committed_files(version: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "spec" / version, tmp_path / "spec" / version)
    (tmp_path / "spec" / version / "made-by-hand.yaml").touch()
    by_hand = f"not what `import` writes: spec/{version}/made-by-hand.yaml"
    assert check_imports(tmp_path, SOURCES) == [by_hand]


def sentences(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("summary", "description", "title") and isinstance(value, str):
                yield from re.split(r"[.\n]\s*", value)
            yield from sentences(value)
    elif isinstance(node, list):
        for value in node:
            yield from sentences(value)


def texts(node: Any) -> Iterator[str]:
    """Every string, keys included."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value)


def plain(sentence: str) -> str:
    return " ".join(re.findall(r"\w+", sentence.lower()))


def long(found: Iterator[str]) -> set[str]:
    """What has the length of a sentence, without punctuation."""
    return {text for text in map(plain, found) if len(text.split()) >= SENTENCE}


@cache
def theirs(version: str) -> set[str]:
    document = json.loads((SOURCES / f"{version}.json").read_text(encoding="utf-8"))
    found = long(sentences(document))
    assert len(found) > 1000
    return found


def test_no_sentence_is_in_the_committed_files(version: str) -> None:
    plane = read(ROOT / "spec" / version)
    ours = long(texts([plane.schemas, [each.facts for each in plane.operations.values()]]))
    # Patterns and paths are as long.
    assert ours
    their_sentences = theirs(version)
    assert [text for text in ours if any(each in text for each in their_sentences)] == []


@cache
def our_words() -> set[str]:
    files = [yaml_files.parse(path.read_bytes()) for path in (ROOT / "spec" / "words").iterdir()]
    return long(texts(files))


def test_no_sentence_of_our_words_is_the_control_planes(version: str) -> None:
    assert our_words()
    assert our_words() & theirs(version) == set()
