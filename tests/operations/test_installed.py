"""The operations that are tested are those of the spec, and the packages are all made for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from runai.runai_client import RunaiClient

from .under_test import OPERATIONS, VERSION, control_plane_of

ROOT = Path(__file__).parents[2]
WITH_VERSIONS_OF_THEIR_OWN = {"runapy-core", "runapy-testing", "runapy-tools"}


def test_every_operation_of_the_spec_is_tested() -> None:
    assert sorted(described()) == OPERATIONS
    assert len(OPERATIONS) > 200


def test_the_client_has_these_operations_and_calls_all_others_deprecated() -> None:
    with RunaiClient(bearer_token="a.b.c", runai_base_url="https://runai.example") as client:
        every = set(methods(client, include_deprecated=True))
        current = set(methods(client, include_deprecated=False))
    assert every >= described() >= current
    assert current


def test_every_package_is_made_for_this_control_plane() -> None:
    made_for = {
        name: control_plane_of(each.version)
        for each in metadata.distributions()
        if (name := each.metadata["Name"]).startswith("runapy")
    }
    assert made_for.keys() > WITH_VERSIONS_OF_THEIR_OWN - {"runapy-tools"}
    assert {made_for[name] for name in made_for.keys() - WITH_VERSIONS_OF_THEIR_OWN} == {VERSION}


def described() -> set[str]:
    """The operations that `spec/` has of this control plane."""
    return {
        name
        for file in (ROOT / "spec" / VERSION).glob("*.yaml")
        for name in re.findall(r"^ +operationId: (\S+)$", file.read_text("utf-8"), re.MULTILINE)
    }


def methods(client: RunaiClient[Any], *, include_deprecated: bool) -> Iterator[str]:
    """`group.method` of every method that the client lists."""
    for category in client.options(include_deprecated=include_deprecated):
        groups = getattr(client, category)
        for group in groups.options(include_deprecated=include_deprecated):
            for name in getattr(groups, group).options(include_deprecated=include_deprecated):
                yield f"{group}.{name}"
