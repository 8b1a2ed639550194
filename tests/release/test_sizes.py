"""The sizes in the documentation are those of what is built, near enough between two releases."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from runapy_tools.__main__ import main
from runapy_tools.image_sizes import PEER, image_table
from runapy_tools.imported import imported_versions

from ..environments import RELEASE, ROOT

DOCUMENT = ROOT / "docs" / "slim-images.md"
MARKED = "before\n<!-- begin sizes -->\nold\n<!-- end sizes -->\nafter\n"


def rows(table: str) -> dict[str, list[tuple[float, int]]]:
    """Megabytes and files by install: ours, with third parties, with the extra."""
    cells = re.findall(r"^\| `(runapy[\w.=-]*)` \| (.*) \|$", table, re.MULTILINE)
    found: dict[str, list[tuple[float, int]]] = {}
    for name, numbers in cells:
        values = numbers.split(" | ")
        found[name] = [
            (float(size), int(files)) for size, files in zip(values[::2], values[1::2], strict=True)
        ]
    return found


def sizes(table: str) -> dict[str, tuple[float, int]]:
    """What is ours, or the other client's own."""
    return {name: each[0] for name, each in rows(table).items()}


@pytest.fixture(scope="module")
def table(wheelhouse: Path) -> str:
    once = ("runapy_core-", "runapy_testing-")
    newest = [
        path
        for path in wheelhouse.iterdir()
        if f"-{RELEASE}." in path.name or path.name.startswith(once)
    ]
    return image_table(newest)


def test_the_document_has_the_sizes(table: str) -> None:
    built, written = sizes(table), sizes(DOCUMENT.read_text("utf-8"))
    assert set(written) == set(built)
    assert len(built) == 12
    for name, (size, files) in built.items():
        assert written[name][0] == pytest.approx(size, rel=0.15), name
        assert written[name][1] == pytest.approx(files, rel=0.15), name


def test_an_install_weighs_more_than_what_it_needs(table: str) -> None:
    built = sizes(table)
    core, everything, peer = (built.pop(each) for each in ("runapy-core", "runapy", PEER))
    assert len(built) == 9
    for size, files in built.values():
        assert core[0] < size < everything[0]
        assert core[1] < files < everything[1]
    assert everything[0] < peer[0] / 3
    assert everything[1] < peer[1]


def test_third_parties_weigh_the_same_for_all(table: str) -> None:
    found = rows(table)
    (whole, plain, more), peer = found.pop("runapy"), found.pop(PEER)
    # It brings aiohttp, as the other client does.
    assert plain == more
    assert peer[0] < peer[1] == peer[2]
    extra = [each[2][0] - each[1][0] for each in found.values()]
    third = [each[1][0] - each[0][0] for each in found.values()]
    # Both sides of a difference were rounded to hundredths.
    assert extra == pytest.approx([extra[0]] * len(found), abs=0.021)
    assert third == pytest.approx([third[0]] * len(found), abs=0.021)
    assert plain[0] == pytest.approx(whole[0] + third[0] + extra[0], abs=0.2)


def test_the_document_says_where_third_parties_were_weighed(table: str) -> None:
    pattern = r"^Third parties as they were on \d{4}-\d\d-\d\d, on \w+ \w+ with Python [\d.]+\.$"
    for text in (table, DOCUMENT.read_text("utf-8")):
        assert len(re.findall(pattern, text, re.MULTILINE)) == 1


def test_a_table_is_of_one_control_plane(wheelhouse: Path) -> None:
    with pytest.raises(ValueError, match=r"^the table is of one control plane; there are"):
        image_table(wheelhouse.iterdir())


@pytest.mark.parametrize("control_plane", ["all", imported_versions(ROOT)[0]])
def test_the_table_is_of_the_newest(
    control_plane: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = tmp_path / "page.md"
    document.write_text(MARKED)
    output = tmp_path / "dist"
    command = ["build", "--out", str(output), "--write-sizes", str(document)]
    assert main(["--root", str(ROOT), *command, "--control-plane", control_plane]) == 1
    assert capsys.readouterr().err == (
        "runapy-tools build: --write-sizes is of the newest control plane alone:"
        " leave --control-plane out\n"
    )
    assert document.read_text() == MARKED
    assert not output.exists()
