"""The control plane's own document, where it lies beside the checkout."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runapy_tools.generator import newest_version
from runapy_tools.generator.api import load
from runapy_tools.openapi import operations
from runapy_tools.spec_import import convert, import_document, source
from runapy_tools.spec_import.report import Report

ROOT = Path(__file__).parents[2]
VERSION = newest_version(ROOT)
SOURCES = ROOT.parent / "shared" / "specs"
SOURCE = SOURCES / f"{VERSION}.json"

pytestmark = pytest.mark.skipif(
    not SOURCE.exists(), reason=f"the control plane's document {SOURCE.name} is not here"
)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_an_import_gives_the_committed_files(tmp_path: Path) -> None:
    import_document(str(SOURCE), VERSION, tmp_path)
    assert contents(tmp_path / VERSION) == contents(ROOT / "spec" / VERSION)


# Each has defects that the newer ones have not.
@pytest.mark.parametrize("version", ["2.18", "2.20"])
def test_older_control_planes_can_be_imported(version: str) -> None:
    files = convert(source.read(str(SOURCES / f"{version}.json")), version, Report())
    found = [each for file in files.values() if "paths" in file for each in operations(file)]
    assert len(found) > 100


def sentences(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("summary", "description", "title") and isinstance(value, str):
                yield from re.split(r"[.\n]\s*", value)
            yield from sentences(value)
    elif isinstance(node, list):
        for value in node:
            yield from sentences(value)


def plain(sentence: str) -> str:
    return " ".join(re.findall(r"\w+", sentence.lower()))


def test_no_sentence_of_our_words_is_the_control_planes() -> None:
    document = json.loads(SOURCE.read_text(encoding="utf-8"))
    theirs = {plain(sentence) for sentence in sentences(document)}
    ours = [text for kind in load(ROOT, VERSION).words.values() for text in kind.values()]
    # Names of things are facts; what has five words or more is a sentence.
    copied = [text for text in ours if plain(text) in theirs and len(plain(text).split()) >= 5]
    assert copied == []
