"""The comments in the programs are believed only as far as a checker agrees."""

from __future__ import annotations

import pytest

from .checkers import REVEALED, Finding
from .expectations import differences

PROGRAM = """\
reveal_type(answer)  # is: ApiResponse[Project]
get_projects(limit="10")  # error: arg-type | reportArgumentType | "limit"
get_projects()
"""
TYPE = Finding(1, REVEALED, "ApiResponse[Project]")
ERROR = Finding(2, "reportArgumentType", 'parameter "limit"')


def test_what_is_found_as_it_is_expected() -> None:
    assert list(differences(PROGRAM, "pyright", [TYPE, ERROR])) == []
    # It adds nothing to the error of the same line.
    echo = Finding(2, "reportUnknownMemberType", "partially unknown")
    assert list(differences(PROGRAM, "pyright", [TYPE, ERROR, echo])) == []


@pytest.mark.parametrize(
    ("checker", "findings", "line"),
    [
        ("pyright", [ERROR], 1),
        ("pyright", [Finding(1, REVEALED, "ApiResponse[Any]"), ERROR], 1),
        ("pyright", [TYPE], 2),
        ("pyright", [TYPE, Finding(2, "reportArgumentType", "another")], 2),
        ("mypy", [TYPE, ERROR], 2),
        ("pyright", [TYPE, ERROR, ERROR], 2),
        ("pyright", [TYPE, ERROR, Finding(3, "reportCallIssue", "")], 3),
        ("pyright", [TYPE, ERROR, Finding(3, "reportUnknownMemberType", "")], 3),
    ],
)
def test_what_differs(checker: str, findings: list[Finding], line: int) -> None:
    (difference,) = differences(PROGRAM, checker, findings)
    assert difference.startswith(f"line {line}:")
