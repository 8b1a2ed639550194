"""The public names of the older client's earlier versions, against what `generate` makes of them.

`peer-names.json` lists the names of runapy 1.218.0 to 1.223.0 on PyPI; `peer_names.py` says how it
is made. Each is compared with the distributions of its control plane. Where they differ, the
difference stands here with its reason; anything else that differs fails.
"""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runapy_tools.control_plane import read
from runapy_tools.generator import generated
from runapy_tools.imported import newest_version
from runapy_tools.spec_diff.former_names import former_names

from ..environments import ROOT
from .generated_names import generated_names
from .peer_names import Names, of_version
from .test_public_names import MODULES_GONE, NAMES_GONE, OTHER_CLASS

CHANGES: Names = json.loads((Path(__file__).parent / "peer-names.json").read_text("utf-8"))
VERSIONS = sorted(
    {version for names in CHANGES.values() for each in names.values() for version in each}
)

# A reference that may be null is one here, as it is in the older client from 1.222.0 on. Before
# that, the older client made a model of it, with the fields of the one referred to.
OTHER_MODEL = {
    version: {"ResourcesCpu": "Resource", "ResourcesGpu": "NonNullResource"}
    for version in ("1.218.0", "1.219.0", "1.220.0", "1.221.1")
}
OTHER_MODEL["1.221.1"]["ResourcesNullableGpu"] = "NonNullResource"

# The document of 2.21 has `enforceRun:aiScheduler` in requests, which is a slip: in answers, and in
# all that came later, it is the name given here.
OTHER_FIELD = {"1.221.1": {"enforce_run_ai_scheduler": "enforce_runai_scheduler"}}

# The port of a distributed inference, whose own fields the older client lost.
MODELS_ADDED = {"1.222.0": {"DistributedInferenceCommonSpecAllOfServingPort"}}

# `model_extra` has what an object holds beside its fields.
FIELDS_GONE = {"additional_properties"}

# How the older client chose among alternatives.
INTERNAL = ("_schemas", "_validator")


def control_plane(version: str) -> str:
    """1.221.1 is of 2.21."""
    return f"2.{version.split('.')[1].removeprefix('2')}"


def test_versions() -> None:
    assert VERSIONS == ["1.218.0", "1.219.0", "1.220.0", "1.221.1", "1.222.0", "1.223.0"]
    found = [len(of_version(CHANGES, version)["operations"]) for version in VERSIONS]
    assert found == [246, 268, 305, 327, 335, 361]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_name_is_there_and_no_other(version: str) -> None:
    peer = of_version(CHANGES, version)
    ours = generated_names(generated(ROOT, control_plane(version)))
    assert list(differences(version, peer, ours)) == []


def differences(version: str, peer: Names, ours: Names) -> Iterator[str]:
    """A line for each name that differs without a reason."""
    earlier = {
        name
        for each in VERSIONS[: VERSIONS.index(version)]
        for name in of_version(CHANGES, each)["operations"]
    }
    # Methods that an earlier version had, and that keep their names here: all are deprecated.
    former = (earlier & set(ours["operations"])) - set(peer["operations"])
    for kind, allowed in (("operations", former), ("deprecated", former), ("enums", set[str]())):
        added = set(ours[kind]) - set(peer[kind])
        yield from (f"{kind}: {name} is new" for name in sorted(added - allowed))
        yield from compared(kind, peer[kind], ours[kind])
    yield from (f"{name} is not deprecated" for name in sorted(former - set(ours["deprecated"])))

    others = {**OTHER_CLASS, **OTHER_MODEL.get(version, {})}
    gone = set(OTHER_MODEL.get(version, {}))
    renamed: dict[str, Any] = OTHER_FIELD.get(version, {})
    added = set(ours["models"]) - set(peer["models"])
    if added != MODELS_ADDED.get(version, set()):
        yield f"models: {sorted(added)} are new"
    yield from (f"models: {name} is there" for name in gone & set(ours["models"]))
    yield from compared(
        "models",
        {
            others.get(name, name): sorted(
                renamed.get(each, each)
                for each in fields
                if each not in FIELDS_GONE and not each.endswith(INTERNAL)
            )
            for name, fields in peer["models"].items()
        },
        {name: sorted(fields) for name, fields in ours["models"].items()},
    )
    client = "runai.runai_client"
    lost = set(peer["modules"][client]) - set(ours["modules"][client]) - set(NAMES_GONE[client])
    yield from (f"{client} has no {name}" for name in sorted(lost))


def compared(kind: str, peer: dict[str, Any], ours: dict[str, Any]) -> Iterator[str]:
    """What the older client has, and what stands for it here."""
    for name, value in peer.items():
        if name not in ours:
            yield f"{kind}: {name} is gone"
        elif ours[name] != value:
            yield f"{kind}: {name} is {ours[name]}, was {value}"


def test_the_guide_lists_former_names_and_those_that_call_something_else_now() -> None:
    names = former_names(ROOT, newest_version(ROOT))
    now = {each.id: each for each in read(ROOT / "spec" / newest_version(ROOT)).operations.values()}
    guide = (ROOT / "docs" / "migrating.md").read_text("utf-8")
    _, _, section = guide.partition("\n## From older control planes\n")
    listed = re.findall(r"^\| `\w+\.\w+` \| .* \| 2\.\d\d \|$", section, re.MULTILINE)
    assert listed == [
        *(
            f"| `{each.before.id}` | `{each.now.id}` | {each.since} |"
            for each in names.free
            if each.now
        ),
        *(
            f"| `{each.before.id}` | `{each.before.method} {each.before.path}`"
            f" | `{now[each.before.id].method} {now[each.before.id].path}`"
            f" | {f'`{each.now.id}`' if each.now else 'gone'} | {each.since} |"
            for each in names.reused
        ),
    ]


@pytest.mark.parametrize("version", VERSIONS)
def test_modules_of_core_give_the_same_names(version: str) -> None:
    for module, names in of_version(CHANGES, version)["modules"].items():
        if module in MODULES_GONE or module == "runai.runai_client":
            continue
        found = importlib.import_module(module)
        for name in set(names) - set(NAMES_GONE.get(module, {})):
            assert hasattr(found, name), f"{module}.{name}"
