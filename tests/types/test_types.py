"""What mypy and pyright find, on the installed wheels, in programs of users."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import every_operation, expectations
from .checkers import VIEWS, View
from .operations import operations

PROGRAMS = Path(__file__).parent / "programs"


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_what_a_checker_finds(view: View, everything: Path, tmp_path: Path) -> None:
    # 22 of them are former names.
    assert len(operations()) == 391 + 22
    programs = {path.name: path.read_text("utf-8") for path in PROGRAMS.glob("*.py")}
    clients = {f"every_operation_of_{client}.py": client for client in every_operation.RETURNED}
    for name, program in programs.items():
        (tmp_path / name).write_text(program, "utf-8")
    for name, client in clients.items():
        source = "\n".join(line for line, _ in every_operation.lines(client))
        (tmp_path / name).write_text(source, "utf-8")

    findings = view.of(everything, tmp_path)

    assert set(findings) <= {*programs, *clients}
    found = [
        *(
            (name, each)
            for name, program in sorted(programs.items())
            for each in expectations.differences(program, view.checker, findings[name])
        ),
        *(
            (name, each)
            for name, client in clients.items()
            for each in every_operation.differences(client, view.checker, findings[name])
        ),
    ]
    assert found == []
